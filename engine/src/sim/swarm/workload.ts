/** What a swarm of worlds is drawn for: the topics a job reads and writes, and what its result may not depend on. */
import type { ServiceDescription } from "../../connectors/service/service-description.ts";
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";
import type { Prng } from "../../base/prng.ts";
import type { Arrival, Fault } from "../world.ts";

/** One thing that happened, as a swarm draws it. */
export interface SwarmEvent {
  readonly key: string;
  /** Unique in its topic, but for duplicates. */
  readonly id: number;
  /** 1 to 9. */
  readonly amount: number;
  /** Event time, epoch ms. */
  readonly atMs: number;
}

/** A topic that the job reads. */
export interface SwarmInput {
  readonly topic: string;
  /** Share of the workload's usual number of events; absent = 1. */
  readonly share?: number;
  /** What lies in the topic for an event; absent = the event itself. */
  readonly toValue?: (event: SwarmEvent) => unknown;
}

/** A system into which others put what the job reads: what happens there is drawn as for a topic. */
export interface DrawnSystem {
  readonly name: string;
  /** Share of the workload's usual number of events; absent = 1. */
  readonly share?: number;
  /** @param events by time; a partition stands for a writer. @param random for whatever else there is to draw. */
  describe(events: readonly Arrival[], random: Prng): SystemDescription;
}

export interface SwarmWorkload {
  readonly inputs: readonly SwarmInput[];
  /** Topics that the job writes. */
  readonly outputs: readonly string[];
  /** Systems that the job writes: all they hold in the end counts as its output. Absent = none. */
  readonly outputSystems?: readonly string[];
  readonly services?: readonly ServiceDescription[];
  /** Each is struck by what strikes its kind (`draw-system-faults.ts`). */
  readonly systems?: readonly (SystemDescription | DrawnSystem)[];
  /** Faults that change what the job has to give, or that its sinks do not promise to survive. Absent = none. */
  readonly unfit?: readonly Fault["kind"][];
  /** Faults of its systems that it cannot survive, by their word. Absent = none. */
  readonly unfitForSystems?: readonly string[];
  /** Faults of its own that may be drawn besides, without their triggers. */
  readonly ownFaults?: readonly OwnFault[];
  /** Settings that the job needs; they replace what is drawn. */
  readonly configuration?: Readonly<Record<string, string>>;
}

/** A fault whose trigger the swarm draws. */
export type OwnFault =
  | Omit<Extract<Fault, { readonly kind: "broker" }>, "when">
  | Omit<Extract<Fault, { readonly kind: "system" }>, "when">;
