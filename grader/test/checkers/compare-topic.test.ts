import { describe, expect, it } from "vitest";
import { compareTopic } from "../../src/checkers/compare-topic.ts";
import { differenceOf } from "../../src/feedback/difference.ts";
import type { OutputSpec } from "../../src/pack/problem.ts";

const START = Date.UTC(2026, 0, 5, 10);
const spec: OutputSpec = {
  topic: "sessions",
  identity: ["user", "start"],
  columns: [
    { name: "user", type: "any", tolerance: 0 },
    { name: "start", type: "time", tolerance: 0 },
    { name: "count", type: "number", tolerance: 0.5 },
  ],
  role: "result",
  place: { kind: "topic" },
  reads: "rows",
  order: "none",
  languages: null,
};
const row = (user: string, start: unknown, count: unknown, visibleAtMs = START) => ({ cells: [user, start, count], visibleAtMs });
const expected = [row("a", START, 3, START + 1), row("b", START, 4, START + 2), row("a", START + 60_000, 1, START + 3)];

function kinds(actual: ReturnType<typeof row>[]): string[] {
  return compareTopic(spec, expected, actual).differences.map((difference) => `${difference.kind} ${difference.cells[0]}`);
}

describe("comparing a topic", () => {
  it("takes time formats, numbers as text and tolerances for equal, in any order", () => {
    expect(kinds([row("b", "2026-01-05 10:00:00.000", "4"), row("a", "2026-01-05T10:01:00Z", 1.4), row("a", String(START), 3)])).toEqual(
      [],
    );
  });
  it("takes no object for a time, whatever it calls itself", () => {
    expect(kinds([row("a", { toString: "junk" }, 3), ...expected.slice(1)])).toEqual(["missing a", "unexpected a"]);
  });
  it("tells missing, duplicate, changed and unexpected apart", () => {
    expect(kinds([...expected.slice(1)])).toEqual(["missing a"]);
    expect(kinds([...expected, expected[1]!])).toEqual(["duplicate b"]);
    expect(kinds([...expected, row("b", START, 9)])).toEqual(["duplicate b"]);
    expect(kinds([expected[0]!, row("b", START, 5), expected[2]!])).toEqual(["changed b"]);
    expect(kinds([...expected, row("c", START, 1)])).toEqual(["unexpected c"]);
  });
  it("looks at the order per identity only when asked", () => {
    const twice = [row("a", START, 1), row("a", START, 2)];
    const swapped = [twice[1]!, twice[0]!];
    expect(
      compareTopic({ ...spec, columns: spec.columns.map((column) => ({ ...column, tolerance: 0 })) }, twice, swapped).differences,
    ).toEqual([]);
    const ordered = compareTopic(
      { ...spec, order: "perKey" },
      [row("a", START, 1), row("a", START, 5)],
      [row("a", START, 5), row("a", START, 1)],
    );
    expect(ordered.differences.map((difference) => difference.kind)).toEqual(["reordered"]);
  });
  it("shows the first difference with context and names the row", () => {
    const outcome = { topics: [], restarts: 1 } as unknown as Parameters<typeof differenceOf>[3]["outcome"];
    const comparison = compareTopic(spec, expected, [
      expected[0]!,
      { ...expected[1]! },
      { ...expected[1]!, visibleAtMs: START + 90_000 },
      row("a", START + 60_000, 3),
    ]);
    const difference = differenceOf(4, comparison, expected, { startMs: START, outcome });
    expect(difference.sentence).toBe(
      "`b` 10:00:00 is in `sessions` once too often: first visible at 10:00:00.002, again at 10:01:30; the job restarted in between or before.",
    );
    expect(difference.rows.map((shown) => shown.kind)).toEqual(["equal", "equal", "duplicate", "changed"]);
    expect(difference.rows[3]!.expected).toEqual(["a", START + 60_000, 1]);
    expect(difference.more).toBe(0);
  });
});
