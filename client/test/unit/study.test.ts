/** When things come back, and what is kept where. */
import type { Review, ReviewGrade, StudyCard } from "@millrace/server/contract";
import { describe, expect, it } from "vitest";
import { after, PROBLEM_DAYS, scheduleOf } from "../../src/state/repetition.ts";
import { memoryStore } from "../../src/state/storage.ts";
import { NEW_A_DAY, Study } from "../../src/state/study.svelte.ts";
import { problemList } from "../fixtures/answers.ts";

const DAY = 86_400_000;
const T0 = new Date(2026, 10, 30, 9).getTime();

/** Each one when the one before was due. */
function onTime(...grades: ReviewGrade[]) {
  const reviews: Review[] = [];
  for (const grade of grades) reviews.push({ item: "card:a", atMs: scheduleOf(reviews)?.dueAtMs ?? T0, grade });
  return scheduleOf(reviews)!;
}

describe("SM-2", () => {
  it("spaces successes by one day, six days, and then by the factor", () => {
    expect(onTime(3).intervalMs).toBe(DAY);
    expect(onTime(3, 3).intervalMs).toBe(6 * DAY);
    expect(onTime(3, 3, 3)).toMatchObject({ intervalMs: 15 * DAY, streak: 3, factor: 2.5 });
    expect(onTime(4, 4, 4).intervalMs / DAY).toBeCloseTo(6 * 2.8, 5);
    expect(onTime(2, 2, 2).intervalMs / DAY).toBeCloseTo(6 * 2.08, 5);
  });

  it("begins anew after a failure, in ten minutes, and remembers that it was hard", () => {
    const failed = onTime(3, 3, 3, 1);
    expect(failed).toMatchObject({ intervalMs: 0, streak: 0 });
    expect(failed.factor).toBeCloseTo(1.96, 5);
    expect(onTime(3, 3, 3, 1, 3)).toMatchObject({ intervalMs: DAY, streak: 1 });
    expect(onTime(1, 1, 1, 1, 1, 1).factor).toBe(1.3);
  });

  it("learns nothing from a success before it is due, but from a failure", () => {
    const before = onTime(3, 3);
    expect(after(before, 4, before.dueAtMs - 1)).toBe(before);
    expect(after(before, 1, before.dueAtMs - 1).streak).toBe(0);
    expect(after(before, 4, before.dueAtMs).streak).toBe(3);
  });

  it("never waits longer than a year, and has longer steps for problems", () => {
    expect(onTime(4, 4, 4, 4, 4, 4, 4, 4).intervalMs).toBe(365 * DAY);
    expect(after(null, 3, T0, PROBLEM_DAYS).intervalMs).toBe(7 * DAY);
    expect(scheduleOf([])).toBeNull();
  });
});

const card = (id: string, section: number): StudyCard => ({ id, section, frontHtml: "<p>?</p>", backHtml: "<p>!</p>", problemId: null });
const CARDS = Array.from({ length: 25 }, (_, i) => card(`p.c${i}`, 1 + (i % 3)));

/** A server that remembers. `away` while it does not answer. */
function serverOf(reviews: Review[] = []) {
  const state = { reviews, away: false, solvedAtMs: null as number | null };
  const answer = async <T>(value: T): Promise<T> => {
    if (state.away) throw new Error("The server does not answer.");
    return value;
  };
  const solved = problemList.problems[0].id;
  const progress = {
    startedAtMs: 1,
    lastAtMs: 1,
    runs: 0,
    attempts: 1,
    lastVerdict: null,
    bestScore: null,
    surrenderedAtMs: null,
    hintsOpened: [],
  };
  return {
    state,
    api: {
      cards: () => answer(CARDS),
      lessons: () => answer([]),
      problems: () => answer(problemList),
      progress: () => answer({ problems: [{ ...progress, problemId: solved, solvedAtMs: state.solvedAtMs }] }),
      reviews: () => answer([...state.reviews]),
      addReviews: async (added: readonly Review[]) => {
        await answer(null);
        state.reviews.push(...added);
      },
    },
  };
}

describe("study", () => {
  it("brings ten new cards a day and what is due, the longest overdue first", async () => {
    let nowMs = T0;
    const { api, state } = serverOf();
    const study = new Study({ api, store: memoryStore(), now: () => nowMs });
    await study.load();
    expect([study.due.length, study.fresh.length, study.nextDueAtMs]).toEqual([0, NEW_A_DAY, null]);
    const [first, second] = study.fresh;
    study.grade(first, 3);
    nowMs += 60_000;
    study.grade(second, 1);
    expect(study.fresh.length).toBe(NEW_A_DAY - 2);
    expect(study.nextDueAtMs).toBe(nowMs + 600_000);
    await expect.poll(() => state.reviews.length).toBe(2);
    nowMs = T0 + DAY;
    study.look();
    expect(study.due.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(study.fresh.length).toBe(NEW_A_DAY);
    expect([study.known(1), study.known(2), study.dueIn(1), study.dueIn(3)]).toEqual([
      { known: 1, total: 9 },
      { known: 0, total: 8 },
      1,
      0,
    ]);
  });

  it("brings solved problems back after a week", async () => {
    let nowMs = T0;
    const { api, state } = serverOf();
    state.solvedAtMs = T0 - 6 * DAY;
    const study = new Study({ api, store: memoryStore(), now: () => nowMs });
    await study.load();
    expect(study.due).toEqual([]);
    nowMs += DAY;
    study.look();
    expect(study.due).toMatchObject([{ kind: "problem", title: problemList.problems[0].title }]);
    study.grade(study.due[0], 3);
    expect(study.due).toEqual([]);
    expect(study.nextDueAtMs).toBe(nowMs + 21 * DAY);
  });

  it("keeps what the server was not told, over a reload, and tells it later; machines add up", async () => {
    const store = memoryStore();
    const { api, state } = serverOf([{ item: "card:p.c9", atMs: T0 - 9 * DAY, grade: 3 }]);
    const study = new Study({ api, store, now: () => T0 });
    await study.load();
    state.away = true;
    study.grade(study.fresh[0], 4);
    study.markRead("p.time");
    study.markRead("p.time");
    expect(study.isRead("p.time")).toBe(true);
    const reloaded = new Study({ api, store, now: () => T0 + 5 });
    await reloaded.load();
    expect([reloaded.error, reloaded.isRead("p.time")]).toEqual(["The server does not answer.", true]);
    state.away = false;
    await reloaded.load();
    await expect.poll(() => state.reviews.map(({ item }) => item).sort()).toEqual(["card:p.c0", "card:p.c9", "lesson:p.time"]);
    expect(store.get("reviews.unsent")).toBe("[]");
    expect(reloaded.due.map(({ id }) => id)).toEqual(["card:p.c9"]);
    const elsewhere = new Study({ api, store: memoryStore(), now: () => T0 });
    await elsewhere.load();
    expect(elsewhere.isRead("p.time")).toBe(true);
  });

  it("works without a browser's memory, and with a broken one", async () => {
    const { api, state } = serverOf();
    const study = new Study({ api, store: { ...memoryStore(), set: () => false }, now: () => T0 });
    await study.load();
    study.grade(study.fresh[0], 3);
    expect(study.isStored).toBe(false);
    await expect.poll(() => state.reviews.length).toBe(1);
    const broken = memoryStore();
    broken.set("reviews", '[{"item":');
    broken.set("reviews.unsent", "7");
    const other = new Study({ api, store: broken, now: () => T0 });
    await other.load();
    expect([other.error, other.known(1).known]).toEqual([null, 1]);
  });
});
