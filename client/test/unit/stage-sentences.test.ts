/** Every sentence that the stage says about why and why not, on stories made by hand; that stories are told right is `stage.test.ts`'s. Watermarks: `watermark-why.test.ts`. */
import { describe, expect, it } from "vitest";
import { recordSentences, writeSentences } from "../../src/pages/stage/sentences.ts";
import type { StageRecord, StageTransaction, StageWindow, StageWrite } from "../../src/stage/stage-facts.ts";
import type { StageRun } from "../../src/stage/stage-run.ts";
import type { RecordStory, WriteStory } from "../../src/stage/why.ts";
import { clock } from "../fixtures/stage-run.ts";

const at = (time: string) => clock(`10:00:${time}`);
const record = (more: Partial<StageRecord> = {}) =>
  ({ seq: 5, atMs: at("12"), replay: false, fate: "onTime", ...more }) as unknown as StageRecord;
const window = (more: Partial<StageWindow> = {}) =>
  ({ v: 1, s: 0, key: "/cart", startMs: at("00"), endMs: at("10"), fired: [], lost: false, ...more }) as unknown as StageWindow;
const late = (more: object): RecordStory =>
  ({ kind: "late", record: record(), watermarkMs: at("12"), behindMs: 3_000, to: null, window: null, ...more }) as unknown as RecordStory;
const missed = (more: object) => ({ key: "/cart", startMs: at("00"), endMs: at("10"), firedMs: null, purgedMs: null, ...more });

describe("why a record was not counted", () => {
  it("its window had fired, and was given up later", () => {
    const said = recordSentences(late({ window: missed({ firedMs: at("10.500"), purgedMs: at("11.700") }) }));
    expect(said).toEqual([
      "Arrived 3 s behind the watermark (10:00:12).",
      "Its window [10:00:00, 10:00:10) had fired at 10:00:10.500, and was given up at 10:00:11.700.",
      "It produced nothing.",
      "Would have counted with 2 s more of allowed lateness, or arriving as much before the watermark moved.",
    ]);
  });

  it("its window had fired and was given up at once", () => {
    const said = recordSentences(late({ window: missed({ firedMs: at("10.500"), purgedMs: at("10.500") }) }));
    expect(said[1]).toBe("Its window [10:00:00, 10:00:10) had fired at 10:00:10.500.");
  });

  it("its window was over without having fired", () => {
    expect(recordSentences(late({ window: missed({}) }))[1]).toBe("Its window [10:00:00, 10:00:10) was over.");
  });

  it("nobody had opened a window for it; it went to a side output", () => {
    expect(recordSentences(late({ to: "late-clicks" }))).toEqual([
      "Arrived 3 s behind the watermark (10:00:12).",
      "The windows over its event time were over; none had been opened by another record.",
      "It went to the side output late-clicks.",
    ]);
  });

  it("it went no further", () => {
    const nothing = (lostInCrash: boolean) => recordSentences({ kind: "nothing", record: record(), lostInCrash });
    expect(nothing(false)).toEqual([expect.stringMatching(/^It went no further: filtered out/)]);
    expect(nothing(true)).toEqual([expect.stringMatching(/^The crash came before anything was made of it/)]);
  });
});

describe("why a record produced what it did", () => {
  const inWindows = (windows: StageWindow[], writes: StageWrite[] = []): string[] =>
    recordSentences({ kind: "windows", record: record(), windows, writes });

  it("its window has not fired, or went with a crash", () => {
    expect(inWindows([window()])).toEqual([
      "Counted in 1 window.",
      "Its window [10:00:00, 10:00:10) has not fired: no watermark passed its end.",
      "The window's result has not been written.",
    ]);
    expect(inWindows([window({ lost: true })])[1]).toMatch(/^Its window \[10:00:00, 10:00:10\) went with the crash/);
    // It fired before this record was put into it, and not again.
    expect(inWindows([window({ fired: [3] })])[1]).toMatch(/has not fired/);
  });

  it("its windows fired and their results are written", () => {
    expect(inWindows([window({ fired: [9] }), window({ fired: [8] })], [{} as StageWrite])).toEqual(["Counted in 2 windows."]);
  });

  it("it went through, into state, or into a timer", () => {
    expect(recordSentences({ kind: "written", record: record(), writes: [{}, {}] as StageWrite[] })).toEqual([
      "Went straight through: 2 outputs.",
    ]);
    expect(recordSentences({ kind: "state", record: record(), names: ["count", "last"], timers: [at("30")] })).toEqual([
      "Went into state (count, last); nothing was given out because of it alone.",
      "It set a timer for 10:00:30.",
    ]);
  });

  it("it had been read before", () => {
    const said = recordSentences({ kind: "written", record: record({ replay: true }), writes: [{}] as StageWrite[] });
    expect(said.at(-1)).toMatch(/^It had been read before/);
  });
});

let seq = 0;
const transaction = (number: number, id: string, outcome: StageTransaction["outcome"], endMs: number | null): StageTransaction =>
  ({ number, id, outcome, endMs, openMs: 0, v: 2, s: 0, preCommittedMs: null, writes: [] }) as StageTransaction;
const write = (atMs: number, by: StageTransaction | null, rowKind: StageWrite["rowKind"] = null) =>
  ({ seq: seq++, atMs, transaction: by, rowKind, value: { n: 1 } }) as unknown as StageWrite;
const runOf = (restored: number | null | "never down") =>
  ({
    facts: {
      downtimes: restored === "never down" ? [] : [{ fromMs: at("18"), toMs: at("20"), reason: "crash tm 1", restored }],
      checkpoints: [{ number: 4, triggeredMs: at("10") }],
    },
  }) as unknown as StageRun;
const story = (of: StageWrite, copies: StageWrite[] = [], from: WriteStory["from"] = { kind: "record" }): WriteStory => ({
  write: of,
  copies,
  from,
  inputs: [],
  committedMs: null,
});

describe("where an output comes from", () => {
  const of = (from: WriteStory["from"]) => writeSentences(story(write(0, null), [], from), runOf("never down"))[0];
  it("from a window, a timer, a record, state, or from nobody knows where", () => {
    expect(of({ kind: "window", window: window(), firedMs: at("11"), again: false })).toBe(
      "Result of window [10:00:00, 10:00:10) of /cart, fired at 10:00:11.",
    );
    expect(of({ kind: "window", window: window(), firedMs: at("11"), again: true })).toContain("fired again at");
    expect(of({ kind: "timer", timestampMs: at("30"), key: "u_1" })).toBe("Given out by the timer of u_1 for 10:00:30.");
    expect(of({ kind: "record" })).toBe("Made of one record, on its way through.");
    expect(of({ kind: "state", key: "u_1" })).toBe("Given out when its last record came; the earlier ones were kept in state for u_1.");
    expect(of(null)).toBe("The recording does not tell what it was made of.");
  });

  it.each([
    ["+I", /new in the table/],
    ["-U", /takes back/],
    ["+U", /after its update/],
    ["-D", /taken out of the table/],
  ] as const)("what a row of kind %s does", (kind, sentence) => {
    expect(writeSentences(story(write(0, null, kind)), runOf("never down"))[1]).toMatch(sentence);
  });
});

describe("an output that is there twice", () => {
  const twice = (first: StageTransaction | null, second: StageTransaction | null, run: StageRun) =>
    writeSentences(story(write(at("21"), second), [write(at("14"), first)]), run).slice(1);

  it("was written outside of transactions", () => {
    expect(twice(null, null, runOf(4))).toEqual([
      "The same value was written twice, again after the crash. They were written outside of transactions: nothing takes the first one back when the job starts again.",
      "After crash tm 1 at 10:00:18 the job went back to checkpoint 4 of 10:00:10, which does not know of the first one.",
    ]);
  });

  it("by one transaction that was committed twice", () => {
    const said = twice(
      transaction(1, "ledger-0-e5", "committed", at("14")),
      transaction(2, "ledger-0-e5", "committed", at("21")),
      runOf(null),
    );
    // In the order in which they were written, whichever was asked about.
    expect(said[0]).toMatch(/Transaction ledger-0-e5 was committed twice: as number \d at \S+ and as number \d at \S+\.$/);
    expect(said[1]).toBe("After crash tm 1 at 10:00:18 the job began anew: no checkpoint was complete that could know of the first one.");
  });

  it("by two transactions, with names and without", () => {
    const [first, second] = [transaction(1, "a-0-1", "committed", at("14")), transaction(2, "a-0-2", "committed", at("21"))];
    expect(twice(first, second, runOf("never down"))[0]).toMatch(
      /It was committed twice: in transaction a-0-\d \(number \d\) at \S+ and in transaction a-0-\d/,
    );
    const nameless = twice({ ...first, id: "" }, { ...second, id: "" }, runOf("never down"))[0];
    expect(nameless).toMatch(/in transaction \d at \S+ and in transaction \d at/);
  });

  it("but only one of them is seen", () => {
    const said = twice(transaction(1, "a", "aborted", at("18")), transaction(2, "b", "committed", at("21")), runOf(4));
    expect(said).toEqual([expect.stringContaining("Only one of them reached read_committed readers")]);
  });
});
