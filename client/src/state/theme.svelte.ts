/** Light or dark: the system's choice until the reader makes one. */
import { browserStore, type KeyValueStore } from "./storage.ts";

export type ThemeName = "light" | "dark";

export class Theme {
  #chosen = $state<ThemeName | null>(null);
  #system = $state<ThemeName>("light");
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
    const kept = store.get("theme");
    if (kept === "light" || kept === "dark") this.#chosen = kept;
  }

  get name(): ThemeName {
    return this.#chosen ?? this.#system;
  }

  get other(): ThemeName {
    return this.name === "dark" ? "light" : "dark";
  }

  /** Follows the system. Called once, by main.ts. */
  start(): void {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.#system = dark.matches ? "dark" : "light";
    dark.addEventListener("change", () => {
      this.#system = dark.matches ? "dark" : "light";
    });
  }

  toggle(): void {
    this.#chosen = this.other;
    this.#store.set("theme", this.#chosen);
    document.documentElement.dataset.theme = this.#chosen;
  }
}

export const theme = new Theme(browserStore);
