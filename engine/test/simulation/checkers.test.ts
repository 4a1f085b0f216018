/** Each checker against what it has to find and what it has to let pass. */
import { describe, expect, it } from "vitest";
import { type CheckedRun, checkRun, type OutputRow, type Promises, type RecordingEvent, type RunOutcome } from "../../src/sim.ts";
import { atLeastOnce, exactlyOnce, lastPerKey, orderPerKey } from "../../src/sim/checkers/delivery.ts";
import { checkpointsAreWhole, timersWait, watermarksRise } from "../../src/sim/checkers/happenings.ts";
import { worldOf } from "../datastream/run-job.ts";

const row = (key: string, value: number): OutputRow => ({ place: "out", key, value });

function runOf(rows: readonly OutputRow[], expected: readonly OutputRow[], events: readonly RecordingEvent[] = []): CheckedRun {
  const outcome = { status: "finished", failure: null, topics: [], stateSizes: [], recording: { events } } as unknown as RunOutcome;
  return { world: worldOf({}), outcome, rows, expected };
}

describe("delivery", () => {
  const expected = [row("a", 1), row("a", 2), row("b", 1)];

  it.each([
    ["the same", [row("a", 1), row("a", 2), row("b", 1)], { exactly: null, least: null, last: null, order: null }],
    ["another order of keys", [row("b", 1), row("a", 1), row("a", 2)], { exactly: null, least: null, last: null, order: null }],
    ["another order in a key", [row("a", 2), row("a", 1), row("b", 1)], { exactly: null, least: null, last: "lost", order: "row 0" }],
    ["a repeated row", [...expected, row("b", 1)], { exactly: "1 repeated", least: null, last: null, order: null }],
    ["a row too few", [row("a", 1), row("a", 2)], { exactly: "1 lost", least: "1 lost", last: "1 lost", order: "row 0" }],
    ["a row that nobody expected", [...expected, row("b", 9)], { exactly: "1 wrong", least: "1 wrong", last: "1 lost", order: null }],
    [
      "a repeat before the last",
      [row("a", 1), row("a", 1), row("a", 2), row("b", 1)],
      { exactly: "1 repeated", least: null, last: null, order: "row 1" },
    ],
  ])("%s", (_, rows, answers) => {
    const run = runOf(rows, expected);
    const found = {
      exactly: exactlyOnce.check(run),
      least: atLeastOnce.check(run),
      last: lastPerKey.check(run),
      order: orderPerKey.check(run),
    };
    for (const [name, part] of Object.entries(answers)) {
      const answer = found[name as keyof typeof found];
      if (part === null) expect(answer, name).toBeNull();
      else expect(answer, name).toContain(part);
    }
  });
});

const watermark = (watermarkMs: number, s = 0): RecordingEvent => ({ kind: "watermark", t: 0, v: 0, s, watermarkMs });
const job = (what: "running" | "restarting"): RecordingEvent => ({ kind: "job", t: 0, what, attempt: 1, reason: null });
const timer = (timestampMs: number, t: number, domain: "event" | "processing"): RecordingEvent => ({
  kind: "timer",
  t,
  v: 0,
  s: 0,
  domain,
  key: "a",
  timestampMs,
});
type What = Extract<RecordingEvent, { kind: "checkpoint" }>["what"];
const checkpoint = (what: What, id: number, s: number | null = null): RecordingEvent => ({
  kind: "checkpoint",
  t: 0,
  what,
  checkpoint: id,
  v: s === null ? null : 0,
  s,
  bytes: null,
  reason: null,
});

describe("what happens on the way", () => {
  it.each([
    ["a watermark that falls", [watermark(5), watermark(4)], "fell from 5 to 4"],
    ["watermarks of two subtasks", [watermark(5), watermark(4, 1)], null],
    ["a watermark of a new attempt", [watermark(5), job("restarting"), watermark(4)], null],
  ])("%s", (_, events, part) => {
    expectAnswer(watermarksRise.check(runOf([], [], events)), part);
  });

  it.each([
    ["an event timer before its watermark", [watermark(5), timer(6, 0, "event")], "fired at 5"],
    ["an event timer at its watermark", [watermark(6), timer(6, 0, "event")], null],
    ["an event timer that trusts an earlier attempt", [watermark(6), job("running"), timer(6, 0, "event")], "fired at"],
    ["a processing timer too early", [timer(6, 5, "processing")], "fired at 5"],
    ["a processing timer in time", [timer(6, 6, "processing")], null],
  ])("%s", (_, events, part) => {
    expectAnswer(timersWait.check(runOf([], [], events)), part);
  });

  const whole = [checkpoint("triggered", 1), checkpoint("barrier", 1, 0), checkpoint("snapshot", 1, 0), checkpoint("completed", 1)];
  it.each([
    ["a whole checkpoint, restored", [...whole, checkpoint("restored", 1)], null],
    ["a snapshot is missing", [whole[0], checkpoint("barrier", 1, 1), ...whole.slice(1)], "without the snapshot of 0/1"],
    ["completed twice", [...whole, checkpoint("completed", 1)], "without being under way"],
    ["completed after it was given up", [whole[0], checkpoint("aborted", 1), checkpoint("completed", 1)], "without being under way"],
    [
      "a restart from an older one",
      [...whole, checkpoint("triggered", 2), checkpoint("completed", 2), checkpoint("restored", 1)],
      "2 was the last",
    ],
    ["numbers that fall", [checkpoint("triggered", 2), checkpoint("triggered", 1)], "triggered after checkpoint 2"],
    ["a task that acknowledges twice", [whole[0], whole[2], whole[2]], "acknowledged checkpoint 1 twice"],
  ])("checkpoints: %s", (_, events, part) => {
    expectAnswer(checkpointsAreWhole.check(runOf([], [], events)), part);
  });
});

describe("the end", () => {
  const promises: Promises = { delivery: "exactlyOnce", cleansState: true };
  const ended = (change: Partial<RunOutcome>): CheckedRun => {
    const run = runOf([], []);
    return { ...run, outcome: { ...run.outcome, ...change } };
  };

  it("of a run that did not finish is all that is told", () => {
    const failure = { code: "LIMIT_STEPS", message: "The run took more than 7 steps." };
    expect(checkRun({ ...ended({ status: "limit", failure }), expected: [row("a", 1)] }, promises)).toEqual([
      { checker: "comes to its end", message: "the run ended as limit: LIMIT_STEPS The run took more than 7 steps." },
    ]);
  });

  it("leaves no transaction open and no state behind", () => {
    const base = { partition: 0, offset: 0, key: null, timestampMs: null, appendedAtMs: 0 };
    const topics = [{ name: "out", records: [{ ...base, value: 7, committedAtMs: null, aborted: false, transaction: 3 }] }];
    const stateSizes = [{ operatorId: "op", stateName: "sum", entries: 2, bytes: 9, peakBytes: 9 }];
    expect(checkRun(ended({ topics, stateSizes }), promises).map(({ message }) => message)).toEqual([
      "transaction 3 is still open in out: 7",
      '2 entries are left in state "sum" of operator op',
    ]);
    const aborted = [{ name: "out", records: [{ ...base, value: 7, committedAtMs: null, aborted: true, transaction: 3 }] }];
    expect(checkRun(ended({ topics: aborted }), promises)).toEqual([]);
  });
});

function expectAnswer(answer: string | null, part: string | null): void {
  if (part === null) expect(answer).toBeNull();
  else expect(answer).toContain(part);
}
