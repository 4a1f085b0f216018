/** The mock interview without a browser: which questions, how time counts, what is kept, what the report says. */
import type { JudgeReport, ProblemSummary, SubmissionDetail, SubmissionSummary } from "@millrace/server/contract";
import { describe, expect, it } from "vitest";
import { ApiFailure } from "../../src/api/client.ts";
import {
  newSeed,
  readInterviewAddress,
  readPastInterview,
  writeInterviewAddress,
  writePastInterview,
} from "../../src/state/interview-address.ts";
import { clockText, counted, startedClock, withRunning } from "../../src/state/interview-clock.ts";
import { type InterviewWish, planInterview } from "../../src/state/interview-plan.ts";
import { InterviewHistory, MOST_INTERVIEWS } from "../../src/state/interview-history.svelte.ts";
import { interviewReport } from "../../src/state/interview-report.ts";
import { Interview } from "../../src/state/interview.svelte.ts";
import { seeded, shuffled } from "../../src/state/seeded.ts";
import { memoryStore } from "../../src/state/storage.ts";
import { judgeReport, problemList, submissionDetail, submissionSummary } from "../fixtures/answers.ts";

const base = problemList.problems[0];
const problem = (id: string, section: number, difficulty: number, minutes: number, followUp: string | null = null): ProblemSummary => ({
  ...base,
  id,
  title: id,
  section,
  difficulty,
  minutes,
  followUp: followUp === null ? null : { problemId: followUp, change: `Now ${followUp}.` },
  lastVerdict: null,
  bestScore: null,
});

/** Five sections of four problems; the first of each becomes the third. */
const PROBLEMS = [1, 2, 3, 4, 5].flatMap((section) => [
  problem(`s${section}-a`, section, 2, 15, `s${section}-c`),
  problem(`s${section}-b`, section, 3, 20),
  problem(`s${section}-c`, section, 3, 15),
  problem(`s${section}-d`, section, 5, 40),
]);
const wish = (seed: number, minutes = 60, sections: readonly number[] = []): InterviewWish => ({ seed, minutes, sections });
const minutesOf = (ids: readonly string[]) => ids.reduce((sum, id) => sum + (PROBLEMS.find((p) => p.id === id)?.minutes ?? 0), 0);

describe("chance", () => {
  it("is the same for the same seed, in [0, 1), and shuffles without losing anything", () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 200 },
        (
          (chance) => () =>
            chance.next()
        )(seeded(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((x) => x >= 0 && x < 1)).toBe(true);
    expect(shuffled([1, 2, 3, 4, 5], seeded(3)).sort()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("the set of questions", () => {
  it("is the same for the same seed, fits the time, repeats nothing and has a change, for many seeds and lengths", () => {
    const first = new Set<string>();
    for (let seed = 1; seed <= 200; seed++) {
      for (const minutes of [30, 45, 60, 90]) {
        const set = planInterview(PROBLEMS, wish(seed, minutes));
        const ids = set.map((question) => question.problem);
        expect(set).toEqual(planInterview(PROBLEMS, wish(seed, minutes)));
        expect(minutesOf(ids)).toBeLessThanOrEqual(minutes);
        expect(new Set(ids).size).toBe(ids.length);
        expect(set.filter(({ change }) => change !== null).length).toBeGreaterThan(0);
        for (const [i, question] of set.entries()) {
          if (question.change === null) continue;
          expect(PROBLEMS.find((p) => p.id === ids[i - 1])?.followUp).toEqual({ problemId: question.problem, change: question.change });
        }
        first.add(ids[0]);
      }
    }
    expect(first.size).toBe(5);
  });

  it("spreads over sections and grows harder", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const set = planInterview(PROBLEMS, wish(seed, 90));
      const fresh = set.filter(({ change }) => change === null).map((question) => PROBLEMS.find((p) => p.id === question.problem)!);
      expect(new Set(fresh.map(({ section }) => section)).size).toBe(fresh.length);
      expect(fresh.at(-1)!.difficulty).toBeGreaterThanOrEqual(fresh[0].difficulty);
    }
  });

  it("has its change also where only one section has one", () => {
    const few = PROBLEMS.map((each) => (each.id === "s4-a" ? each : { ...each, followUp: null }));
    for (let seed = 1; seed <= 50; seed++) {
      expect(planInterview(few, wish(seed, 30)).map((question) => question.problem)).toEqual(["s4-a", "s4-c"]);
    }
  });

  it("keeps to the sections that were chosen, and is empty when nothing fits", () => {
    const set = planInterview(PROBLEMS, wish(3, 60, [2, 4]));
    expect(set.every((question) => /^s[24]/.test(question.problem))).toBe(true);
    expect(planInterview(PROBLEMS, wish(3, 60, [9]))).toEqual([]);
    expect(planInterview([problem("long", 1, 2, 95)], wish(3, 90))).toEqual([]);
    expect(planInterview([problem("gone", 1, 2, 20, "nowhere")], wish(3))).toEqual([{ problem: "gone", change: null }]);
  });

  it("stands in the address", () => {
    expect(readInterviewAddress(writeInterviewAddress(wish(481, 30, [3, 5])))).toEqual(wish(481, 30, [3, 5]));
    expect(writeInterviewAddress(wish(7))).toBe("?seed=7&minutes=60");
    expect(readInterviewAddress("?seed=0x10&minutes=7&sections=3,x,3,-1")).toEqual({ seed: null, minutes: 45, sections: [3] });
    expect([newSeed(() => 0), newSeed(() => 0.9999999)]).toEqual([1, 999_999]);
  });
});

describe("the clock", () => {
  it("counts while it runs, and neither pauses nor absences", () => {
    let clock = startedClock(1_000);
    clock = counted(clock, 31_000);
    expect(clock.elapsedMs).toBe(30_000);
    clock = withRunning(clock, false, 41_000);
    clock = counted(clock, 71_000);
    expect(clock.elapsedMs).toBe(40_000);
    clock = withRunning(clock, true, 81_000);
    expect(counted(clock, 82_000).elapsedMs).toBe(41_000);
    expect(counted(clock, 81_000 + 3_600_000).elapsedMs).toBe(40_000);
    expect(counted(clock, 50_000).elapsedMs).toBe(40_000);
  });

  it("is written as people write it", () => {
    expect([0, 59_999, 1_878_000, 3_723_000, -65_000].map(clockText)).toEqual(["0:00", "0:59", "31:18", "1:02:03", "1:05"]);
  });
});

/** A server that has these submissions. */
function serverOf(sent: SubmissionSummary[], hints: Readonly<Record<string, string>> = {}) {
  return {
    submissions: async (id: string) => sent.filter(({ problemId }) => problemId === id),
    submission: async (id: string): Promise<SubmissionDetail> => {
      const summary = sent.find((each) => each.id === id)!;
      const detail = submissionDetail(summary, "text");
      const title = hints[id] === undefined ? {} : { hintTitle: `Title of ${id}` };
      return { ...detail, report: { ...judgeReport(false), hint: hints[id] ?? null, ...title } as JudgeReport };
    },
  };
}

const submitted = (number: number, problemId: string, isRight: boolean | null): SubmissionSummary => ({
  ...submissionSummary(number, problemId, "datastream", isRight),
  id: `${problemId}-${number}`,
});

const SET = [
  { problem: "s1-a", change: null },
  { problem: "s1-c", change: "Now s1-c." },
  { problem: "s2-b", change: null },
];

describe("an interview", () => {
  it("counts what was sent since the question, keeps time per question, and comes back after a reload", async () => {
    const sent = [submitted(1, "s1-a", false)];
    const store = memoryStore();
    let nowMs = 1_000_000;
    const parts = { api: serverOf(sent, { "s1-a-2": "Mind the bound." }), store, now: () => nowMs };
    const interview = new Interview(parts);
    expect([interview.wish, interview.question]).toEqual([null, null]);
    interview.drafts.set("draft.s1-a.datastream", "left over");
    interview.start(wish(7), SET);
    expect(interview.drafts.get("draft.s1-a.datastream")).toBeNull();
    await expect.poll(() => interview.questions[0].before).toBe(1);
    sent.push(submitted(2, "s1-a", false), submitted(3, "s1-a", true));
    interview.drafts.set("hints.s1-a", "2");
    nowMs += 60_000;
    await interview.next();
    expect(interview.questions[0]).toMatchObject({
      spentMs: 60_000,
      hintsOpened: 2,
      outcome: {
        attempts: 2,
        isSolved: true,
        misconceptions: [{ title: "Title of s1-a-2", text: "Mind the bound." }],
        // The attempt that failed can be looked into.
        stage: "s1-a-2",
        isPending: false,
      },
    });
    nowMs += 30_000;
    interview.pause(true);
    nowMs += 30_000;

    const reloaded = new Interview({ ...parts, now: () => nowMs });
    expect([reloaded.at, reloaded.isPaused, reloaded.elapsedMs, reloaded.leftMs]).toEqual([1, true, 90_000, 59 * 60_000 - 30_000]);
    expect(reloaded.question).toMatchObject({ problem: "s1-c", change: "Now s1-c.", spentMs: 30_000 });
    await reloaded.next();
    expect([reloaded.isPaused, reloaded.question?.problem]).toEqual([false, "s2-b"]);
    await reloaded.next();
    expect([reloaded.isOver, reloaded.question]).toEqual([true, null]);
    expect(new Interview(parts).isOver).toBe(true);
    reloaded.discard();
    expect(new Interview(parts).wish).toBeNull();
  });

  it("goes on without the server, and asks again for the report", async () => {
    let isAway = true;
    const sent: SubmissionSummary[] = [];
    const real = serverOf(sent);
    const api = {
      submissions: async (id: string) => (isAway ? Promise.reject(new ApiFailure(0, "NETWORK_AWAY", "away")) : real.submissions(id)),
      submission: real.submission,
    };
    const interview = new Interview({ api, store: memoryStore(), now: () => 5_000 });
    interview.start(wish(7), SET.slice(0, 1));
    await expect(interview.next()).rejects.toThrow("away");
    expect([interview.isOver, interview.questions[0].outcome]).toEqual([true, null]);
    isAway = false;
    sent.push({ ...submitted(1, "s1-a", true), createdAtMs: 4_999 }, { ...submitted(2, "s1-a", false), createdAtMs: 5_001 });
    await interview.collect();
    expect(interview.questions[0].outcome).toMatchObject({ attempts: 1, isSolved: false });
  });

  it("is none when what is kept cannot be read, and says when nothing is kept", () => {
    const store = memoryStore();
    store.set("interview", '{"version":1');
    expect(new Interview({ api: serverOf([]), store, now: () => 1 }).wish).toBeNull();
    expect(store.get("interview")).toBeNull();
    const full = { ...memoryStore(), set: () => false };
    const interview = new Interview({ api: serverOf([]), store: full, now: () => 1 });
    interview.start(wish(7), SET);
    expect([interview.isStored, interview.question?.problem]).toEqual([false, "s1-a"]);
  });
});

const untitled = (text: string) => ({ title: null, text });

describe("earlier interviews", () => {
  it("are kept when they end, with what is known of them, and come back with their notes", async () => {
    const sent: SubmissionSummary[] = [];
    const store = memoryStore();
    let nowMs = 1_000_000;
    const history = new InterviewHistory(store);
    const interview = new Interview({ api: serverOf(sent), store, history, now: () => nowMs });
    interview.start(wish(7), SET);
    await expect.poll(() => interview.questions[0].before).toBe(0);
    expect(history.interviews).toEqual([]);
    nowMs += 60_000;
    await interview.end();
    expect(history.find(1_060_000)).toMatchObject({ wish: wish(7), elapsedMs: 60_000, notes: "" });
    history.note(1_060_000, "Say the bound first.");
    // What the server told afterwards belongs to it as well; the notes stay.
    sent.push(submitted(1, "s1-a", true));
    await interview.collect();
    expect(history.find(1_060_000)).toMatchObject({ notes: "Say the bound first." });
    expect(history.find(1_060_000)?.questions[0].outcome?.isSolved).toBe(true);
    interview.discard();

    nowMs += 600_000;
    interview.start(wish(8), SET);
    await interview.end();
    const reloaded = new InterviewHistory(store);
    expect(reloaded.interviews.map(({ wish: { seed }, notes }) => [seed, notes])).toEqual([
      [8, ""],
      [7, "Say the bound first."],
    ]);
    reloaded.remove(1_060_000);
    expect(new InterviewHistory(store).interviews.map(({ wish: { seed } }) => seed)).toEqual([8]);
  });

  it("are none when they cannot be read; only so many are kept, and it is told when one is not", () => {
    const store = memoryStore();
    store.set("interviews", "[1");
    const history = new InterviewHistory(store);
    const asked = { ...SET[0], before: 0, askedAtMs: 1, spentMs: 0, hintsOpened: 0, outcome: null };
    for (let n = 1; n <= MOST_INTERVIEWS + 5; n++) history.put({ endedAtMs: n, wish: wish(n), questions: [asked], elapsedMs: 1 });
    expect(history.interviews).toHaveLength(MOST_INTERVIEWS);
    expect(history.interviews[0].endedAtMs).toBe(MOST_INTERVIEWS + 5);
    history.put({ endedAtMs: 1_000, wish: wish(1), questions: [{ ...asked, askedAtMs: null }], elapsedMs: 0 });
    expect(history.find(1_000)).toBeNull();
    const full = new InterviewHistory({ ...memoryStore(), set: () => false });
    full.put({ endedAtMs: 1, wish: wish(1), questions: [asked], elapsedMs: 1 });
    expect(full.isStored).toBe(false);
  });

  it("read misconceptions that were kept without their titles", () => {
    const store = memoryStore();
    const interview = new Interview({ api: serverOf([]), store, now: () => 1 });
    interview.start(wish(7), SET);
    const kept = JSON.parse(store.get("interview")!);
    kept.questions[0].outcome = { attempts: 1, isSolved: false, misconceptions: ["Mind the bound."], isPending: false };
    store.set("interview", JSON.stringify(kept));
    const again = new Interview({ api: serverOf([]), store, now: () => 1 });
    expect(again.questions[0].outcome).toMatchObject({ misconceptions: [untitled("Mind the bound.")], stage: null });
  });

  it("have an address", () => {
    expect(readPastInterview(writePastInterview(1_060_000))).toBe(1_060_000);
    expect(readPastInterview("?past=x")).toBeNull();
    expect(readPastInterview("?seed=3")).toBeNull();
  });
});

describe("the report", () => {
  const outcome = {
    attempts: 1,
    isSolved: true,
    score: 100,
    maxScore: 100,
    verdict: "accepted",
    misconceptions: [],
    stage: null,
    isPending: false,
  };
  const question = { before: 0, askedAtMs: 1, spentMs: 60_000, hintsOpened: 0, outcome };
  const sections = [1, 2].map((number) => ({ number, title: `Section ${number}`, subtitle: "" }));
  const lessons = [{ id: "p.two", title: "Two", section: 2, minutes: 4 }];

  it("has sections with something missed first, with what to practise: the missed, then a step further", () => {
    const missed = {
      ...outcome,
      isSolved: false,
      verdict: "wrong-output",
      misconceptions: ["Mind the bound.", "Mind the key."].map(untitled),
    };
    const report = interviewReport(
      [
        { ...SET[0], ...question },
        { ...SET[1], ...question },
        { ...SET[2], ...question, outcome: missed },
        { problem: "s2-d", change: null, ...question, askedAtMs: null, outcome: null },
      ],
      { problems: PROBLEMS, sections, lessons },
    );
    expect([report.solved, report.asked, report.notAsked, report.isPending]).toEqual([2, 3, 1, false]);
    expect(report.sections.map(({ section }) => section.number)).toEqual([2, 1]);
    const [second, first] = report.sections;
    expect(second).toMatchObject({ solved: 0, spentMs: 60_000, expectedMs: 20 * 60_000, lesson: lessons[0] });
    expect(second.misconceptions).toEqual(["Mind the bound.", "Mind the key."].map(untitled));
    expect(second.next.map(({ id }) => id)).toEqual(["s2-b", "s2-a"]);
    expect(first.next.map(({ id }) => id)).toEqual(["s1-b", "s1-d"]);
    expect(first.lesson).toBeNull();
  });

  it("waits for verdicts, and for what the server has not said", () => {
    const sources = { problems: PROBLEMS, sections, lessons };
    expect(interviewReport([{ ...SET[0], ...question, outcome: { ...outcome, isPending: true } }], sources).isPending).toBe(true);
    expect(interviewReport([{ ...SET[0], ...question, outcome: null }], sources).isPending).toBe(true);
    expect(interviewReport([{ problem: "gone", change: null, ...question }], sources)).toMatchObject({
      asked: 0,
      notAsked: 1,
      sections: [],
    });
  });
});
