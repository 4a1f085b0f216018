import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Draft, Progress, SavedDraft } from "../src/contract/index.ts";
import { MAX_SUBMISSION_BYTES } from "../src/limits.ts";
import { answerOf, type Browser, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

let test: TestApp | null = null;
let ada: Browser & { readonly id: string };
let nowMs = 0;

beforeEach(async () => {
  await test?.close();
  nowMs = 1_800_000_000_000;
  test = await makeApp({ accounts: true }, new InProcessJudge(), { now: () => nowMs });
  ada = await userWith(test.app, test.parts, "ada", "learner");
});

afterAll(async () => {
  await test?.close();
  removeTempDirs();
});

describe("drafts", () => {
  const DRAFTS = "/problems/word-count/drafts";
  const put = async (file: string, body: unknown) => ada.call("PUT", `${DRAFTS}/${file}`, { body });
  const saved = async (text: string, baseRevision?: number): Promise<SavedDraft> =>
    (await put("sql", { text, ...(baseRevision === undefined ? {} : { baseRevision }) })).json();

  it("are kept as they were written, per problem and file", async () => {
    const text = "-- naïve “quotes” \u0000 \r\n\t 🎉 \\ </script>";
    expect((await put("sql", { text })).json()).toEqual({ revision: 1, savedAtMs: nowMs, overwritten: null });
    await put("functions", { text: "" });
    await ada.call("PUT", "/problems/sql-only/drafts/sql", { body: { text: "other" } });
    expect((await ada.call("GET", `${DRAFTS}/sql`)).json()).toEqual({ file: "sql", text, revision: 1, savedAtMs: nowMs });
    const list = (await ada.call("GET", DRAFTS)).json<Draft[]>();
    expect(list.map(({ file, text: each }) => [file, each])).toEqual([
      ["functions", ""],
      ["sql", text],
    ]);
    expect(answerOf(await ada.call("DELETE", `${DRAFTS}/sql`))).toBe("204");
    expect(answerOf(await ada.call("GET", `${DRAFTS}/sql`))).toBe("404 DRAFT_UNKNOWN");
    expect(answerOf(await ada.call("DELETE", `${DRAFTS}/sql`))).toBe("404 DRAFT_UNKNOWN");
  });

  it("go to the last writer, who gets back what another machine had saved", async () => {
    expect(await saved("one")).toMatchObject({ revision: 1, overwritten: null });
    expect(await saved("two", 1)).toMatchObject({ revision: 2, overwritten: null });
    nowMs += 5;
    expect(await saved("three, elsewhere", 1)).toMatchObject({ revision: 3, overwritten: { file: "sql", text: "two", revision: 2 } });
    expect(await saved("four")).toMatchObject({ revision: 4, overwritten: { text: "three, elsewhere", savedAtMs: nowMs } });
    expect(await saved("four", 1)).toMatchObject({ revision: 5, overwritten: null });
  });

  it("take no other text's place when that cannot be looked at", async () => {
    await saved("one");
    await saved("two, elsewhere", 1);
    const leaving = (text: string, baseRevision: number) => put("sql", { text, baseRevision, unlessChanged: true });
    expect(answerOf(await leaving("three", 1))).toBe("409 DRAFT_CHANGED");
    expect((await ada.call("GET", `${DRAFTS}/sql`)).json()).toMatchObject({ text: "two, elsewhere", revision: 2 });
    expect((await leaving("three", 2)).json()).toMatchObject({ revision: 3, overwritten: null });
    expect((await leaving("three", 1)).json()).toMatchObject({ revision: 4, overwritten: null });
  });

  it("have an end: of size, of number, of all together", async () => {
    expect(answerOf(await put("sql", { text: "x".repeat(MAX_SUBMISSION_BYTES) }))).toBe("200");
    expect(answerOf(await put("sql", { text: "x".repeat(MAX_SUBMISSION_BYTES + 1) }))).toBe("413 SUBMISSION_TOO_LARGE");
    expect(answerOf(await put("sql", { text: "é".repeat(MAX_SUBMISSION_BYTES / 2 + 1) }))).toBe("413 SUBMISSION_TOO_LARGE");
    expect(answerOf(await put("sql", { text: "x".repeat(5_000_000) }))).toBe("413 SUBMISSION_TOO_LARGE");
    for (let i = 1; i < 16; i++) expect(answerOf(await put(`file-${i}`, { text: "x" }))).toBe("200");
    expect(answerOf(await put("one-more", { text: "x" }))).toBe("409 DRAFTS_FULL");
    expect(answerOf(await put("file-1", { text: "y" }))).toBe("200");
    const place = { userId: ada.id, problemId: "sql-only", baseRevision: null, savedAtMs: 1 };
    const limits = { filesPerProblem: 16, bytesPerUser: MAX_SUBMISSION_BYTES + 100 };
    expect(await test!.parts.drafts.save({ ...place, file: "a", text: "x".repeat(80) }, limits)).toMatchObject({ revision: 1 });
    expect(await test!.parts.drafts.save({ ...place, file: "b", text: "x".repeat(80) }, limits)).toBe("full");
    expect(await test!.parts.drafts.save({ ...place, file: "a", text: "x".repeat(81) }, limits)).toMatchObject({ revision: 2 });
  });

  it.each(["..", "..%2F..%2Fetc%2Fpasswd", "a%2Fb", "A", "a..b", ".a", "a.", "a%00", "%C3%A9", "x".repeat(65), "a b", "-a"])(
    "have no name like %s",
    async (file) => {
      expect(answerOf(await put(file, { text: "x" }))).toMatch(/^(400 BODY_INVALID|404 NOT_FOUND)$/);
      expect(answerOf(await ada.call("GET", `${DRAFTS}/${file}`))).toMatch(/^(400 BODY_INVALID|404 NOT_FOUND|200)$/);
    },
  );

  it.each([
    ["no text", {}],
    ["a number", { text: 7 }],
    ["null", { text: null }],
    ["a revision that is none", { text: "x", baseRevision: -1 }],
    ["a revision in words", { text: "x", baseRevision: "1" }],
    ["somebody else's name", { text: "x", userId: "local" }],
    ["an array", []],
    ["no JSON", "{"],
  ])("with %s are refused", async (_name, body) => {
    expect(answerOf(await put("sql", body))).toBe("400 BODY_INVALID");
  });

  it("are of a problem", async () => {
    for (const [method, url] of [
      ["GET", "/problems/no-such/drafts"],
      ["GET", "/problems/no-such/drafts/sql"],
      ["DELETE", "/problems/__proto__/drafts/sql"],
    ] as const)
      expect(answerOf(await ada.call(method, url)), url).toBe("404 PROBLEM_UNKNOWN");
    expect(answerOf(await ada.call("PUT", "/problems/no-such/drafts/sql", { body: { text: "x" } }))).toBe("404 PROBLEM_UNKNOWN");
  });

  it("are nobody else's, and go with their user", async () => {
    const eve = await userWith(test!.app, test!.parts, "eve", "admin");
    await saved("mine");
    expect((await eve.call("GET", DRAFTS)).json()).toEqual([]);
    expect(answerOf(await eve.call("GET", `${DRAFTS}/sql`))).toBe("404 DRAFT_UNKNOWN");
    await eve.call("PUT", `${DRAFTS}/sql`, { body: { text: "hers" } });
    expect((await ada.call("GET", `${DRAFTS}/sql`)).json()).toMatchObject({ text: "mine" });
    await eve.call("DELETE", `/users/${ada.id}`);
    expect(test!.database.db.all("SELECT text FROM drafts")).toEqual([{ text: "hers" }]);
  });
});

describe("progress", () => {
  const list = async (): Promise<Progress["problems"]> => (await ada.call("GET", "/progress")).json<Progress>().problems;
  const answer = (text: string) => ({ body: { language: "sql", text } });

  it("tells what was tried, solved and helped with", async () => {
    expect(await list()).toEqual([]);
    const startedAtMs = nowMs;
    await ada.call("POST", "/problems/word-count/run", answer("reject"));
    await ada.call("POST", "/problems/word-count/run", answer("accept"));
    nowMs += 10;
    expect(answerOf(await ada.call("PUT", "/problems/word-count/hints/1"))).toBe("204");
    nowMs += 10;
    await ada.call("PUT", "/problems/word-count/hints/1");
    await test!.queue.start();
    for (const text of ["reject", "accept", "reject 2", "die"]) {
      nowMs += 10;
      await ada.call("POST", "/problems/word-count/submissions", answer(text));
      const open = "SELECT count(*) AS n FROM submissions WHERE status <> 'judged'";
      await expect.poll(() => test!.database.db.get(open), { timeout: 5_000 }).toEqual({ n: 0 });
    }
    nowMs += 10;
    await ada.call("PUT", "/problems/sql-only/hints/1");
    expect(await list()).toEqual([
      {
        problemId: "sql-only",
        startedAtMs: nowMs,
        lastAtMs: nowMs,
        runs: 0,
        attempts: 0,
        lastVerdict: null,
        bestScore: null,
        solvedAtMs: null,
        surrenderedAtMs: null,
        hintsOpened: [1],
      },
      {
        problemId: "word-count",
        startedAtMs,
        lastAtMs: nowMs - 10,
        runs: 2,
        attempts: 3,
        lastVerdict: "wrong-output",
        bestScore: 100,
        solvedAtMs: nowMs - 30,
        surrenderedAtMs: null,
        hintsOpened: [1],
      },
    ]);
    const eve = await userWith(test!.app, test!.parts, "eve", "admin");
    expect((await eve.call("GET", "/progress")).json()).toEqual({ problems: [] });
  });

  it.each([
    ["/problems/word-count/hints/0", "400 BODY_INVALID"],
    ["/problems/word-count/hints/2", "404 HINT_UNKNOWN"],
    ["/problems/word-count/hints/1.5", "400 BODY_INVALID"],
    ["/problems/word-count/hints/x", "400 BODY_INVALID"],
    ["/problems/word-count/hints/1e99", "400 BODY_INVALID"],
    ["/problems/no-such/hints/1", "404 PROBLEM_UNKNOWN"],
  ])("takes no hint like %s", async (url, expected) => {
    expect(answerOf(await ada.call("PUT", url))).toBe(expected);
  });
});

describe("an editorial", () => {
  const EDITORIAL = "/problems/word-count/editorial";
  const surrender = async (who: Browser, problem = "word-count") => answerOf(await who.call("PUT", `/problems/${problem}/surrender`));

  it("is closed to who has neither solved the problem nor given it up", async () => {
    expect(answerOf(await ada.call("GET", EDITORIAL))).toBe("403 EDITORIAL_CLOSED");
    expect((await ada.call("GET", EDITORIAL)).body).not.toContain("count");
    await ada.call("POST", "/problems/word-count/submissions", { body: { language: "sql", text: "reject" } });
    await test!.queue.start();
    await expect.poll(async () => (await ada.call("GET", "/progress")).json<Progress>().problems[0]?.attempts).toBe(1);
    expect(answerOf(await ada.call("GET", EDITORIAL))).toBe("403 EDITORIAL_CLOSED");
    expect(answerOf(await ada.call("GET", "/problems/no-such/editorial"))).toBe("404 PROBLEM_UNKNOWN");
  });

  it("opens with the first accepted submission", async () => {
    await test!.queue.start();
    await ada.call("POST", "/problems/word-count/submissions", { body: { language: "sql", text: "accept" } });
    await expect.poll(async () => answerOf(await ada.call("GET", EDITORIAL))).toBe("200");
    expect((await ada.call("GET", EDITORIAL)).json()).toEqual({ html: "<p>Key by word, and count.</p>\n" });
  });

  it("opens to who gives up, them alone, and the first time counts", async () => {
    const bob = await userWith(test!.app, test!.parts, "bob", "learner");
    expect([await surrender(ada), await surrender(ada, "no-such")]).toEqual(["204", "404 PROBLEM_UNKNOWN"]);
    const first = nowMs;
    nowMs += 60_000;
    expect(await surrender(ada)).toBe("204");
    expect((await ada.call("GET", "/progress")).json<Progress>().problems).toMatchObject([
      { problemId: "word-count", surrenderedAtMs: first, solvedAtMs: null },
    ]);
    expect(answerOf(await ada.call("GET", EDITORIAL))).toBe("200");
    expect(answerOf(await bob.call("GET", EDITORIAL))).toBe("403 EDITORIAL_CLOSED");
  });

  it("is open to instructors", async () => {
    const carol = await userWith(test!.app, test!.parts, "carol", "instructor");
    expect(answerOf(await carol.call("GET", EDITORIAL))).toBe("200");
  });
});
