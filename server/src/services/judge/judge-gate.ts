/** The judge behind its start: the server listens at once, whoever needs the judge before it is warm waits here. */
import type { FastifyBaseLogger } from "fastify";
import { ApiFailure } from "../../errors.ts";
import type { JudgeService, JudgeState } from "./judge-service.ts";

export class JudgeGate {
  readonly #judge: JudgeService;
  readonly #log: FastifyBaseLogger;
  readonly #opened = Promise.withResolvers<void>();
  #state: JudgeState = "starting";

  constructor(judge: JudgeService, log: FastifyBaseLogger) {
    this.#judge = judge;
    this.#log = log;
  }

  get state(): JudgeState {
    return this.#state;
  }

  get isWarm(): boolean {
    return this.#state === "ready" && this.#judge.isWarm;
  }

  get workers(): number {
    return this.#judge.workers;
  }

  /** Starts the judge; resolves with true when it is ready, with false (and a line in the log) when it cannot be. */
  async open(): Promise<boolean> {
    try {
      await this.#judge.start();
      this.#state = "ready";
    } catch (error) {
      this.#log.error({ err: error }, "the judge could not be started");
      this.#state = "failed";
    }
    this.#opened.resolve();
    return this.#state === "ready";
  }

  /** Asks the judge once it is ready. When it fails it is asked a second time; then the caller gets JUDGE_UNAVAILABLE. */
  async ask<T>(question: (judge: JudgeService) => Promise<T>): Promise<T> {
    await this.#opened.promise;
    if (this.#state === "failed") throw new ApiFailure("JUDGE_UNAVAILABLE");
    try {
      return await question(this.#judge);
    } catch (error) {
      this.#log.warn({ err: error }, "the judge failed and is asked again");
    }
    try {
      return await question(this.#judge);
    } catch (error) {
      throw new ApiFailure("JUDGE_UNAVAILABLE", undefined, { cause: error });
    }
  }

  /** Lets those who wait go, with an error. */
  async close(): Promise<void> {
    this.#state = "failed";
    this.#opened.resolve();
    try {
      await this.#judge.close();
    } catch (error) {
      this.#log.warn({ err: error }, "the judge did not close cleanly");
    }
  }
}
