/** Changed runs at the route: what is taken, what is refused, and that the kept world stays here. The grader's own test runs them. */
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiError, ChangedRun, SubmissionDetail, SubmissionSummary, WorldChange } from "../src/contract/index.ts";
import { MAX_CHANGED_VALUE_CHARS, MAX_WORLD_CHANGES } from "../src/limits.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

let test: TestApp;

beforeAll(async () => {
  test = await makeApp();
  await test.queue.start();
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

const URL = "/api/problems/word-count/changed-run";
const post = (url: string, payload: InjectOptions["payload"]) => test.app.inject({ method: "POST", url, payload });
const body = (changes: unknown, more: object = {}) => ({ language: "datastream", text: "accept", sample: 0, changes, ...more });
const move: WorldChange = { what: "move", topic: "clicks", partition: 0, offset: 3, byMs: -2_000 };
const add: WorldChange = { what: "add", topic: "clicks", partition: 0, atMs: 1, key: null, valueJson: "{}" };
const kill: WorldChange = { what: "kill", taskManager: 1, atMs: 1_000 };

describe("a sample world", () => {
  it("is run with changes", async () => {
    const response = await post(URL, body([move, kill], { sample: 2 }));
    expect(response.statusCode).toBe(200);
    expect(response.json<ChangedRun>()).toMatchObject({ ended: null, headline: "sample 2" });
  });

  it("says which change does not fit", async () => {
    const response = await post(URL, body([move, kill, { what: "spare", fault: 0 }]));
    expect(response.statusCode).toBe(400);
    expect(response.json<ApiError>()).toMatchObject({ code: "CHANGE_REFUSED", message: "Change 3: Two are enough." });
  });

  const hostile: readonly [name: string, changes: unknown][] = [
    ["no list", undefined],
    ["a text", "kill everything"],
    ["nothing in it", [null]],
    ["an unknown change", [{ what: "explode" }]],
    ["a field too many", [{ ...move, fault: 1 }]],
    ["a field too few", [{ what: "move", topic: "clicks", partition: 0, offset: 3 }]],
    ["a time that is text", [{ ...kill, atMs: "1000" }]],
    ["half a millisecond", [{ ...kill, atMs: 0.5 }]],
    ["a time without end", [{ ...kill, atMs: 1e300 }]],
    ["task manager 0", [{ ...kill, taskManager: 0 }]],
    ["a negative offset", [{ ...move, offset: -1 }]],
    ["a topic without a name", [{ ...move, topic: "" }]],
    ["a topic as long as a book", [{ ...move, topic: "x".repeat(250) }]],
    ["an object for a topic", [{ ...move, topic: { toString: 1 } }]],
    ["a value that is too long", [{ ...add, valueJson: "1".repeat(MAX_CHANGED_VALUE_CHARS + 1) }]],
    ["a value that is no text", [{ ...add, valueJson: { a: 1 } }]],
    ["a key that is no text", [{ ...add, key: 7 }]],
    ["too many changes", Array.from({ length: MAX_WORLD_CHANGES + 1 }, () => move)],
  ];
  it.each(hostile)("%s → BODY_INVALID", async (_name, changes) => {
    const response = await post(URL, body(changes));
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: "BODY_INVALID" });
  });

  it.each([[-1], [1.5], ["0"], [1e9]])("sample %s → BODY_INVALID", async (sample) => {
    expect((await post(URL, body([], { sample }))).json()).toMatchObject({ code: "BODY_INVALID" });
  });

  it("a world of one's own is not taken", async () => {
    expect((await post(URL, body([], { world: {} }))).json()).toMatchObject({ code: "BODY_INVALID" });
    expect((await post("/api/problems/no-such/changed-run", body([]))).json()).toMatchObject({ code: "PROBLEM_UNKNOWN" });
    expect((await post(URL, body([], { text: " " }))).json()).toMatchObject({ code: "SUBMISSION_EMPTY" });
  });
});

describe("the smallest world of a verdict", () => {
  it("is run again, and is in no answer", async () => {
    const submitted = await post("/api/problems/word-count/submissions", { language: "datastream", text: "explain:1" });
    const { id } = submitted.json<SubmissionSummary>();
    const detail = async () => (await test.app.inject(`/api/submissions/${id}`)).json<SubmissionDetail>();
    await expect.poll(async () => (await detail()).explanation, { timeout: 10_000 }).toBe("ready");
    const response = await post(`/api/submissions/${id}/changed-run`, { changes: [move] });
    expect(response.json<ChangedRun>()).toMatchObject({ headline: "kept" });
    expect((await detail()).report?.explanation).not.toHaveProperty("shown");
    expect((await detail()).worldKept).toBe(true);
    const events = await test.app.inject(`/api/submissions/${id}/events`);
    expect(events.body).toContain("It is not there.");
    expect(events.body).not.toContain("4711");
  });

  it("is not there where nothing was explained", async () => {
    const submitted = await post("/api/problems/word-count/submissions", { language: "datastream", text: "accept" });
    const { id } = submitted.json<SubmissionSummary>();
    await expect.poll(async () => (await test.submissions.find(id))?.status, { timeout: 10_000 }).toBe("judged");
    expect((await post(`/api/submissions/${id}/changed-run`, { changes: [] })).json()).toMatchObject({ code: "WORLD_NOT_KEPT" });
    expect((await test.app.inject(`/api/submissions/${id}`)).json<SubmissionDetail>().worldKept).toBe(false);
  });
});
