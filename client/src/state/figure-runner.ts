/** Has a lesson's figures run by a worker beside the page. The worker begins with the first figure and ends with the page. */
import type { LessonFigure } from "@millrace/server/contract";
import type { Recording } from "@millrace/engine/sim";
import type { FigureAnswer, FigureRequest } from "../workers/run-figure.ts";

/** What a runner needs of a worker. */
export interface RunningWorker {
  onmessage: ((message: MessageEvent<FigureAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: FigureRequest): void;
  terminate(): void;
}

interface Waiting {
  readonly resolve: (recording: Recording) => void;
  readonly reject: (error: Error) => void;
}

export class FigureRunner {
  readonly #start: () => RunningWorker;
  #worker: RunningWorker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(start: () => RunningWorker) {
    this.#start = start;
  }

  /** Rejects with a sentence when the script has a mistake, the job fails before anything is recorded, or the worker cannot be loaded. */
  run({ sql, world }: Pick<LessonFigure, "sql" | "world">): Promise<Recording> {
    this.#worker ??= this.#started();
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<Recording>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, sql, world });
    return promise;
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting.clear();
  }

  #started(): RunningWorker {
    const worker = this.#start();
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.kind === "ran") waiting?.resolve(data.recording);
      else waiting?.reject(new Error(data.message));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message ?? ""));
      this.#waiting.clear();
    };
    return worker;
  }
}
