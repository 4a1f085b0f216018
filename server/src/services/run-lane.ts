/** The interactive lane: runs and checks of people who look at the screen. A few at a time, a bounded line before them, first come first served. */
import { ApiFailure } from "../errors.ts";

interface Waiting {
  /** The one who asked has left. */
  readonly isAbandoned: () => boolean;
  readonly begin: () => void;
  readonly refuse: (reason: ApiFailure) => void;
}

export interface RunLaneOptions {
  readonly atOnce: number;
  readonly maxWaiting: number;
  /** What is said when no more may wait. Default: of programs. */
  readonly full?: string;
}

export class RunLane {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #full: string;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor({ atOnce, maxWaiting, full = "Too many programs are waiting to run." }: RunLaneOptions) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
    this.#full = full;
  }

  /** Does `work` when it is its turn; rejects with QUEUE_FULL. Work whose asker has left before its turn is never begun. */
  async run<T>(work: () => Promise<T>, isAbandoned: () => boolean): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#turn(isAbandoned);
    else this.#running++;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn(isAbandoned: () => boolean): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) throw new ApiFailure("QUEUE_FULL", this.#full);
    return new Promise((begin, refuse) => {
      this.#waiting.push({ isAbandoned, begin, refuse });
    });
  }

  /** Hands the free place on, or gives it up. */
  #next(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.isAbandoned()) {
        next.begin();
        return;
      }
      next.refuse(new ApiFailure("QUEUE_FULL", "The request was closed while it waited."));
    }
    this.#running--;
  }
}
