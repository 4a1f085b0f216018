import { describe, expect, it } from "vitest";
import { type Collector, type KeyedProcessContext, KeyedProcessFunction } from "../../src/flow/functions.ts";
import type { OneInputStreamOperator } from "../../src/flow/operator.ts";
import { KeyedProcessOperator } from "../../src/operators/keyed-process-operator.ts";
import { StreamMap } from "../../src/operators/stream-map.ts";
import { OneInputOperatorHarness } from "../../src/testing.ts";

class Alarm extends KeyedProcessFunction<string, string, string> {
  override processElement(value: string, context: KeyedProcessContext<string>): void {
    context.timerService().registerEventTimeTimer(value.length);
  }

  override onTimer(timestamp: number, context: { getCurrentKey(): string }, out: Collector<string>): void {
    out.collect(`${context.getCurrentKey()}@${timestamp}`);
  }
}

function harness(createOperator: () => OneInputStreamOperator): OneInputOperatorHarness {
  return new OneInputOperatorHarness(createOperator, { keySelector: (value: unknown) => value });
}

// Rule BAD-8 of SEMANTICS.md.
describe("restored timers of a service that the operator does not open", () => {
  it("stay in its snapshots, and fire when an operator opens the service again", () => {
    const first = harness(() => new KeyedProcessOperator(new Alarm()));
    for (const key of ["a", "bb", "ccc"]) first.processElement(key, 0);
    const before = first.snapshot();

    const without = harness(() => new StreamMap<string, string>((value) => value));
    without.restore(before);
    without.processElement("a", 0);
    without.processWatermark(100);
    const after = without.snapshot();
    expect(after[0].keyed?.groups).toEqual(before[0].keyed?.groups);

    const again = harness(() => new KeyedProcessOperator(new Alarm()));
    again.restore(after);
    again.takeOutput();
    again.processWatermark(2);
    expect(again.takeOutput().flatMap((output) => (output.kind === "record" ? [output.value] : []))).toEqual(["a@1", "bb@2"]);
  });
});
