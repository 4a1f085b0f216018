/** Lessons and cards as learners get them, and the log of what they remembered. */
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { LessonDetail, ProblemList, Review, StudyCard } from "../src/contract/index.ts";
import { MAX_REVIEWS_AT_ONCE } from "../src/limits.ts";
import { loadCatalog } from "../src/services/catalog/load-catalog.ts";
import { answerOf, type Browser, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

let test: TestApp | null = null;
let ada: Browser & { readonly id: string };
const NOW = 1_800_000_000_000;

beforeEach(async () => {
  await test?.close();
  test = await makeApp({ accounts: true }, new InProcessJudge(), { now: () => NOW });
  ada = await userWith(test.app, test.parts, "ada", "learner");
});

afterAll(async () => {
  await test?.close();
  removeTempDirs();
});

describe("lessons and cards", () => {
  it("are told as they are to be shown", async () => {
    expect((await ada.call("GET", "/cards")).json<StudyCard[]>()).toEqual([
      {
        id: "test.window",
        section: 1,
        frontHtml: "<p>What is a window?</p>\n",
        backHtml: "<p>A span of time.</p>\n",
        problemId: "word-count",
      },
    ]);
    expect((await ada.call("GET", "/lessons")).json()).toEqual([{ id: "test.windows", title: "Windows", section: 1, minutes: 4 }]);
    expect((await ada.call("GET", "/lessons/test.windows")).json<LessonDetail>().parts).toEqual([
      { kind: "text", html: "<p>Windows end.</p>\n" },
    ]);
    expect(answerOf(await ada.call("GET", "/lessons/no-such"))).toBe("404 LESSON_UNKNOWN");
    const [first] = (await ada.call("GET", "/problems")).json<ProblemList>().problems;
    expect(first!.followUp).toEqual({ problemId: "sql-only", change: "Now in SQL." });
  });

  it("of the bundled pack show no world but samples", async () => {
    const { catalog, problems, complaints } = await loadCatalog([join(import.meta.dirname, "../../problems/flink-interview")]);
    expect(complaints).toEqual([]);
    const figures = catalog.lessons.flatMap(({ parts }) => parts).filter((part) => part.kind === "figure");
    for (const { problemId, world } of figures) {
      const samples = problems.get(problemId)!.scenarios.filter(({ visibility }) => visibility === "sample");
      expect(samples.map(({ streams }) => Object.keys(streams))).toContainEqual(
        world.topics.filter(({ arrivals }) => arrivals.length > 0).map(({ name }) => name),
      );
    }
  });
});

describe("reviews", () => {
  const add = async (...reviews: Review[]) => answerOf(await ada.call("POST", "/reviews", { body: { reviews } }));
  const list = async (who: Browser = ada) => (await who.call("GET", "/reviews")).json<Review[]>();

  it("are added, twice is as once, and everybody has their own", async () => {
    const first: Review = { item: "card:test.window", atMs: NOW - 5, grade: 1 };
    const second: Review = { item: "problem:word-count", atMs: NOW - 9, grade: 4 };
    expect(await add(first, second)).toBe("204");
    expect(await add(first, { ...first, grade: 4 })).toBe("204");
    expect(await list()).toEqual([second, first]);
    expect(await list(await userWith(test!.app, test!.parts, "bob", "learner"))).toEqual([]);
  });

  it("have an end", async () => {
    const { reviews } = test!.parts;
    const many = Array.from({ length: 6 }, (_, atMs): Review => ({ item: "card:a", atMs, grade: 3 }));
    expect(await reviews.add(ada.id, many, 5)).toBe(false);
    expect(await list()).toEqual([]);
    expect(await reviews.add(ada.id, many, 6)).toBe(true);
    expect(await reviews.add(ada.id, [], 6)).toBe(true);
    const tooMany = Array.from({ length: MAX_REVIEWS_AT_ONCE + 1 }, (_, atMs): Review => ({ item: "card:a", atMs, grade: 3 }));
    expect(await add(...tooMany)).toBe("400 BODY_INVALID");
  });

  it("are not taken from the future", async () => {
    expect(await add({ item: "card:a", atMs: NOW + 23 * 3_600_000, grade: 3 })).toBe("204");
    expect(await add({ item: "card:a", atMs: NOW + 25 * 3_600_000, grade: 3 })).toBe("400 REVIEW_IN_FUTURE");
  });

  it.each([
    ["no list", {}],
    ["an unknown kind", { reviews: [{ item: "badge:a", atMs: 1, grade: 3 }] }],
    ["a path", { reviews: [{ item: "card:../a", atMs: 1, grade: 3 }] }],
    ["script", { reviews: [{ item: "card:<script>", atMs: 1, grade: 3 }] }],
    ["a grade of five", { reviews: [{ item: "card:a", atMs: 1, grade: 5 }] }],
    ["a time before time", { reviews: [{ item: "card:a", atMs: -1, grade: 3 }] }],
    ["half a millisecond", { reviews: [{ item: "card:a", atMs: 0.5, grade: 3 }] }],
    ["more than is asked for", { reviews: [{ item: "card:a", atMs: 1, grade: 3, user: "bob" }] }],
  ])("with %s are refused", async (_, body) => {
    expect(answerOf(await ada.call("POST", "/reviews", { body }))).toBe("400 BODY_INVALID");
    expect(await list()).toEqual([]);
  });
});
