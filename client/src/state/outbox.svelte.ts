/** Sends a submission and, while the server is away, keeps it and counts down to the next try. */
import type { SubmissionBody, SubmissionSummary } from "@millrace/server/contract";
import { type Api, ApiFailure } from "../api/client.ts";
import { adviceOf } from "../api/failure.ts";

export interface Parcel {
  readonly problem: string;
  readonly answer: SubmissionBody;
}

/** When the server says nothing better. */
export const RETRY_SECONDS = 8;

export class Outbox {
  #sending = $state(false);
  #retryIn = $state<number | null>(null);
  #reason = $state<string | null>(null);
  #refusal = $state<string | null>(null);
  #parcel: Parcel | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #api: Pick<Api, "submit">;
  readonly #delivered: (submission: SubmissionSummary) => void;

  constructor(api: Pick<Api, "submit">, delivered: (submission: SubmissionSummary) => void) {
    this.#api = api;
    this.#delivered = delivered;
  }

  get sending(): boolean {
    return this.#sending;
  }

  /** Seconds until the next try; null = not waiting. */
  get retryIn(): number | null {
    return this.#retryIn;
  }

  /** What the server says of why it has to wait; null = nothing, it is away. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Why the server does not want it. */
  get refusal(): string | null {
    return this.#refusal;
  }

  async send(parcel: Parcel): Promise<void> {
    if (this.#sending) return;
    this.cancel();
    this.#parcel = parcel;
    this.#refusal = null;
    this.#sending = true;
    try {
      const submission = await this.#api.submit(parcel.problem, parcel.answer);
      this.#parcel = null;
      this.#delivered(submission);
    } catch (error) {
      if (error instanceof ApiFailure && error.away) this.#wait(error);
      else this.#refusal = adviceOf(error);
    } finally {
      this.#sending = false;
    }
  }

  /** Does not wait for the countdown. */
  async sendNow(): Promise<void> {
    if (this.#parcel !== null) await this.send(this.#parcel);
  }

  cancel(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#retryIn = null;
  }

  #wait({ message, retryAfterS }: ApiFailure): void {
    this.#reason = retryAfterS === null ? null : message;
    this.#retryIn = retryAfterS ?? RETRY_SECONDS;
    this.#timer = setInterval(() => {
      this.#retryIn = (this.#retryIn ?? 1) - 1;
      if (this.#retryIn <= 0) void this.sendNow();
    }, 1_000);
  }
}
