import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_TIMESTAMP } from "../../../src/base/long.ts";
import { Pattern } from "../../../src/datastream/cep/pattern.ts";
import type { Collector } from "../../../src/flow/functions.ts";
import { AfterMatchSkipStrategy } from "../../../src/operators/cep/after-match-skip-strategy.ts";
import { CepOperator } from "../../../src/operators/cep/cep-operator.ts";
import { RichIterativeCondition } from "../../../src/operators/cep/conditions.ts";
import { compilePattern } from "../../../src/operators/cep/nfa-compiler.ts";
import { type PatternProcessContext, PatternProcessFunction } from "../../../src/operators/cep/pattern-process-function.ts";
import { OneInputOperatorHarness } from "../../../src/testing.ts";

interface Event {
  readonly letter: string;
  readonly n: number;
}

/** A match as the numbers of its events by pattern. */
class Numbers extends PatternProcessFunction<Event, string> {
  processMatch(match: Map<string, Event[]>, _ctx: PatternProcessContext, out: Collector<string>): void {
    out.collect([...match].map(([name, events]) => `${name}${events.map(({ n }) => n).join(",")}`).join(" "));
  }
}

function harnessOf(pattern: () => Pattern<Event>): OneInputOperatorHarness {
  const createOperator = () => {
    const { stage } = pattern();
    return new CepOperator<Event, string>(new Numbers(), {
      graph: compilePattern(stage),
      skipStrategy: stage.skipStrategy,
      isProcessingTime: false,
      comparator: null,
      lateDataOutputTag: null,
    });
  };
  return new OneInputOperatorHarness(createOperator, { keySelector: () => "key" });
}

/** Shows the letters, one every 10 ms, with a watermark and perhaps a restore behind each. */
function matchesOf(
  pattern: () => Pattern<Event>,
  letters: string,
  restoring = false,
): { matches: string[]; harness: OneInputOperatorHarness } {
  const harness = harnessOf(pattern);
  for (const [n, letter] of [...letters].entries()) {
    harness.processElement({ letter, n }, 10 * (n + 1));
    if (restoring) harness.restore(harness.snapshot());
    harness.processWatermark(10 * (n + 1));
    if (restoring) harness.restore(harness.snapshot());
  }
  harness.processWatermark(MAX_TIMESTAMP);
  const matches = harness.takeOutput().flatMap((output) => (output.kind === "record" ? [output.value as string] : []));
  return { matches, harness };
}

const is = (letter: string) => (event: Event) => event.letter === letter;
const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });

/** All ways to choose events a, b, c in this order, told whether a choice is allowed. */
function choices(text: string, allowed: (a: number, b: number, c: number) => boolean): string[] {
  const found: string[] = [];
  for (let c = 0; c < text.length; c++)
    for (let b = 0; b < c; b++)
      for (let a = 0; a < b; a++)
        if (text[a] === "a" && text[b] === "b" && text[c] === "c" && allowed(a, b, c)) found.push(`a${a} b${b} c${c}`);
  return found.sort();
}

describe("contiguity, against all choices of events", () => {
  const none = (text: string, letter: string, from: number, to: number) => !text.slice(from + 1, to).includes(letter);

  it("CEP-1: next takes neighbours only", () => {
    const pattern = () => Pattern.begin<Event>("a").where(is("a")).next("b").where(is("b")).next("c").where(is("c"));
    fc.assert(
      fc.property(letters, (text) => {
        expect(matchesOf(pattern, text).matches.sort()).toEqual(choices(text, (a, b, c) => b === a + 1 && c === b + 1));
      }),
    );
  });

  it("CEP-1: followedBy takes the first that fits", () => {
    const pattern = () => Pattern.begin<Event>("a").where(is("a")).followedBy("b").where(is("b")).followedBy("c").where(is("c"));
    fc.assert(
      fc.property(letters, (text) => {
        const first = (a: number, b: number, c: number) => none(text, "b", a, b) && none(text, "c", b, c);
        expect(matchesOf(pattern, text).matches.sort()).toEqual(choices(text, first));
      }),
    );
  });

  it("CEP-1: followedByAny takes each that fits", () => {
    const pattern = () => Pattern.begin<Event>("a").where(is("a")).followedByAny("b").where(is("b")).followedByAny("c").where(is("c"));
    fc.assert(
      fc.property(letters, (text) => {
        expect(matchesOf(pattern, text).matches.sort()).toEqual(choices(text, () => true));
      }),
    );
  });

  it("CEP-6: nothing of what must not follow lies in between", () => {
    const pattern = () => Pattern.begin<Event>("a").where(is("a")).notFollowedBy("x").where(is("b")).followedBy("c").where(is("c"));
    fc.assert(
      fc.property(letters, (text) => {
        const expected: string[] = [];
        for (let c = 0; c < text.length; c++)
          for (let a = 0; a < c; a++)
            if (text[a] === "a" && text[c] === "c" && none(text, "b", a, c) && none(text, "c", a, c)) expected.push(`a${a} c${c}`);
        expect(matchesOf(pattern, text).matches.sort()).toEqual(expected.sort());
      }),
    );
  });
});

describe("whatever the pattern", () => {
  const strategies = [
    () => AfterMatchSkipStrategy.noSkip(),
    () => AfterMatchSkipStrategy.skipToNext(),
    () => AfterMatchSkipStrategy.skipPastLastEvent(),
    () => AfterMatchSkipStrategy.skipToLast("b"),
  ];
  const patterns: readonly ((strategy: AfterMatchSkipStrategy) => Pattern<Event>)[] = [
    (strategy) =>
      Pattern.begin<Event>("a", strategy).where(is("a")).oneOrMore().followedBy("b").where(is("b")).oneOrMore().optional().next("c"),
    (strategy) =>
      Pattern.begin<Event>("a", strategy)
        .where(is("a"))
        .times(1, 3)
        .greedy()
        .followedByAny("b")
        .where(is("b"))
        .times(2)
        .allowCombinations(),
    (strategy) => Pattern.begin<Event>("a", strategy).oneOrMore().until(is("c")).followedBy("b").where(is("c")).optional(),
    (strategy) =>
      Pattern.begin(Pattern.begin<Event>("a").where(is("a")).followedBy("x"), strategy)
        .times(1, 2)
        .followedBy("b")
        .where(is("b")),
    (strategy) => Pattern.begin<Event>("a", strategy).where(is("a")).followedBy("b").where(is("b")).notFollowedBy("c").where(is("c")),
  ];
  const drawn = fc.tuple(fc.constantFrom(...patterns), fc.constantFrom(...strategies), letters);

  it("CEP-12: a restore at any time changes nothing", () => {
    fc.assert(
      fc.property(drawn, ([pattern, strategy, text]) => {
        const described = () => pattern(strategy()).within(35);
        expect(matchesOf(described, text, true).matches).toEqual(matchesOf(described, text).matches);
      }),
    );
  });

  it("CEP-12: when the time of all runs is over nothing is left, neither state nor timers", () => {
    fc.assert(
      fc.property(drawn, ([pattern, strategy, text]) => {
        const { harness } = matchesOf(() => pattern(strategy()).within(35), text);
        expect(harness.inspect()).toEqual([{ stateEntries: 0, eventTimeTimers: 0, processingTimeTimers: 0 }]);
      }),
    );
  });

  it("CEP-9: with skipPastLastEvent no event is in two matches", () => {
    fc.assert(
      fc.property(fc.constantFrom(...patterns), letters, (pattern, text) => {
        const { matches } = matchesOf(() => pattern(AfterMatchSkipStrategy.skipPastLastEvent()).within(60), text);
        const numbers = matches.flatMap((match) => match.match(/\d+/g) ?? []);
        expect(new Set(numbers).size).toBe(numbers.length);
      }),
    );
  });
});

describe("conditions", () => {
  it("CEP-4, CEP-5: quantifiers, until and groups", () => {
    const loop = () => Pattern.begin<Event>("a").where(is("a")).oneOrMore();
    const end = (pattern: Pattern<Event>) => pattern.followedBy("c").where(is("c"));
    expect(matchesOf(() => end(loop()), "aac").matches).toEqual(["a0,1 c2", "a0 c2", "a1 c2"]);
    expect(matchesOf(() => end(loop().greedy()), "aac").matches).toEqual(["a0,1 c2", "a1 c2"]);
    expect(matchesOf(() => end(loop().consecutive()), "abac").matches).toEqual(["a0 c3", "a2 c3"]);
    expect(matchesOf(() => end(loop().until(is("b"))), "abac").matches).toEqual(["a0 c3", "a2 c3"]);
    expect(matchesOf(() => end(Pattern.begin<Event>("a").where(is("a")).times(2).allowCombinations()), "aaac").matches.sort()).toEqual([
      "a0,1 c3",
      "a0,2 c3",
      "a1,2 c3",
    ]);
    const twice = () => Pattern.begin(Pattern.begin<Event>("a").where(is("a")).next("b").where(is("b"))).times(2);
    expect(matchesOf(twice, "abcab").matches).toEqual(["a0,3 b1,4"]);
    expect(matchesOf(() => twice().consecutive(), "abcab").matches).toEqual([]);
  });

  it("CEP-3: see the events of their run, and time", () => {
    const seen: string[] = [];
    const pattern = () =>
      Pattern.begin<Event>("a")
        .where(is("a"))
        .followedByAny("b")
        .where((event, ctx) => {
          seen.push(
            `${ctx.getEventsForPattern("a").map(({ n }) => n)}/${ctx.getEventsForPattern("none").length}/${event.n}@${ctx.timestamp()}`,
          );
          return event.letter === "b";
        });
    expect(matchesOf(pattern, "ab").matches).toEqual(["a0 b1"]);
    expect(new Set(seen)).toEqual(new Set(["0/0/1@20"]));
  });

  it("rich conditions are opened once per subtask, before the first event, and closed", () => {
    const calls: string[] = [];
    class Telling extends RichIterativeCondition<Event> {
      override open(): void {
        calls.push("open");
      }
      override close(): void {
        calls.push("close");
      }
      filter(): boolean {
        calls.push("filter");
        return false;
      }
    }
    const { harness } = matchesOf(() => Pattern.begin<Event>("a").where(new Telling()).oneOrMore().optional(), "a");
    harness.close();
    expect(calls[0]).toBe("open");
    expect(calls.filter((call) => call !== "filter")).toEqual(["open", "close"]);
  });
});
