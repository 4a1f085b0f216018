/** The learner's texts, kept in the browser per problem and language until they are reset. */
import type { Language } from "@millrace/server/contract";
import type { KeyValueStore } from "./storage.ts";

export class Drafts {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  read(problem: string, language: Language): string | null {
    return this.#store.get(key(problem, language));
  }

  /** False when the browser does not keep it. */
  write(problem: string, language: Language, text: string): boolean {
    return this.#store.set(key(problem, language), text);
  }

  remove(problem: string, language: Language): void {
    this.#store.remove(key(problem, language));
  }
}

function key(problem: string, language: Language): string {
  return `draft.${problem}.${language}`;
}
