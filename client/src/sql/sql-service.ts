/**
 * The page's one SQL worker, for two who ask it: the check at every key, and the editor's questions about the language. Who edits a script offers the worker here;
 * the editor, a chunk of its own, finds it here.
 */
import type { CheckingWorker } from "../state/sql-checker.ts";
import type { SqlCheckAnswer, SqlCheckRequest } from "../workers/sql-diagnostics.ts";
import type { SqlAnswers, SqlLanguageAnswer, SqlLanguageRequest, SqlQuestion } from "../workers/sql-language-messages.ts";

/** What a service needs of a worker. */
export interface AnsweringWorker {
  onmessage: ((message: MessageEvent<SqlCheckAnswer | SqlLanguageAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: SqlCheckRequest | SqlLanguageRequest): void;
  terminate(): void;
}

export class SqlService implements CheckingWorker {
  onmessage: CheckingWorker["onmessage"] = null;
  onerror: CheckingWorker["onerror"] = null;
  readonly #worker: AnsweringWorker;
  readonly #waiting = new Map<number, (answer: SqlLanguageAnswer["answer"] | null) => void>();
  #last = 0;

  constructor(worker: AnsweringWorker) {
    this.#worker = worker;
    worker.onmessage = (message) => {
      const { data } = message;
      if ("diagnostics" in data) {
        this.onmessage?.(message as MessageEvent<SqlCheckAnswer>);
        return;
      }
      this.#waiting.get(data.id)?.(data.answer);
      this.#waiting.delete(data.id);
    };
    worker.onerror = (event) => {
      this.#giveUp();
      this.onerror?.(event);
    };
  }

  postMessage(request: SqlCheckRequest): void {
    this.#worker.postMessage(request);
  }

  /** null = the worker is gone. */
  ask<K extends SqlQuestion["ask"]>(question: Extract<SqlQuestion, { ask: K }>): Promise<SqlAnswers[K] | null> {
    const id = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<SqlLanguageAnswer["answer"] | null>();
    this.#waiting.set(id, resolve);
    this.#worker.postMessage({ id, question });
    return promise as Promise<SqlAnswers[K] | null>;
  }

  terminate(): void {
    this.#worker.terminate();
    this.#giveUp();
  }

  #giveUp(): void {
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}

/** Who answers about the script that is edited now; null = nobody. */
let serving: { readonly service: SqlService; readonly given: string } | null = null;

export function serveSql(service: SqlService | null, given: string): void {
  serving = service === null ? null : { service, given };
}

export function servedSql(): { readonly service: SqlService; readonly given: string } | null {
  return serving;
}
