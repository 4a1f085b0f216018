/**
 * A world that stays open: jobs run in it one after the other, as a session submits them, and each finds outside what those before it have left.
 * Whoever holds it looks at the tables of its values store in between.
 */
import { ValuesStore } from "../connectors/values/values-store.ts";
import { VALUES } from "../connectors/values/values-sink.ts";
import type { JobProgram } from "../graph/stream-graph.ts";
import type { RunOutcome } from "./outcome.ts";
import type { RunOptions } from "./run.ts";
import { WorldRun } from "./run-world.ts";
import type { World, WorldEnd } from "./world.ts";

export interface OpenWorldJob {
  readonly program: JobProgram;
  /** `parallelism.default`; absent = the world's. */
  readonly parallelism?: number;
  /** Absent = as the world ends. */
  readonly end?: WorldEnd;
}

export class OpenWorld {
  private readonly world: World;
  private readonly run: WorldRun;
  private readonly store: ValuesStore;

  /** A values store is added to the world's systems. */
  constructor(world: World, options: RunOptions = {}) {
    this.world = { ...world, systems: [...(world.systems ?? []), { kind: "values", name: VALUES }] };
    this.run = new WorldRun(this.world, options);
    this.store = this.run.system(VALUES, ValuesStore);
  }

  /** Runs a job from its start to its end. */
  job({ program, parallelism, end }: OpenWorldJob): RunOutcome {
    const ending = this.run.job({ program, parallelism, end: end ?? this.world.end, restore: null, lastInWorld: true });
    return this.run.outcome(ending);
  }

  /** Virtual time, epoch ms. */
  currentMs(): number {
    return this.run.loop.currentMs();
  }

  /** What sinks have committed to a table of the values store. */
  rows(table: string): readonly (readonly unknown[])[] {
    return this.store.rows(table);
  }

  /** Takes the table away; what was in it is given back. */
  take(table: string): readonly (readonly unknown[])[] {
    return this.store.take(table);
  }
}
