/** What runs inside an isolate (or as a plain script in Node): the engine, the jobs and the yardsticks, reachable through one global. */
import type { CorePart, TablesFunction } from "../../bundle/bundle-parts.ts";
import { CORE_WORK, type Work, type WorkName, type WorkSize, workCalled } from "../work.ts";
import { wordCount } from "../word-count.ts";
import type * as tables from "./guest-tables.ts";

const works: Partial<Record<WorkName, Work>> = { ...CORE_WORK };
let wordQuery: typeof tables.wordQuery | null = null;

const guest = {
  /** Runs the work to its end; `size` is a `WorkSize` as JSON. Returns the number of output rows. */
  work: (name: WorkName, size: string): number => workCalled(name, works)(JSON.parse(size) as WorkSize),
  wordCount,
  wordQuery(emit: (row: string) => void): number {
    if (wordQuery === null) throw new Error("the tables have not been attached");
    return wordQuery(emit);
  },
  /** Takes the value of the second script: SQL. */
  attach(part: TablesFunction): void {
    const { SQL_WORK, wordQuery: query } = part(globalThis.bench.part.shared).exports as unknown as typeof tables;
    Object.assign(works, SQL_WORK);
    wordQuery = query;
  },
};

/** `part` is put there by the bundler. */
export type Guest = typeof guest & { readonly part: CorePart };

declare global {
  var bench: Guest;
}

globalThis.bench = guest as Guest;
