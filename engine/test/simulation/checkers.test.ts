/** Each checker against what it has to find and what it has to let pass. */
import { describe, expect, it } from "vitest";
import {
  type CheckedRun,
  checkRun,
  type OutputRow,
  type Promises,
  type RecordingEvent,
  type RunOutcome,
  systemRows,
  type TableName,
} from "../../src/sim.ts";
import { atLeastOnce, exactlyOnce, lastPerKey, orderPerKey } from "../../src/sim/checkers/delivery.ts";
import { endsItsTransactions, namesItsLoss } from "../../src/sim/checkers/ending.ts";
import { checkpointsAreWhole, timersWait, watermarksRise } from "../../src/sim/checkers/happenings.ts";
import { commitsCheckpointsOnce, publishesFilesOnce } from "../../src/sim/checkers/systems.ts";
import { mirrors, replaysTo } from "../../src/sim/checkers/table-copies.ts";
import { worldOf } from "../datastream/run-job.ts";

const row = (key: string, value: number): OutputRow => ({ place: "out", key, value });

function runOf(rows: readonly OutputRow[], expected: readonly OutputRow[], events: readonly RecordingEvent[] = []): CheckedRun {
  const outcome = {
    status: "finished",
    failure: null,
    exceptions: { entries: [], truncated: false },
    topics: [],
    systems: [],
    stateSizes: [],
    recording: { events },
  } as unknown as RunOutcome;
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

describe("systems outside the cluster", () => {
  const withSystems = (...systems: RunOutcome["systems"]): CheckedRun => {
    const run = runOf([], []);
    return { ...run, outcome: { ...run.outcome, systems } };
  };
  const database = (name: string, rows: readonly object[], preparedTransactions: readonly string[] = []) => ({
    kind: "postgres",
    name,
    contents: { tables: [{ name: "public.orders", rows }], preparedTransactions },
  });
  const table: TableName = { system: "shop", table: "public.orders", key: ["id"] };

  it("hold rows: of tables, documents, streams, visible files", () => {
    const outcome = withSystems(
      database("shop", [{ id: 1 }]),
      { kind: "elasticsearch", name: "search", contents: { indices: [{ name: "i", documents: [{ id: "a", source: { id: 2 } }] }] } },
      { kind: "kinesis", name: "aws", contents: { streams: [{ name: "s", shards: [{ records: [{ partitionKey: "k", data: 3 }] }] }] } },
      { kind: "files", name: "disk", contents: { files: [file("/a/part-0", "4\n5\n"), file("/a/.part-1", "6\n")] } },
      {
        kind: "objectStore",
        name: "s3",
        contents: { buckets: [{ name: "b", objects: [object("a/part-0", "7"), object("a/_part_tmp_1", "8")] }] },
      },
      { kind: "iceberg", name: "lake", contents: { tables: [{ name: "db.t", rows: [{ id: 9 }] }] } },
    ).outcome;
    const rows = systemRows(outcome, ["shop", "search", "aws", "disk", "s3", "lake"]);
    expect(rows.map(({ place, value }) => [place, value])).toEqual([
      ["public.orders", { id: 1 }],
      ["i", { id: 2 }],
      ["s", 3],
      ["disk", "4"],
      ["disk", "5"],
      ["b", "7"],
      ["db.t", { id: 9 }],
    ]);
    expect(systemRows(outcome, ["search"])).toHaveLength(1);
    expect(() => systemRows(withSystems({ kind: "socket", name: "s", contents: {} }).outcome, ["s"])).toThrow("cannot be compared");
  });

  it("have no prepared transactions in the end", () => {
    expect(endsItsTransactions.check(withSystems(database("shop", [], ["t7"])))).toBe("transaction t7 is still prepared in shop");
    expect(endsItsTransactions.check(withSystems(database("shop", [])))).toBeNull();
  });

  const change = (op: string, before: object | null, after: object | null): OutputRow => rowOf({ op, before, after });
  it.each([
    ["all changes in order", [change("r", null, { id: 1, n: 1 }), change("u", { id: 1, n: 1 }, { id: 1, n: 2 })], null],
    ["a change twice", [change("c", null, { id: 1, n: 2 }), change("c", null, { id: 1, n: 2 })], "a change meets"],
    ["a change that is missing", [change("u", { id: 1, n: 1 }, { id: 1, n: 2 })], "a change meets null"],
    ["the last one is missing", [change("r", null, { id: 1, n: 1 })], '{"id":1,"n":1} is there instead of {"id":1,"n":2}'],
    [
      "a delete is missing",
      [change("r", null, { id: 1, n: 2 }), change("r", null, { id: 2, n: 2 })],
      "1 rows are there that the table has not",
    ],
    [
      "another order of fields, and a deleted row",
      [change("r", null, { n: 2, id: 1 }), change("r", null, { id: 2, n: 2 }), change("d", { n: 2, id: 2 }, null)],
      null,
    ],
  ])("changes: %s", (_, rows, part) => {
    expectAnswer(replaysTo(table).check({ ...withSystems(database("shop", [{ id: 1, n: 2 }])), rows }), part);
  });

  it.each([
    [
      "the same rows, deleted ones apart",
      [
        { id: 1, gone: false },
        { id: 2, gone: true },
      ],
      null,
    ],
    [
      "a row too many",
      [
        { id: 1, gone: false },
        { id: 2, gone: false },
      ],
      '1 rows are there that the table has not, first {"id":2}',
    ],
    ["a row too few", [], 'null is there instead of {"id":1}'],
  ])("copies: %s", (_, rows, part) => {
    const copy = { ...table, system: "copy", deletedBy: "gone" };
    expectAnswer(mirrors(table, copy).check(withSystems(database("shop", [{ id: 1 }]), database("copy", rows))), part);
  });

  it("publish a file once", () => {
    const event = (system: string, what: string, detail: object): RecordingEvent => ({ kind: "system", t: 0, system, what, detail });
    const upload = event("s3", "uploadCompleted", { bucket: "b", key: "k" });
    const rename = event("disk", "renamed", { from: "/.a", to: "/a" });
    expect(publishesFilesOnce.check(runOf([], [], [upload, rename, event("s4", "put", { bucket: "b", key: "k" })]))).toBeNull();
    expect(publishesFilesOnce.check(runOf([], [], [upload, event("s3", "put", { bucket: "b", key: "k" })]))).toContain("s3: b/k");
    expect(publishesFilesOnce.check(runOf([], [], [rename, rename]))).toContain("disk: /a was published twice");
  });

  it("have one snapshot per checkpoint of an operator", () => {
    const snapshots = (...ids: readonly (readonly [string, string])[]) =>
      withSystems({
        kind: "iceberg",
        name: "lake",
        contents: {
          tables: [
            {
              name: "db.t",
              rows: [],
              snapshots: ids.map(([operator, checkpoint], index) => ({
                snapshotId: index,
                summary: { "flink.job-id": "j", "flink.operator-id": operator, "flink.max-committed-checkpoint-id": checkpoint },
              })),
            },
          ],
        },
      });
    expect(commitsCheckpointsOnce.check(snapshots(["a", "1"], ["b", "1"], ["a", "2"]))).toBeNull();
    expect(commitsCheckpointsOnce.check(snapshots(["a", "1"], ["a", "2"], ["a", "1"]))).toContain("commits checkpoint 1 again");
  });

  it("may lose data only where the job says so", () => {
    const checker = namesItsLoss("slot");
    const run = runOf([], []);
    const ended = (message: string): CheckedRun => ({
      ...run,
      outcome: { ...run.outcome, status: "failed", failure: { code: "JOB_USER_EXCEPTION", message } },
    });
    expect(checker.check(run)).toBeNull();
    expect(checker.check(ended("the slot is lost"))).toBeNull();
    expect(checker.check(ended("something happened"))).toContain('without a word of "slot"');
  });
});

const rowOf = (value: unknown): OutputRow => ({ place: "out", key: null, value });
const file = (path: string, content: string) => ({ path, content, bytes: 0, visibleAtMs: 0, inProgress: path.includes("/.") });
const object = (key: string, content: string) => ({ key, content, bytes: 0, visibleAtMs: 0 });

function expectAnswer(answer: string | null, part: string | null): void {
  if (part === null) expect(answer).toBeNull();
  else expect(answer).toContain(part);
}
