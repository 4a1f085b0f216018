/** The catalogue's filters as the query of its address: a link shows the same list. What is not understood is left out. */
import type { ProblemKind } from "@millrace/server/contract";
import { type Filters, NO_FILTERS, PROBLEM_STATUSES } from "./catalogue.svelte.ts";

const KINDS: readonly ProblemKind[] = ["datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"];

export function readCatalogueAddress(query: string): Filters {
  const given = new URLSearchParams(query);
  const number = (name: string, digits: RegExp) => {
    const text = given.get(name) ?? "";
    return digits.test(text) ? Number(text) : null;
  };
  return {
    search: given.get("q") ?? "",
    section: number("section", /^\d{1,4}$/),
    kind: KINDS.find((kind) => kind === given.get("kind")) ?? null,
    difficulty: number("difficulty", /^[1-5]$/),
    topic: given.get("topic") || null,
    status: PROBLEM_STATUSES.find((status) => status === given.get("status")) ?? null,
  };
}

/** "" without filters, else with "?" in front. */
export function writeCatalogueAddress({ search, section, kind, difficulty, topic, status }: Filters): string {
  const query = new URLSearchParams();
  if (search !== NO_FILTERS.search) query.set("q", search);
  const more = { section, kind, difficulty, topic, status };
  for (const [name, value] of Object.entries(more)) if (value !== null) query.set(name, String(value));
  return query.size === 0 ? "" : `?${query}`;
}
