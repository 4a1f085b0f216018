/** The problem list with its filters. The last list stays in the browser, so that a server that is away does not leave an empty page. */
import type { ProblemKind, ProblemList, ProblemSummary, SectionSummary } from "@millrace/server/contract";
import type { Api } from "../api/client.ts";
import { sentenceOf } from "../api/client.ts";
import { texts } from "../texts/en.ts";
import type { KeyValueStore } from "./storage.ts";

export const PROBLEM_STATUSES = ["solved", "tried", "new"] as const;
export type ProblemStatus = (typeof PROBLEM_STATUSES)[number];

export interface Filters {
  readonly search: string;
  readonly section: number | null;
  readonly kind: ProblemKind | null;
  /** 1 to 5. */
  readonly difficulty: number | null;
  readonly topic: string | null;
  readonly status: ProblemStatus | null;
}

export interface SectionProgress extends SectionSummary {
  readonly solved: number;
  readonly total: number;
}

/** A filter to drop, and how many problems that would show. */
export interface Relaxation {
  readonly filters: Filters;
  readonly name: string;
  readonly found: number;
}

export const NO_FILTERS: Filters = { search: "", section: null, kind: null, difficulty: null, topic: null, status: null };

const CACHE_KEY = "catalogue";

export class Catalogue {
  #list = $state.raw<ProblemList | null>(null);
  #cachedAtMs = $state<number | null>(null);
  #error = $state<string | null>(null);
  #loading = $state(false);
  #filters = $state.raw<Filters>(NO_FILTERS);
  readonly #api: Pick<Api, "problems">;
  readonly #store: KeyValueStore;
  readonly #now: () => number;

  readonly problems: readonly ProblemSummary[] = $derived(this.#list?.problems ?? []);
  readonly shown: readonly ProblemSummary[] = $derived(filtered(this.problems, this.#filters));
  readonly sections: readonly SectionProgress[] = $derived(
    (this.#list?.sections ?? [])
      .map((section) => {
        const inside = this.problems.filter((p) => p.section === section.number);
        return { ...section, total: inside.length, solved: inside.filter((p) => statusOf(p) === "solved").length };
      })
      .filter((section) => section.total > 0),
  );

  constructor(api: Pick<Api, "problems">, store: KeyValueStore, now: () => number = Date.now) {
    this.#api = api;
    this.#store = store;
    this.#now = now;
  }

  get loading(): boolean {
    return this.#loading;
  }

  /** Why there is no fresh list. */
  get error(): string | null {
    return this.#error;
  }

  /** Set when the list shown is an old one. */
  get cachedAtMs(): number | null {
    return this.#cachedAtMs;
  }

  get loaded(): boolean {
    return this.#list !== null;
  }

  get filters(): Filters {
    return this.#filters;
  }

  set filters(filters: Filters) {
    this.#filters = filters;
  }

  get solved(): number {
    return this.problems.filter((p) => statusOf(p) === "solved").length;
  }

  get kinds(): readonly ProblemKind[] {
    return [...new Set(this.problems.map((p) => p.kind))];
  }

  /** Difficulties that there are, the easiest first. */
  get difficulties(): readonly number[] {
    return [...new Set(this.problems.map((p) => p.difficulty))].sort((a, b) => a - b);
  }

  get topics(): readonly string[] {
    return [...new Set(this.problems.flatMap((p) => p.topics))].sort((a, b) => a.localeCompare(b, "en"));
  }

  /** What to go on with: a tried problem that is not solved, else the next new one; a new learner begins with the easiest. */
  get next(): ProblemSummary | null {
    const tried = this.problems.find((p) => statusOf(p) === "tried");
    if (tried !== undefined) return tried;
    const fresh = this.problems.filter((p) => statusOf(p) === "new");
    if (this.solved > 0 || fresh.length === 0) return fresh[0] ?? null;
    return fresh.reduce((easiest, p) => (p.difficulty < easiest.difficulty ? p : easiest));
  }

  /** Where no problem matches: the single filter whose removal shows most. */
  get relaxation(): Relaxation | null {
    const f = this.#filters;
    const options: { filters: Filters; name: string }[] = [];
    if (f.search !== "") options.push({ filters: { ...f, search: "" }, name: `“${f.search}”` });
    if (f.kind !== null) options.push({ filters: { ...f, kind: null }, name: texts.kinds[f.kind] ?? f.kind });
    if (f.difficulty !== null) options.push({ filters: { ...f, difficulty: null }, name: texts.difficulty(f.difficulty) });
    if (f.topic !== null) options.push({ filters: { ...f, topic: null }, name: f.topic });
    if (f.status !== null) options.push({ filters: { ...f, status: null }, name: texts.catalogue.statuses[f.status] });
    if (f.section !== null) {
      options.push({
        filters: { ...f, section: null },
        name: this.sections.find((s) => s.number === f.section)?.title ?? String(f.section),
      });
    }
    const counted = options.map((o) => ({ ...o, found: filtered(this.problems, o.filters).length })).filter((o) => o.found > 0);
    counted.sort((a, b) => b.found - a.found);
    if (counted.length > 0) return counted[0];
    return options.length === 0 ? null : { filters: NO_FILTERS, name: options.map((o) => o.name).join(", "), found: this.problems.length };
  }

  async load(): Promise<void> {
    this.#loading = true;
    try {
      const list = await this.#api.problems();
      this.#list = list;
      this.#cachedAtMs = null;
      this.#error = null;
      this.#store.set(CACHE_KEY, JSON.stringify({ atMs: this.#now(), list }));
    } catch (error) {
      this.#error = sentenceOf(error);
      if (this.#list === null) this.#readCache();
    } finally {
      this.#loading = false;
    }
  }

  #readCache(): void {
    const text = this.#store.get(CACHE_KEY);
    if (text === null) return;
    try {
      const cached = JSON.parse(text) as { atMs: number; list: ProblemList };
      this.#list = cached.list;
      this.#cachedAtMs = cached.atMs;
    } catch {
      this.#store.remove(CACHE_KEY);
    }
  }
}

export function statusOf(problem: ProblemSummary): ProblemStatus {
  if (problem.lastVerdict === null && problem.bestScore === null) return "new";
  return problem.lastVerdict === "accepted" ? "solved" : "tried";
}

function filtered(problems: readonly ProblemSummary[], filters: Filters): readonly ProblemSummary[] {
  const words = filters.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return problems.filter((p) => {
    if (filters.section !== null && p.section !== filters.section) return false;
    if (filters.kind !== null && p.kind !== filters.kind) return false;
    if (filters.difficulty !== null && p.difficulty !== filters.difficulty) return false;
    if (filters.topic !== null && !p.topics.includes(filters.topic)) return false;
    if (filters.status !== null && statusOf(p) !== filters.status) return false;
    if (words.length === 0) return true;
    const text = [p.title, p.id, p.kind, ...p.topics, ...p.covers, ...p.languages].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
