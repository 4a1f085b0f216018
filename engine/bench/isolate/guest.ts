/** What runs inside an isolate (or as a plain script in Node): the engine, the jobs and the yardsticks, reachable through one global. */
import { WORK, type WorkName, type WorkSize } from "../work.ts";
import { wordCount } from "../word-count.ts";

const guest = {
  /** Runs the work to its end; `size` is a `WorkSize` as JSON. Returns the number of output rows. */
  work: (name: WorkName, size: string): number => WORK[name](JSON.parse(size) as WorkSize),
  wordCount,
};

export type Guest = typeof guest;

declare global {
  var bench: Guest;
}

globalThis.bench = guest;
