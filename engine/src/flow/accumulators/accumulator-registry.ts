/** The accumulators of one task: its operators share them, whoever registered one. (Flink: `AccumulatorRegistry`) */
import { Diagnostic } from "../../base/diagnostic.ts";
import { InvariantViolation } from "../../base/invariant.ts";
import type { Accumulator } from "./accumulator.ts";

export type AnyAccumulator = Accumulator<never, unknown>;

export class AccumulatorRegistry {
  private readonly accumulators = new Map<string, AnyAccumulator>();

  /** @throws Diagnostic ACCUMULATOR_EXISTS when the task has one of this name, also in another operator of its chain. */
  add(name: string, accumulator: AnyAccumulator): void {
    if (this.accumulators.has(name)) {
      throw new Diagnostic({
        code: "ACCUMULATOR_EXISTS",
        phase: "runtime",
        message: `The accumulator '${name}' already exists and cannot be added.`,
        found: `a second addAccumulator("${name}", …) in one task`,
        expected: "a name of its own for each accumulator of a chain of operators",
      });
    }
    this.accumulators.set(name, accumulator);
  }

  get(name: string): AnyAccumulator | undefined {
    return this.accumulators.get(name);
  }

  /**
   * The accumulator of this name, made when there is none.
   * @throws Diagnostic ACCUMULATOR_TYPE when it is of another kind.
   */
  getOrCreate<A extends AnyAccumulator>(name: string, kind: new () => A): A {
    const known = this.accumulators.get(name);
    if (known instanceof kind) return known;
    if (known !== undefined) throw wrongKind(name, known, kind.name);
    const created = new kind();
    this.accumulators.set(name, created);
    return created;
  }

  entries(): IterableIterator<[string, AnyAccumulator]> {
    return this.accumulators.entries();
  }
}

/**
 * Merges what the tasks have and gives the results by name. What cannot be merged says so in its result: the job has ended, and its
 * other results are good.
 */
export function accumulatorResults(registries: readonly AccumulatorRegistry[]): Map<string, unknown> {
  const merged = new Map<string, AnyAccumulator | string>();
  for (const registry of registries) {
    for (const [name, accumulator] of registry.entries()) {
      merged.set(
        name,
        attempt(() => mergedWith(name, merged.get(name), accumulator)),
      );
    }
  }
  const results = new Map<string, unknown>();
  for (const [name, accumulator] of merged) {
    results.set(name, typeof accumulator === "string" ? accumulator : attempt(() => accumulator.getLocalValue()));
  }
  return results;
}

function mergedWith(name: string, known: AnyAccumulator | string | undefined, next: AnyAccumulator): AnyAccumulator | string {
  if (known === undefined) return next.clone() as AnyAccumulator;
  if (typeof known === "string") return known;
  if (known.constructor !== next.constructor) throw wrongKind(name, known, next.constructor.name);
  known.merge(next);
  return known;
}

function attempt<T>(act: () => T): T | string {
  try {
    return act();
  } catch (error) {
    if (error instanceof InvariantViolation) throw error;
    return `failed: ${String(error)}`;
  }
}

function wrongKind(name: string, known: AnyAccumulator, wanted: string): Diagnostic {
  return new Diagnostic({
    code: "ACCUMULATOR_TYPE",
    phase: "runtime",
    message: `The accumulator object '${name}' was created with two different types: ${known.constructor.name} and ${wanted}.`,
    found: wanted,
    expected: known.constructor.name,
  });
}
