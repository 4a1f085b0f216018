import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
import { SlidingEventTimeWindows } from "../../src/operators/windowing/assigners/sliding-event-time-windows.ts";
import { PassThroughWindowFunction } from "../../src/operators/windowing/internal-window-function.ts";
import { AggregateFolding, type Folding, ReduceFolding } from "../../src/operators/windowing/slicing/folding.ts";
import { KeySlices } from "../../src/operators/windowing/slicing/key-slices.ts";
import { MergeTrial } from "../../src/operators/windowing/slicing/merge-trial.ts";
import { SlicingWindowOperator } from "../../src/operators/windowing/slicing/slicing-window-operator.ts";
import { WindowOperator, type WindowContentsDescriptor } from "../../src/operators/windowing/window-operator.ts";
import { AggregatingStateDescriptor, ReducingStateDescriptor } from "../../src/state/descriptors.ts";
import { OneInputOperatorHarness } from "../../src/testing.ts";

interface Item {
  readonly key: string;
  readonly v: number;
}

interface Total {
  sum: number;
  values: number[];
}

/** Changes its accumulators in place, merges included, and depends on the order of values unless it sorts them. */
const totals = (sorted: boolean) => ({
  createAccumulator: (): Total => ({ sum: 0, values: [] }),
  add: (item: Item, total: Total): Total => {
    total.sum += item.v;
    total.values.push(item.v);
    return total;
  },
  getResult: (total: Total) => `${total.sum}: ${(sorted ? [...total.values].sort((a, b) => a - b) : total.values).join()}`,
  merge: (a: Total, b: Total): Total => {
    a.sum += b.sum;
    a.values.push(...b.values);
    b.values.length = 0;
    return a;
  },
});
const wrongMerge = { ...totals(true), merge: (a: Total, _b: Total): Total => a };
const throwingMerge = {
  ...totals(true),
  merge: (): Total => {
    throw new Error("never needed in Flink");
  },
};
const firstKept = { reduce: (a: Item, _b: Item) => a };
const summed = { reduce: (a: Item, b: Item) => ({ key: a.key, v: a.v + b.v }) };

type Case = { readonly name: string; readonly contents: () => WindowContentsDescriptor; readonly folding: () => Folding };

function aggregate(name: string, fn: ReturnType<typeof totals>): Case {
  return {
    name,
    contents: () => new AggregatingStateDescriptor<unknown, unknown, unknown>("window-contents", fn as never),
    folding: () => new AggregateFolding(fn as never),
  };
}

function reduce(name: string, fn: { reduce(a: Item, b: Item): Item }): Case {
  return {
    name,
    contents: () => new ReducingStateDescriptor<unknown>("window-contents", fn as never),
    folding: () => new ReduceFolding(fn as never),
  };
}

const CASES = [
  aggregate("totals in any order", totals(true)),
  aggregate("totals in order of arrival", totals(false)),
  aggregate("a merge that loses records", wrongMerge),
  aggregate("a merge that throws", throwingMerge),
  reduce("first record kept", firstKept),
  reduce("sum", summed),
];

const step = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      key: fc.constantFrom("a", "b", "c"),
      v: fc.nat(9),
      behindMs: fc.oneof(fc.constant(0), fc.nat(40)),
      aheadMs: fc.nat(6),
    }),
  },
  { weight: 4, arbitrary: fc.record({ watermarkBehindMs: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.constant("restore" as const) },
);

/** Records of each key in the order in which they came out; the order between keys at one watermark is open. */
function run(testCase: Case, sliced: boolean, size: number, slide: number, offset: number, steps: readonly unknown[]): unknown {
  const assigner = () => SlidingEventTimeWindows.of(Duration.ofMillis(size), Duration.ofMillis(slide), Duration.ofMillis(offset));
  const options = () => ({ assigner: assigner(), contents: testCase.contents(), windowFunction: new PassThroughWindowFunction() });
  const harness = new OneInputOperatorHarness(
    () =>
      sliced
        ? new SlicingWindowOperator({ ...options(), assigner: assigner(), folding: testCase.folding(), sliceFromRecord: 3, trialRounds: 1 })
        : new WindowOperator(options()),
    { keySelector: (item) => (item as Item).key },
  );
  let now = 1000;
  let watermark = 0;
  const trace: unknown[] = [];
  const take = () =>
    trace.push(
      harness
        .takeOutput()
        .map((output) => JSON.stringify(output))
        .sort(),
    );
  for (const one of steps) {
    if (one === "restore") {
      harness.restore(harness.snapshot());
      trace.push(harness.inspect().map(({ stateEntries, eventTimeTimers }) => [stateEntries, eventTimeTimers]));
    } else if ("watermarkBehindMs" in (one as object)) {
      watermark = Math.max(watermark, now - (one as { watermarkBehindMs: number }).watermarkBehindMs);
      harness.processWatermark(watermark);
    } else {
      const { key, v, behindMs, aheadMs } = one as { key: string; v: number; behindMs: number; aheadMs: number };
      now += aheadMs;
      harness.processElement({ key, v }, now - behindMs);
    }
    take();
  }
  harness.processWatermark(now + 10_000);
  take();
  return trace;
}

describe("sliced sliding windows", () => {
  for (const testCase of CASES) {
    it(`WIN-11: give what unsliced ones give: ${testCase.name}`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom([20, 10, 0], [50, 10, 3], [60, 5, 0], [30, 20, -4]),
          fc.array(step, { minLength: 40, maxLength: 160 }),
          ([size, slide, offset], steps) => {
            expect(run(testCase, true, size, slide, offset, steps)).toEqual(run(testCase, false, size, slide, offset, steps));
          },
        ),
        { numRuns: 60 },
      );
    });
  }

  it("WIN-11: a function is trusted only after it has shown that it can be computed in parts", () => {
    const verdict = (testCase: Case) => {
      const trial = new MergeTrial(testCase.folding(), 5);
      for (let n = 0; trial.verdict === "open"; n++) trial.observe("a", { key: "a", v: n % 7 });
      return trial.verdict;
    };
    expect(CASES.map(verdict)).toEqual(["commutative", "associative", "failed", "failed", "associative", "associative"]);
  });

  it("merges each slice a constant number of times", () => {
    let merges = 0;
    const folding = new ReduceFolding({
      reduce: (a, b) => {
        merges++;
        return (a as number) + (b as number);
      },
    });
    const slices = new KeySlices("a");
    const inWindow = 100;
    for (let n = 0; n < 2000; n++) {
      slices.add(n, 1, folding);
      slices.dropBefore(n - inWindow + 1);
      expect(slices.mergedBefore(n + 1, folding)).toBe(Math.min(n + 1, inWindow));
    }
    expect(merges).toBeLessThan(3 * 2000);
  });
});
