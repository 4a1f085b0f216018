/**
 * Finds out whether a function of the learner's may be computed by slices.
 *
 * Slices need more than Flink asks of the function: Flink folds every window record by record, slices put partial results together. A
 * `merge` that is wrong, or sums of decimal fractions, would give other results than Flink, and only here. So the function is tried on the
 * job's own records before it is trusted: nine records of one key are folded one by one, and in three parts that are merged in several
 * ways; all must come out equal, for many such groups. The first difference, or exception, settles it the other way.
 */
import { canonicalKey, type MapKey } from "../../../base/canonical-key.ts";
import { copyValue } from "../../../types/value-codec.ts";
import { changeable, type Folding } from "./folding.ts";

const PART = 3;
const ROUNDS = 32;
/** Keys whose records are collected at the same time. */
const KEYS = 1024;

export type TrialVerdict = "open" | "failed" | "associative" | "commutative";

export class MergeTrial {
  private readonly folding: Folding;
  private readonly rounds: number;
  private readonly collected = new Map<MapKey, unknown[]>();
  private passed = 0;
  private commutative: boolean;
  verdict: TrialVerdict = "open";

  /** @param rounds groups of records that must agree. */
  constructor(folding: Folding, rounds = ROUNDS) {
    this.folding = folding;
    this.rounds = rounds;
    this.commutative = folding.mergeDeclared;
  }

  /** Takes a record into account, unless enough other keys are being tried. */
  observe(mapKey: MapKey, value: unknown): void {
    let values = this.collected.get(mapKey);
    if (values === undefined) {
      if (this.collected.size === KEYS) return;
      values = [];
      this.collected.set(mapKey, values);
    }
    values.push(copyValue(value));
    if (values.length < 3 * PART) return;
    this.collected.delete(mapKey);
    try {
      this.compare(values);
    } catch {
      // Flink would never have called merge here, so what it throws must not reach the job.
      this.verdict = "failed";
    }
  }

  private compare(values: readonly unknown[]): void {
    const { folding } = this;
    const whole = this.result(this.fold(values));
    const [a, b, c] = [0, 1, 2].map((part) => this.fold(values.slice(part * PART, (part + 1) * PART)));
    const merge = (older: unknown, newer: unknown) => folding.merge(changeable(older), changeable(newer));
    const inOrder = this.result(merge(merge(a, b), c)) === whole && this.result(merge(a, merge(b, c))) === whole;
    if (!inOrder) {
      this.verdict = "failed";
      return;
    }
    if (this.commutative) this.commutative = this.result(merge(c, merge(b, a))) === whole && this.result(merge(merge(b, c), a)) === whole;
    if (++this.passed === this.rounds) this.verdict = this.commutative ? "commutative" : "associative";
  }

  private fold(values: readonly unknown[]): unknown {
    const { folding } = this;
    let accumulator = folding.first(copyValue(values[0]));
    for (let index = 1; index < values.length; index++) accumulator = folding.add(accumulator, copyValue(values[index]));
    return accumulator;
  }

  /** In a form that is equal exactly when the results are. */
  private result(accumulator: unknown): MapKey {
    return canonicalKey([this.folding.result(changeable(accumulator))]);
  }
}
