/** What can be changed about a world: the list of changes, its link, the run that follows them, and what readers find then. */
import type { ChangedRun, PlacedRecord, WorldChange } from "@millrace/server/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiFailure } from "../../src/api/client.ts";
import { compareOutputs } from "../../src/stage/output-comparison.ts";
import { recordLike } from "../../src/stage/record-like.ts";
import { type StageRecord, stageFacts } from "../../src/stage/stage-facts.ts";
import { movedBy, type RecordRef, takenOut, Whereabouts } from "../../src/stage/world-changes.ts";
import { MOST_CHANGES, readChanges, tooLongForLink, writeChanges } from "../../src/state/changes-link.ts";
import { StageWorld } from "../../src/state/stage-world.svelte.ts";
import { changeSentence, comparisonSentences } from "../../src/pages/stage/world-sentences.ts";
import { stageRun } from "../fixtures/stage-run.ts";

const ref: RecordRef = { topic: "clicks", partition: 0, offset: 3 };
const add: WorldChange = { what: "add", topic: "clicks", partition: 1, atMs: 5_000, key: null, valueJson: '{"page":"/cart"}' };
const kill: WorldChange = { what: "kill", taskManager: 2, atMs: 9_000 };
const all: readonly WorldChange[] = [
  { what: "move", ...ref, byMs: -250 },
  { what: "remove", ...ref, offset: 4 },
  add,
  kill,
  { what: "spare", fault: 0 },
];

describe("the list of changes", () => {
  it("adds up what a record is moved, and forgets it when it is back", () => {
    const once = movedBy([], ref, 500);
    expect(movedBy(once, ref, 250)).toEqual([{ what: "move", ...ref, byMs: 750 }]);
    expect(movedBy(once, ref, -500)).toEqual([]);
    expect(movedBy([add], { added: 0 }, 100)).toMatchObject([{ atMs: 5_100 }]);
  });

  it("takes a record out once, and one that was added as if it had never been", () => {
    expect(takenOut(movedBy([kill], ref, 500), ref)).toEqual([kill, { what: "remove", ...ref }]);
    expect(takenOut([add, kill], { added: 0 })).toEqual([kill]);
  });

  it("knows where a record of the changed world comes from", () => {
    const placed: PlacedRecord[] = [
      { topic: "clicks", partition: 0, offset: 0, atMs: 1, from: 3, change: 0 },
      { topic: "clicks", partition: 0, offset: 1, atMs: 2, from: null, change: 2 },
    ];
    const whereabouts = new Whereabouts(placed);
    expect(whereabouts.refOf({ topic: "clicks", partition: 0, offset: 0 })).toEqual(ref);
    expect(whereabouts.refOf({ topic: "clicks", partition: 0, offset: 1 })).toEqual({ added: 2 });
    expect(whereabouts.refOf({ topic: "booked", partition: 0, offset: 0 })).toBeNull();
    expect(new Whereabouts(null).refOf(ref)).toEqual(ref);
  });

  it("is said in words", () => {
    expect(all.map((change) => changeSentence(change, ["crash tm 1 at +18s"]))).toEqual([
      "clicks 0 : 3 arrives 250 ms earlier",
      "clicks 0 : 4 is taken out",
      "a record of clicks 1 is added at 00:00:05",
      "task manager 2 is killed at 00:00:09",
      "left out: crash tm 1 at +18s",
    ]);
  });
});

describe("a link with changes", () => {
  it("brings them back", () => {
    expect(readChanges(writeChanges(all))).toEqual({ changes: all, broken: null });
    expect(writeChanges([])).toBeNull();
    expect(readChanges(null)).toEqual({ changes: [], broken: null });
  });

  it("is not made when it were too long", () => {
    expect(tooLongForLink(all)).toBe(false);
    expect(tooLongForLink(Array.from({ length: 4 }, () => ({ ...add, valueJson: "9".repeat(3_000) }) as WorldChange))).toBe(true);
  });

  const hostile: readonly [name: string, text: string, what: string, change: number][] = [
    ["no JSON", "<script>", "form", 0],
    ["no list", '{"what":"kill"}', "form", 0],
    ["no lists in it", "[1]", "form", 1],
    ["an unknown change", '[["kill",1,5],["explode",1]]', "form", 2],
    ["a field too many", '[["kill",1,5,6]]', "form", 1],
    ["a field too few", '[["kill",1]]', "form", 1],
    ["text for a number", '[["kill","1",5]]', "form", 1],
    ["half an offset", '[["remove","clicks",0,1.5]]', "form", 1],
    ["a time without end", '[["kill",1,1e300]]', "form", 1],
    ["a number below zero", '[["spare",-1]]', "form", 1],
    ["a topic that is an object", '[["remove",{"a":1},0,0]]', "form", 1],
    ["a topic without a name", '[["move","",0,0,5]]', "form", 1],
    ["a name of Object.prototype", '[["__proto__",1]]', "form", 1],
    ["a value that is no text", '[["add","clicks",0,5,null,{"a":1}]]', "form", 1],
    ["a key that is too long", JSON.stringify([["add", "clicks", 0, 5, "x".repeat(201), "1"]]), "form", 1],
    ["too many changes", JSON.stringify(Array.from({ length: MOST_CHANGES + 1 }, () => ["spare", 0])), "many", 0],
    ["too long", JSON.stringify([["spare", 0, "x".repeat(9_000)]]), "long", 0],
  ];
  it.each(hostile)("%s is no change at all", (_name, text, what, change) => {
    expect(readChanges(text)).toEqual({ changes: [], broken: { what, change } });
  });
});

describe("a world that is computed", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const ran = (records: PlacedRecord[] = []): ChangedRun => ({
    ended: null,
    headline: "",
    diagnostics: [],
    records,
    recording: { format: 1, vertices: [], events: [], samples: [], truncated: false },
    ranInMs: 1,
  });

  function worldOf(answer: (changes: readonly WorldChange[]) => Promise<ChangedRun>) {
    const run = vi.fn((changes: readonly WorldChange[], _signal: AbortSignal) => answer(changes));
    const shown = vi.fn<(run: ChangedRun | null) => void>();
    return { world: new StageWorld({ run, shown }), run, shown };
  }

  it("once for many quick changes, and shows nothing before it is there", async () => {
    const { world, run, shown } = worldOf(async () => ran());
    for (let i = 0; i < 5; i++) world.move(ref, 100);
    expect([world.computing, run.mock.calls.length, world.pendingMs(ref)]).toEqual([true, 0, 500]);
    await vi.runAllTimersAsync();
    expect(run).toHaveBeenCalledTimes(1);
    expect(run.mock.calls[0][0]).toEqual([{ what: "move", ...ref, byMs: 500 }]);
    expect([world.computing, shown.mock.calls.length, world.pendingMs(ref)]).toEqual([false, 1, 0]);
  });

  it("an answer that comes after the next change is not shown", async () => {
    const first = Promise.withResolvers<ChangedRun>();
    const { world, run, shown } = worldOf((changes) => (changes.length === 1 ? first.promise : Promise.resolve(ran())));
    world.add(kill as Extract<WorldChange, { what: "kill" }>);
    await vi.advanceTimersByTimeAsync(500);
    world.spare(0);
    expect(run.mock.calls[0][1].aborted).toBe(true);
    first.resolve(ran());
    await vi.runAllTimersAsync();
    expect(shown).toHaveBeenCalledTimes(1);
    expect(run.mock.calls[1][0]).toHaveLength(2);
  });

  it("without changes is the world as given, without asking", async () => {
    const { world, run, shown } = worldOf(async () => ran());
    world.spare(0);
    await vi.runAllTimersAsync();
    world.undoAll();
    await vi.runAllTimersAsync();
    expect(run).toHaveBeenCalledTimes(1);
    expect(shown.mock.lastCall).toEqual([null]);
  });

  it("a record that was added is still the same after another change was taken back", async () => {
    const { world } = worldOf(async () => ran([{ topic: "clicks", partition: 1, offset: 0, atMs: 5_000, from: null, change: 1 }]));
    world.spare(0);
    world.add(add as Extract<WorldChange, { what: "add" }>);
    await vi.runAllTimersAsync();
    const added = world.whereabouts.refOf({ topic: "clicks", partition: 1, offset: 0 });
    if (added === null) throw new Error("the added record is not known");
    world.undo(0);
    world.move(added, 40);
    expect(world.changes).toMatchObject([{ what: "add", atMs: 5_040 }]);
    expect(world.pendingMs(added)).toBe(40);
  });

  it("says why it could not be computed, keeps the picture, and tries again when asked", async () => {
    let fails = true;
    const { world, shown } = worldOf(async () => {
      if (fails) throw new ApiFailure(400, "CHANGE_REFUSED", "Change 1: there is no such record.");
      return ran();
    });
    world.takeOut(ref);
    await vi.runAllTimersAsync();
    expect([world.failure, world.computing, shown.mock.calls.length]).toEqual(["Change 1: there is no such record.", false, 0]);
    fails = false;
    world.retry();
    await vi.runAllTimersAsync();
    expect([world.failure, shown.mock.calls.length]).toEqual([null, 1]);
  });

  it("waits when the server asks for a little patience", async () => {
    let calls = 0;
    const { world, shown } = worldOf(async () => {
      if (++calls === 1) throw new ApiFailure(429, "RATE_LIMITED", "Slowly.", null, 2);
      return ran();
    });
    world.spare(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([world.computing, world.failure]).toEqual([true, null]);
    await vi.runAllTimersAsync();
    expect(shown).toHaveBeenCalledTimes(1);
  });

  it("takes no more changes than a world can have", async () => {
    const { world } = worldOf(async () => ran());
    await world.start(Array.from({ length: MOST_CHANGES }, (_, fault) => ({ what: "spare", fault }) as const));
    world.takeOut(ref);
    expect(world.changes).toHaveLength(MOST_CHANGES);
    expect(world.failure).toMatch(/can have 40 changes/);
  });
});

describe("what readers find", () => {
  const exactly = stageFacts(stageRun());
  it("is the same with a crash and without, when the sink writes in transactions", () => {
    const found = compareOutputs(stageFacts(stageRun({ crash: false })), exactly);
    expect(found.more).toEqual([]);
    expect(comparisonSentences(found)).toEqual([expect.stringMatching(/^read_committed readers find the same \d+ records as without/)]);
  });

  it("is more after a crash when it does not", () => {
    const atLeast = (crash: boolean) => stageFacts(stageRun({ guarantee: "AT_LEAST_ONCE", crash }));
    const found = compareOutputs(atLeast(false), atLeast(true));
    expect(found.again.length).toBeGreaterThan(0);
    expect(comparisonSentences(found)[1]).toMatch(/there once too often/);
    expect(compareOutputs(atLeast(true), atLeast(false)).fewer.length).toBe(found.more.length);
  });
});

it("a record that is like another has its event time as far behind its arrival", () => {
  const model = { value: { page: "/a", at: 900 }, atMs: 1_000 } as unknown as StageRecord;
  expect(recordLike(model, 5_000, "at")).toEqual({ page: "/a", at: 4_900 });
  expect(recordLike(model, 5_000, undefined)).toEqual({ page: "/a", at: 900 });
  const sql = { value: { ts: "2026-01-05 10:00:00.000" }, atMs: Date.UTC(2026, 0, 5, 10) } as unknown as StageRecord;
  expect(recordLike(sql, Date.UTC(2026, 0, 5, 10, 0, 2), "ts")).toEqual({ ts: "2026-01-05 10:00:02.000" });
});
