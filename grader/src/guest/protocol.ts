/**
 * What passes between grading process and isolate: one JSON string in, one JSON string out. The guest holds at most one program, set
 * by `load`, and runs it in any number of worlds.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { MissingCondition, RunOutcome, World } from "@millrace/engine/sim";
import type { WorldUpgrade } from "../plan/expand.ts";

/** A program as the guest needs it. */
export type ProgramSource =
  | {
      readonly language: "datastream";
      readonly code: GuestScript;
      /** What `require` gives besides "flink": CommonJS for modules, parsed JSON for data, by specifier ("./given"). */
      readonly modules: Readonly<Record<string, GuestModule>>;
    }
  | {
      readonly language: "sql";
      readonly script: string;
      readonly given: string;
      readonly topics: readonly string[];
      /** The learner's module of functions; absent = none. */
      readonly functions?: AuthorModule;
    };

export type GuestRequest =
  | (ProgramSource & {
      readonly kind: "load";
      /** Version 1 of an upgrade, which the problem gives. */
      readonly predecessor?: ProgramSource;
    })
  | {
      readonly kind: "run";
      readonly world: World;
      readonly record: boolean;
      readonly maxRecordingEvents: number;
      readonly maxChars: number;
      /** False: the outcome's metrics, which are half of it, stay out. Default true. */
      readonly metrics?: boolean;
      /** Absent = the job starts empty and its savepoint is not kept. */
      readonly savepoint?: SavepointRequest;
      /** The loaded program takes over from its predecessor. */
      readonly upgrade?: WorldUpgrade;
    }
  /** Nothing more than loading. */
  | { readonly kind: "check" }
  /** The loaded program's plan as text, for a cluster whose jobs have this parallelism unless they say otherwise. */
  | { readonly kind: "explain"; readonly parallelism: number }
  /** Crashes the loaded program at each of its points, with or without one of the conditions of exactly-once. */
  | { readonly kind: "crashPoints"; readonly world: World; readonly missing: MissingCondition }
  /** Calls `export default` of an author's generate.ts. */
  | { readonly kind: "generate"; readonly module: AuthorModule; readonly params: unknown; readonly seed: number }
  /** Calls `export default` of an author's checker.ts. */
  | { readonly kind: "compare"; readonly module: AuthorModule; readonly input: unknown }
  /** Calls `export default` of a bundled solver for a trace question. */
  | { readonly kind: "solve"; readonly module: AuthorModule; readonly form: unknown; readonly world: World }
  /** Runs the loaded program recorded and hands the run to `trace` of an author's trace.ts. */
  | { readonly kind: "trace"; readonly module: AuthorModule; readonly world: World };

/** What a run has to do with savepoints, which are texts here (engine: sim/savepoint-file.ts). */
export interface SavepointRequest {
  /** Start from this one; null = empty. */
  readonly from: string | null;
  readonly allowNonRestoredState: boolean;
  /** Give the last one back. */
  readonly keep: boolean;
}

/** CommonJS with the mappings of its source map; see compile/script.ts. */
export interface GuestScript {
  readonly script: string;
  readonly mappings: string;
}

export interface GuestModule {
  readonly kind: "script" | "json";
  readonly text: string;
}

export interface AuthorModule {
  readonly file: string;
  readonly code: GuestScript;
  readonly modules: Readonly<Record<string, GuestModule>>;
}

export type GuestAnswer =
  | { readonly kind: "loaded" }
  /** The program needs the tables, which the isolate does not have: attach them and ask again. Nothing has happened. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "outcome"; readonly outcome: RunOutcome; readonly console: readonly string[]; readonly savepoint: string | null }
  | { readonly kind: "value"; readonly value: unknown }
  /** The answer would be longer than `maxChars`. */
  | { readonly kind: "tooLarge"; readonly chars: number }
  /** A mistake in the learner's or the author's code. */
  | { readonly kind: "mistake"; readonly diagnostic: DiagnosticData; readonly others?: readonly DiagnosticData[] }
  /** Our own bug. */
  | { readonly kind: "broken"; readonly message: string };
