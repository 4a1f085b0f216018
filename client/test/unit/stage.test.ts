import { describe, expect, it } from "vitest";
import { stateImage, stateRows } from "../../src/stage/state-diff.ts";
import { CursorState } from "../../src/stage/cursor-state.ts";
import { stageFacts } from "../../src/stage/stage-facts.ts";
import { StageIndex } from "../../src/stage/stage-index.ts";
import { rootOf, watermarkHolding } from "../../src/stage/watermark-holder.ts";
import { storyOf, writeStory } from "../../src/stage/why.ts";
import { readStageAddress } from "../../src/state/stage-address.ts";
import { Stage } from "../../src/state/stage.svelte.ts";
import { clock, stageRun } from "../fixtures/stage-run.ts";

const recording = stageRun();
const index = new StageIndex(recording);
const facts = stageFacts(recording);
const counting = recording.vertices.find(({ name }) => !name.startsWith("Source"))?.id ?? -1;

describe("moving about in a recording", () => {
  it("finds the moment by time, and the next and previous event of a kind", () => {
    for (const seq of [0, 17, index.length - 1]) expect(index.timeOf(index.seqAt(index.timeOf(seq)))).toBe(index.timeOf(seq));
    expect(index.seqAt(index.fromMs - 1)).toBe(-1);
    const first = index.jump("firing", -1, 1);
    expect(index.events[first ?? -1]).toMatchObject({ kind: "window", what: "fired" });
    expect(index.jump("firing", first ?? -1, -1)).toBeNull();
    expect(index.jump("fault", -1, 1)).toBe(index.all("fault")[0]);
  });

  it("comes to the same state at a moment from wherever it comes", () => {
    const fresh = (seq: number) => {
      const state = new CursorState();
      for (let at = 0; at <= seq; at++) state.apply(recording.events[at], at);
      return state;
    };
    const seqs = [300, 10, 500, 499, index.length - 1, 0, 301];
    for (const seq of seqs) {
      const [there, scratch] = [index.stateAt(seq), fresh(seq)];
      for (const part of ["watermarks", "channels", "splits", "partitions", "entries", "timers"] as const) {
        expect([...there[part]], `${part} at ${seq}`).toEqual([...scratch[part]]);
      }
    }
  });

  it("says how tasks spent their time", () => {
    const load = index.loadAt(index.toMs).get("0/0");
    expect(load?.busy).toBeGreaterThanOrEqual(0);
    expect(load?.busy).toBeLessThanOrEqual(1);
    expect(index.loadAt(index.fromMs - 1).size).toBe(0);
  });
});

it("goes from change to change of a key, and reads keys out of records", () => {
  const stage = new Stage({ yours: recording, given: null, reference: null }, readStageAddress("?at=0&key=%2Fcart"));
  const { keyOf } = stage.current;
  expect(keyOf?.({ page: "/cart", at: 1 })).toBe("/cart");
  expect(stage.jumpKey(1)).toBe(true);
  const first = stage.seq;
  expect(index.events[first]).toMatchObject({ key: "/cart" });
  expect(stage.jumpKey(1)).toBe(true);
  expect(stage.jumpKey(-1)).toBe(true);
  expect(stage.seq).toBe(first);
  stage.key = null;
  expect(stage.jumpKey(1)).toBe(false);
});

describe("why a watermark stands", () => {
  it("names the partition that fell silent, through the channels", () => {
    const silent = new StageIndex(stageRun({ crash: false, silent: [20, 40] }));
    const at = silent.seqAt(clock("10:00:38.000"));
    const holding = watermarkHolding(silent, silent.stateAt(at), counting, 0);
    expect(holding).toMatchObject({ reason: "slowest", holder: expect.stringMatching(/^clicks [01]$/) });
    const root = rootOf(holding);
    expect(root).toMatchObject({ holder: "clicks-1", v: 0 });
    expect(root.silentSinceMs).toBeLessThan(clock("10:00:20.500"));
    expect(holding.watermarkMs).toBe(Math.min(...holding.inputs.map(({ watermarkMs }) => watermarkMs ?? -Infinity)));
  });

  it("says that nothing has come yet", () => {
    const holding = watermarkHolding(index, index.stateAt(0), counting, 0);
    expect(rootOf(holding)).toMatchObject({ reason: "nothingYet", watermarkMs: null });
  });
});

describe("what became of a record", () => {
  const recordOf = (eventMs: number) => facts.records.find((record) => record.eventMs === eventMs);

  it("was dropped: how far behind the watermark, and when its window had fired", () => {
    const record = recordOf(clock("10:00:09.500"));
    expect(record?.fate).toBe("dropped");
    const story = storyOf(index, facts, record?.seq ?? -1);
    expect(story).toMatchObject({ kind: "late", to: null, window: { key: "/cart", startMs: clock("10:00:00"), endMs: clock("10:00:10") } });
    if (story?.kind !== "late") throw new Error("not late");
    expect(story.behindMs).toBe(story.watermarkMs - clock("10:00:09.500"));
    expect(story.window?.firedMs).toBeGreaterThan(clock("10:00:12.000"));
    expect(story.window?.purgedMs).toBeLessThan(record?.atMs ?? 0);
  });

  it("was counted late: its window fired again", () => {
    const record = recordOf(clock("10:00:09.300"));
    expect(record?.fate).toBe("late");
    const story = storyOf(index, facts, record?.seq ?? -1);
    if (story?.kind !== "windows") throw new Error("in no window");
    expect(story.windows[0].fired.length).toBeGreaterThan(1);
    expect(story.writes.length).toBeGreaterThan(0);
  });

  it("an output goes back to exactly the records of its window", () => {
    const write = facts.writes.find(({ value }) => (value as { page: string; start: number }).start === clock("10:00:00"));
    const story = writeStory(index, facts, write?.seq ?? -1);
    if (write === undefined) throw new Error("nothing was written");
    const { page, n } = write.value as { page: string; n: number };
    expect(story?.from?.kind).toBe("window");
    expect(story?.inputs).toHaveLength(n);
    for (const input of story?.inputs ?? []) expect((input.value as { page: string }).page).toBe(page);
  });
});

it("a window that the watermark fired is nobody's doing, the next one neither", () => {
  const firings = recording.events.filter((event) => event.kind === "window" && event.what === "fired");
  expect(firings.length).toBeGreaterThan(6);
  for (const firing of firings) expect(firing).not.toHaveProperty("cause");
});

describe("transactions over a crash", () => {
  it("aborts what the crash left open, commits the replay once", () => {
    expect(facts.downtimes).toHaveLength(1);
    expect(facts.transactions.some(({ outcome }) => outcome === "aborted")).toBe(true);
    const committed = facts.writes.filter(({ transaction }) => transaction?.outcome === "committed");
    expect(new Set(committed.map(({ value }) => JSON.stringify(value))).size).toBe(committed.length);
    const aborted = facts.writes.find(({ transaction }) => transaction?.outcome === "aborted");
    if (aborted === undefined) throw new Error("nothing was written before the crash");
    expect(writeStory(index, facts, aborted.seq)?.committedMs).toBeNull();
  });

  it("shows twice what was written twice without transactions", () => {
    const twice = stageRun({ guarantee: "AT_LEAST_ONCE" });
    const again = stageFacts(twice).writes.filter((write) => write.again !== null);
    expect(again.length).toBeGreaterThan(0);
    expect(writeStory(new StageIndex(twice), stageFacts(twice), again[0].seq)?.copies[0].seq).toBe(again[0].again);
  });

  it("brings state back to what it was at the checkpoint's barriers", () => {
    const restored = recording.events.findIndex((event) => event.kind === "checkpoint" && event.what === "restored");
    const event = recording.events[restored];
    if (event.kind !== "checkpoint") throw new Error("not restored");
    const barrier = recording.events.findIndex(
      (other) =>
        other.kind === "checkpoint" &&
        other.what === "barrier" &&
        other.checkpoint === event.checkpoint &&
        other.v === counting &&
        other.s === 0,
    );
    const task = (rows: ReturnType<typeof stateRows>) => rows.filter(({ v, s }) => v === counting && s === 0);
    const then = task(stateRows(stateImage(index.stateAt(barrier)), null));
    expect(then.length).toBeGreaterThan(0);
    expect(task(stateRows(stateImage(index.stateAt(restored)), null))).toEqual(then);
  });

  it("tells state of two moments apart", () => {
    const before = stateImage(index.stateAt(index.seqAt(clock("10:00:05.000"))));
    const now = stateImage(index.stateAt(index.seqAt(clock("10:00:20.000"))));
    const changes = new Set(stateRows(now, before).map(({ change }) => change));
    expect(changes).toEqual(new Set(["added", "removed"]));
    expect(stateRows(now, null).every(({ change }) => change === "same")).toBe(true);
  });
});
