/** What is asked of a changed run, and what it tells. Plain JSON; see `changed-run.ts`. */
import type { DiagnosticData } from "@millrace/engine";
import type { Recording, World } from "@millrace/engine/sim";
import type { WorldUpgrade } from "../plan/expand.ts";
import type { PlacedRecord } from "../plan/world-changes.ts";
import type { Verdict } from "./verdict.ts";

/** A world that may be changed: a sample by its place among them (from 0), or one that was shown with a verdict. */
export type ChangeableWorld = { readonly sample: number } | ShownWorld;

/** The smallest world of an explanation, kept so that it can be run again. It stays with the judge; what may be seen of it is in the explanation. */
export interface ShownWorld {
  readonly world: World;
  readonly upgrade: WorldUpgrade | null;
}

export interface ChangedRun {
  /** What ended the run before its time; null = it came to its end. Whether its output is right nobody has asked. */
  readonly ended: Verdict | null;
  /** A sentence about that; "" when it came to its end. */
  readonly headline: string;
  readonly diagnostics: readonly DiagnosticData[];
  /** Where the records of the changed world lie, by topic, in the order in which they arrive. */
  readonly records: readonly PlacedRecord[];
  readonly recording: Recording | null;
  readonly ranInMs: number;
}

export type ChangedRunAnswer =
  | { readonly kind: "ran"; readonly run: ChangedRun }
  /** The changes do not fit the world; `change` is the index of the first that does not, null = there is no such world. */
  | { readonly kind: "refused"; readonly change: number | null; readonly message: string };
