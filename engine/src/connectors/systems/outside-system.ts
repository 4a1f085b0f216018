/**
 * What every simulated system outside the cluster has in common: a database, a table format, an index, a file system. (The log broker
 * is older and has a place of its own: `World.topics`.)
 *
 * A world describes its systems as plain data (`World.systems`), each with a `kind` and a name. When a run starts, the factory of that
 * kind makes the system; connectors reach it by name through `systemsOf(outside)`. Systems live outside the cluster: task managers
 * crash, they stay. Time and chance come from the host alone. When the run has ended, `outcome()` says what is in the system.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { invariant } from "../../base/invariant.ts";
import type { Prng } from "../../base/prng.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import type { LogBroker } from "../log/log-broker.ts";
import { nearestName } from "../log/nearest-name.ts";

/** Virtual time as a system sees it. */
export interface SystemClock {
  currentMs(): number;
  schedule(atMs: number, callback: () => void): { cancel(): void };
}

/** Told what happens in a system, for recordings and fingerprints. Changes nothing. */
export interface SystemObserver {
  /** `what` is one of the system's own words (`commit`, `prepare`, `slotAdvanced` …), `detail` plain JSON. */
  systemEvent(system: OutsideSystem, what: string, detail: Readonly<Record<string, unknown>>): void;
}

/** What a system gets from the run that it belongs to. */
export interface SystemHost {
  readonly clock: SystemClock;
  /** The system's own source of chance: one more system changes no other. */
  readonly random: Prng;
  readonly observer: SystemObserver;
  /** For systems that write to the log or read it. */
  readonly broker: LogBroker;
  /** The world's other systems; not before all are made. */
  readonly systems: OutsideSystems;
}

/** One system of a world. */
export interface OutsideSystem {
  readonly kind: string;
  readonly name: string;
  /** False while it will still do something by itself that the world wants to see done before it drains the job. Absent = it only answers. */
  readonly atRest?: boolean;
  /** Its contents at the end of a run, as plain JSON. */
  outcome(): unknown;
  /** A fault of the world strikes it. What may be in `action` is the system's own; it throws an Error for an action that it does not know. */
  strike(action: SystemAction): void;
}

/** What a fault does to a system: a word and whatever else it needs. */
export interface SystemAction {
  readonly what: string;
  readonly [parameter: string]: unknown;
}

/** A system in a world's description: plain data. */
export interface SystemDescription {
  readonly kind: string;
  /** What connectors and faults call it; one name, one system. */
  readonly name: string;
}

/** Makes the systems of one kind. */
export interface SystemFactory<D extends SystemDescription = SystemDescription> {
  readonly kind: D["kind"];
  create(description: D, host: SystemHost): OutsideSystem;
}

/** `outside(SYSTEMS)` is the world's `OutsideSystems`. */
export const SYSTEMS = Symbol("systems");

/** All systems of a world, by name. */
export class OutsideSystems {
  private readonly byName = new Map<string, OutsideSystem>();

  /** @param host what each system gets; `systems` is added here, and `random` forked per name. */
  constructor(descriptions: readonly SystemDescription[], factories: readonly SystemFactory[], host: Omit<SystemHost, "systems">) {
    for (const description of descriptions) {
      const factory = factories.find(({ kind }) => kind === description.kind);
      if (factory === undefined) throw new Error(`There is no system of kind "${description.kind}"; "${description.name}" asks for one.`);
      if (this.byName.has(description.name)) throw new Error(`Two systems are called "${description.name}".`);
      const own = { ...host, systems: this, random: host.random.fork(description.name) };
      this.byName.set(description.name, factory.create(description, own));
    }
  }

  /** All of them, in the order of the world. */
  all(): readonly OutsideSystem[] {
    return [...this.byName.values()];
  }

  /** The system of that name, whatever its kind. */
  find(name: string): OutsideSystem {
    const system = this.byName.get(name);
    if (system === undefined) throw new Error(`There is no system called "${name}".`);
    return system;
  }

  /**
   * The system of that name and class.
   *
   * @throws Diagnostic SYSTEM_UNKNOWN when the world has none.
   */
  get<S extends OutsideSystem>(name: string, type: abstract new (...args: never[]) => S): S {
    const system = this.byName.get(name);
    if (system instanceof type) return system;
    const names = [...this.byName.values()].filter((candidate) => candidate instanceof type).map((candidate) => candidate.name);
    const nearest = nearestName(name, names);
    throw new Diagnostic({
      code: "SYSTEM_UNKNOWN",
      phase: "runtime",
      message: `This world has no ${type.name} called "${name}".`,
      found: `"${name}"`,
      expected: names.length === 0 ? "a system that the scenario names" : `one of ${names.join(", ")}`,
      ...(nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` }),
    });
  }
}

/** The world's systems, as operators get them. */
export function systemsOf(outside: OutsideWorld): OutsideSystems {
  const systems = outside(SYSTEMS);
  invariant(systems instanceof OutsideSystems, "the host of this job provides no outside(SYSTEMS)");
  return systems;
}
