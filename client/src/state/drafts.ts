/** The learner's texts, kept in the browser per problem and file until they are reset. */
import type { Language } from "@millrace/server/contract";
import type { KeyValueStore } from "./storage.ts";

/** The solution in a language, or the module of functions beside a SQL script. */
export type DraftFile = Language | "functions";

export class Drafts {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  read(problem: string, file: DraftFile): string | null {
    return this.#store.get(key(problem, file));
  }

  /** False when the browser does not keep it. */
  write(problem: string, file: DraftFile, text: string): boolean {
    return this.#store.set(key(problem, file), text);
  }

  remove(problem: string, file: DraftFile): void {
    this.#store.remove(key(problem, file));
  }
}

function key(problem: string, file: DraftFile): string {
  return `draft.${problem}.${file}`;
}
