import { afterEach, describe, expect, it } from "vitest";
import type { ApiError, RejudgeDetail, RejudgeSummary, SubmissionDetail, SubmissionSummary } from "../src/contract/index.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

let test: TestApp;

afterEach(async () => {
  await test.close();
  removeTempDirs();
});

const post = (url: string, payload: object | undefined, remoteAddress = "127.0.0.1") =>
  test.app.inject({ method: "POST", url: `/api${url}`, ...(payload === undefined ? {} : { payload }), remoteAddress });
const get = async <T>(url: string): Promise<T> => (await test.app.inject({ method: "GET", url: `/api${url}` })).json<T>();
const submission = (id: string) => get<SubmissionDetail>(`/submissions/${id}`);
const rejudge = (id: string) => get<RejudgeDetail>(`/rejudges/${id}`);

/** Submissions with these texts, judged. */
async function judgedOnce(texts: readonly string[], problem = "word-count"): Promise<string[]> {
  test = await makeApp({}, new InProcessJudge(1));
  const ids: string[] = [];
  for (const text of texts)
    ids.push((await post(`/problems/${problem}/submissions`, { language: "sql", text })).json<SubmissionSummary>().id);
  await test.queue.start();
  for (const id of ids) await expect.poll(async () => (await submission(id)).status, { timeout: 5_000 }).toBe("judged");
  return ids;
}

async function ready(filter: object): Promise<RejudgeDetail> {
  const response = await post("/rejudges", filter);
  expect(response.statusCode).toBe(201);
  const { id } = response.json<RejudgeDetail>();
  expect(response.headers.location).toBe(`/api/rejudges/${id}`);
  await expect.poll(async () => (await rejudge(id)).state, { timeout: 5_000 }).toBe("ready");
  return rejudge(id);
}

describe("a rejudge set", () => {
  it("shows what would change and touches nothing", async () => {
    const [same, changes] = await judgedOnce(["reject", "regrade", "accept"]);
    const before = await Promise.all([submission(same!), submission(changes!)]);
    const set = await ready({ problemId: "word-count" });
    expect(set).toMatchObject({ total: 3, judged: 3, changed: 1, failed: 0, closedAtMs: null, filter: { problemId: "word-count" } });
    expect(set.moves).toEqual([
      { from: "accepted", to: "accepted", count: 1 },
      { from: "accepted", to: "wrong-output", count: 1 },
      { from: "wrong-output", to: "wrong-output", count: 1 },
    ]);
    expect(set.changes).toEqual([
      {
        submissionId: changes,
        problemId: "word-count",
        number: 2,
        from: { verdict: "accepted", score: 100, packVersion: "1.0.0" },
        to: { verdict: "wrong-output", score: 0, packVersion: "1.0.0" },
      },
    ]);
    expect(await Promise.all([submission(same!), submission(changes!)])).toEqual(before);
  });

  it("is applied as a whole, once", async () => {
    const [id] = await judgedOnce(["regrade"]);
    const set = await ready({ verdict: "accepted" });
    const applied = await post(`/rejudges/${set.id}/apply`, {});
    expect(applied.json()).toMatchObject({ state: "applied", changed: 1, closedAtMs: expect.any(Number) });
    const after = await submission(id!);
    expect(after).toMatchObject({ status: "judged", verdict: "wrong-output", score: 0, report: { verdict: "wrong-output" } });
    expect((await post(`/rejudges/${set.id}/apply`, {})).json()).toEqual(applied.json());
    expect(await submission(id!)).toMatchObject({ verdict: "wrong-output", score: 0 });
    expect((await post(`/rejudges/${set.id}/cancel`, {})).json<ApiError>().code).toBe("REJUDGE_CLOSED");
    expect(await get<RejudgeSummary[]>("/rejudges")).toMatchObject([{ id: set.id, state: "applied" }]);
  });

  it("has the new results explained afterwards", async () => {
    const [id] = await judgedOnce(["explain:1"]);
    await expect.poll(async () => (await submission(id!)).explanation).toBe("ready");
    const set = await ready({ problemId: "word-count" });
    expect(set).toMatchObject({ changed: 0 });
    await post(`/rejudges/${set.id}/apply`, {});
    expect((await submission(id!)).report).not.toBeNull();
    await expect.poll(async () => (await submission(id!)).explanation).toBe("ready");
    expect((await submission(id!)).report?.explanation).toMatchObject({ anomaly: "lost" });
    const kinds = (await test.submissions.progressAfter(id!, 0)).map(({ progress }) => progress.kind);
    expect(kinds).toEqual(["compiling", "planned", "world", "judged", "judged", "finished"]);
  });

  it("is cancelled at any time before, and then judges no more", async () => {
    const texts = ["accept", "wait:60 accept", "wait:61 accept", "wait:62 accept"];
    const ids = await judgedOnce(texts);
    const { id } = (await post("/rejudges", { problemId: "word-count" })).json<RejudgeDetail>();
    expect((await post(`/rejudges/${id}/apply`, {})).json<ApiError>()).toMatchObject({ code: "REJUDGE_NOT_READY", retryAfterS: 5 });
    const cancelled = (await post(`/rejudges/${id}/cancel`, {})).json<RejudgeDetail>();
    expect(cancelled).toMatchObject({ state: "cancelled", total: 4 });
    expect((await post(`/rejudges/${id}/cancel`, {})).json()).toEqual(cancelled);
    expect((await post(`/rejudges/${id}/apply`, {})).json<ApiError>().code).toBe("REJUDGE_CLOSED");
    const later = (await post("/problems/word-count/submissions", { language: "sql", text: "accept later" })).json<SubmissionSummary>();
    await expect.poll(async () => (await submission(later.id)).status, { timeout: 5_000 }).toBe("judged");
    expect((await rejudge(id)).judged).toBe(cancelled.judged);
    expect(await test.rejudges.leases()).toEqual([]);
    expect((await submission(ids[0]!)).verdict).toBe("accepted");
  });

  it("applies nothing when a result has changed since", async () => {
    const [id, other] = await judgedOnce(["regrade", "regrade 2"]);
    const [first, second] = [await ready({ problemId: "word-count" }), await ready({ problemId: "word-count" })];
    expect((await post(`/rejudges/${first.id}/apply`, {})).statusCode).toBe(200);
    expect((await post(`/rejudges/${second.id}/apply`, {})).json<ApiError>().code).toBe("REJUDGE_STALE");
    for (const each of [id, other]) expect(await submission(each!)).toMatchObject({ verdict: "wrong-output" });
    expect((await post(`/rejudges/${second.id}/cancel`, {})).json()).toMatchObject({ state: "cancelled" });
  });

  it("leaves results alone where the judge itself failed", async () => {
    const [id, dying] = await judgedOnce(["regrade", "die-once"]);
    // The text dies once per judge: with a fresh one, and told to die for ever, by what stands in the database.
    test.database.db.run(`UPDATE submissions SET text = 'die' WHERE id = '${dying}'`);
    const set = await ready({ problemId: "word-count" });
    expect(set).toMatchObject({ judged: 2, failed: 1, changed: 1 });
    expect(set.changes.map((change) => change.submissionId)).toEqual([id]);
    await post(`/rejudges/${set.id}/apply`, {});
    expect(await submission(dying!)).toMatchObject({ verdict: "accepted", score: 100 });
    expect(await submission(id!)).toMatchObject({ verdict: "wrong-output" });
  });

  it("takes what its filter says, all of it at once", async () => {
    await judgedOnce(["accept", "reject"]);
    const total = async (filter: object): Promise<unknown> => {
      const response = await post("/rejudges", filter);
      return response.statusCode === 201 ? response.json<RejudgeDetail>().total : response.json<ApiError>().code;
    };
    expect(await total({ packVersion: "1.0.0" })).toBe(2);
    expect(await total({ verdict: "wrong-output" })).toBe(1);
    expect(await total({ problemId: "word-count", verdict: "accepted", packVersion: "1.0.0" })).toBe(1);
    expect(await total({ packVersion: "0.9.0" })).toBe("REJUDGE_EMPTY");
    expect(await total({ problemId: "sql-only" })).toBe("REJUDGE_EMPTY");
    expect(await total({})).toBe("BODY_INVALID");
    expect(await total({ verdict: "fine" })).toBe("BODY_INVALID");
    expect(await total({ user: "x" })).toBe("BODY_INVALID");
  });

  it("keeps nobody waiting: submissions come first", async () => {
    const judge = new InProcessJudge(1);
    test = await makeApp({}, judge);
    const submit = async (text: string) =>
      (await post("/problems/word-count/submissions", { language: "sql", text })).json<SubmissionSummary>().id;
    const old: string[] = [];
    for (let i = 0; i < 5; i++) old.push(await submit(`wait:20 accept old ${i}`));
    await test.queue.start();
    for (const id of old) await expect.poll(async () => (await submission(id)).status, { timeout: 5_000 }).toBe("judged");
    judge.judged.length = 0;
    const { id } = (await post("/rejudges", { problemId: "word-count" })).json<RejudgeDetail>();
    const fresh = await submit("accept fresh");
    await expect.poll(async () => (await submission(fresh)).status, { timeout: 5_000 }).toBe("judged");
    expect(judge.judged.indexOf("accept fresh")).toBeLessThanOrEqual(1);
    await expect.poll(async () => (await rejudge(id)).state, { timeout: 5_000 }).toBe("ready");
  });
});

describe("who may", () => {
  it("is the user of this machine alone", async () => {
    await judgedOnce(["accept"]);
    for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1"])
      expect((await post("/rejudges", { problemId: "word-count" }, address)).json<ApiError>().code).toBe("NOT_ALLOWED");
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
      expect((await post("/rejudges", { problemId: "word-count" }, address)).statusCode).toBe(201);
  });

  it("cannot be a page of another origin", async () => {
    await judgedOnce(["accept"]);
    const { id } = await ready({ problemId: "word-count" });
    expect((await post(`/rejudges/${id}/apply`, undefined)).statusCode).toBe(400);
    const form = { method: "POST", url: `/api/rejudges/${id}/apply`, payload: "{}", headers: { "content-type": "text/plain" } } as const;
    expect((await test.app.inject(form)).json<ApiError>().code).toBe("BODY_NOT_JSON");
    expect((await rejudge(id)).state).toBe("ready");
  });

  it("is told which set there is not", async () => {
    await judgedOnce(["accept"]);
    expect(await rejudge("no-such")).toMatchObject({ code: "REJUDGE_UNKNOWN" });
    for (const end of ["apply", "cancel"])
      expect((await post(`/rejudges/no-such/${end}`, {})).json<ApiError>().code).toBe("REJUDGE_UNKNOWN");
  });
});
