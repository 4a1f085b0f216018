import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiError, ProblemDetail, ProblemList, SubmissionDetail, SubmissionSummary } from "../src/contract/index.ts";
import { MAX_SUBMISSION_BYTES } from "../src/limits.ts";
import { makeApp, removeTempDirs, type TestApp, tempDir } from "./test-server.ts";

let test: TestApp;
let app: FastifyInstance;

beforeAll(async () => {
  const clientDir = join(tempDir(), "dist");
  mkdirSync(join(clientDir, "assets"), { recursive: true });
  writeFileSync(join(clientDir, "index.html"), "<!doctype html><title>Millrace</title>");
  writeFileSync(join(clientDir, "assets", "index-abc123.js"), `export const text = "${"x".repeat(4000)}";`);
  writeFileSync(join(clientDir, "..", "outside.txt"), "secret");
  test = await makeApp({ clientDir });
  app = test.app;
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

const post = (url: string, payload: InjectOptions["payload"], headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
  app.inject({ method: "POST", url, payload, headers: { "content-type": "application/json", ...headers } });

const get = (url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
  app.inject({ method: "GET", url, headers });

describe("answers", () => {
  it("lists problems without anything to solve them with", async () => {
    const list = (await get("/api/problems")).json<ProblemList>();
    expect(list.packTitle).toBe("Test pack");
    expect(list.problems.map((problem) => problem.id)).toEqual(["word-count", "sql-only"]);
    expect(list.problems[0]).toMatchObject({ lastVerdict: null, bestScore: null, languages: ["datastream", "sql"] });
  });

  it("shows a problem with samples and hints", async () => {
    const problem = (await get("/api/problems/word-count")).json<ProblemDetail>();
    expect(problem).toMatchObject({ statementHtml: "<p>Count the words.</p>\n", hintCount: 1, form: null, version: "1.0.0" });
    expect(problem.samples.map((sample) => sample.name)).toEqual(["sample-1"]);
  });

  it("runs the samples", async () => {
    const response = await post("/api/problems/word-count/run", { language: "datastream", text: "reject" });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ verdict: "wrong-output" });
  });

  it("checks a text, and an empty one has no mistakes", async () => {
    const found = await post("/api/problems/word-count/check", { language: "sql", text: "SELECT ?" });
    expect(found.json()).toMatchObject({ diagnostics: [{ code: "TEST_QUESTION", span: { line: 1, column: 8 } }] });
    expect((await post("/api/problems/word-count/check", { language: "sql", text: " " })).json()).toEqual({ diagnostics: [] });
  });

  it("gives the editor its types", async () => {
    expect((await get("/api/types")).json()).toEqual({ files: [{ path: "flink.d.ts", text: 'declare module "flink";' }] });
  });

  it("says how it is", async () => {
    expect((await get("/api/health")).json()).toEqual({
      status: "ok",
      judge: "ready",
      warm: true,
      queued: 0,
      workers: 2,
      version: "0.0.0",
    });
  });

  it("describes itself", async () => {
    const description = (await get("/api/openapi.json")).json<{ paths: Record<string, unknown> }>();
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(["/api/health", "/api/problems", "/api/problems/{id}/run", "/api/submissions/{id}/events"]),
    );
  });

  it("stores submissions, numbers them per problem and lists the newest first", async () => {
    const first = await post("/api/problems/word-count/submissions", { language: "datastream", text: "reject" });
    expect(first.statusCode).toBe(201);
    const stored = first.json<SubmissionSummary>();
    expect(first.headers.location).toBe(`/api/submissions/${stored.id}`);
    expect(stored).toMatchObject({ number: 1, status: "queued", verdict: null, score: null, language: "datastream" });
    await post("/api/problems/word-count/submissions", { language: "sql", text: "accept" });
    const other = await post("/api/problems/sql-only/submissions", { language: "sql", text: "accept" });
    expect(other.json()).toMatchObject({ number: 1 });
    const list = (await get("/api/problems/word-count/submissions")).json<SubmissionSummary[]>();
    expect(list.map((submission) => submission.number)).toEqual([2, 1]);
    expect((await get("/api/health")).json()).toMatchObject({ queued: 3 });

    await test.queue.start();
    await expect.poll(async () => (await get("/api/health")).json<{ queued: number }>().queued).toBe(0);
    await expect.poll(async () => (await get(`/api/submissions/${stored.id}`)).json<SubmissionDetail>().status).toBe("judged");
    const detail = (await get(`/api/submissions/${stored.id}`)).json<SubmissionDetail>();
    expect(detail).toMatchObject({
      text: "reject",
      verdict: "wrong-output",
      score: 0,
      maxScore: 100,
      report: { headline: "The script ended with wrong-output." },
    });
    await expect
      .poll(async () =>
        (await get("/api/problems")).json<ProblemList>().problems.map(({ lastVerdict, bestScore }) => [lastVerdict, bestScore]),
      )
      .toEqual([
        ["accepted", 100],
        ["accepted", 100],
      ]);
  });

  it("keeps a text as it was written", async () => {
    const text = "accept // naïve “quotes” \u0000 \r\n\t 🎉 \\ \" ' -- $1";
    const { id } = (await post("/api/problems/word-count/submissions", { language: "datastream", text })).json<SubmissionSummary>();
    expect((await get(`/api/submissions/${id}`)).json<SubmissionDetail>().text).toBe(text);
  });

  it("stores a script's module of functions beside it, and counts it with the script", async () => {
    const body = { language: "sql", text: "accept", functions: "export class F {}" };
    const { id } = (await post("/api/problems/word-count/submissions", body)).json<SubmissionSummary>();
    expect((await get(`/api/submissions/${id}`)).json()).toMatchObject({ text: "accept", functions: "export class F {}" });
    const large = await post("/api/problems/word-count/submissions", { ...body, functions: "x".repeat(256 * 1024) });
    expect(large.json()).toMatchObject({ code: "SUBMISSION_TOO_LARGE" });
  });
});

describe("bad input", () => {
  const good = { language: "datastream", text: "accept" };
  const withText = (text: string): unknown => ({ ...good, text });
  const cases: readonly [name: string, url: string, body: unknown, status: number, code: string][] = [
    ["no body", "word-count/submissions", "", 400, "BODY_INVALID"],
    ["malformed JSON", "word-count/submissions", '{"language": "sql", "text', 400, "BODY_INVALID"],
    ["JSON null", "word-count/submissions", "null", 400, "BODY_INVALID"],
    ["an array", "word-count/submissions", [good], 400, "BODY_INVALID"],
    ["text missing", "word-count/submissions", { language: "sql" }, 400, "BODY_INVALID"],
    ["text a number", "word-count/submissions", { language: "sql", text: 7 }, 400, "BODY_INVALID"],
    ["text null", "word-count/run", { language: "sql", text: null }, 400, "BODY_INVALID"],
    ["unknown language", "word-count/submissions", { language: "cobol", text: "x" }, 400, "BODY_INVALID"],
    ["language not offered", "sql-only/submissions", good, 400, "LANGUAGE_NOT_OFFERED"],
    ["language not offered to run", "sql-only/run", good, 400, "LANGUAGE_NOT_OFFERED"],
    ["empty", "word-count/submissions", withText(""), 400, "SUBMISSION_EMPTY"],
    ["only white space", "word-count/submissions", withText(" \n\t\u00a0"), 400, "SUBMISSION_EMPTY"],
    ["empty run", "word-count/run", withText(""), 400, "SUBMISSION_EMPTY"],
    ["one byte too many", "word-count/submissions", withText("x".repeat(MAX_SUBMISSION_BYTES + 1)), 413, "SUBMISSION_TOO_LARGE"],
    [
      "too many bytes in few characters",
      "word-count/submissions",
      withText("é".repeat(MAX_SUBMISSION_BYTES / 2 + 1)),
      413,
      "SUBMISSION_TOO_LARGE",
    ],
    ["5 MB to submit", "word-count/submissions", withText("x".repeat(5_000_000)), 413, "SUBMISSION_TOO_LARGE"],
    ["5 MB to run", "word-count/run", withText("x".repeat(5_000_000)), 413, "SUBMISSION_TOO_LARGE"],
    ["5 MB to check", "word-count/check", withText("x".repeat(5_000_000)), 413, "SUBMISSION_TOO_LARGE"],
    ["unknown problem", "no-such/submissions", good, 404, "PROBLEM_UNKNOWN"],
    ["unknown problem to run", "no-such/run", good, 404, "PROBLEM_UNKNOWN"],
    ["a name of Object.prototype", "__proto__/run", good, 404, "PROBLEM_UNKNOWN"],
    ["a path as id", "..%2F..%2Fetc%2Fpasswd/run", good, 404, "PROBLEM_UNKNOWN"],
    ["NUL in the id", "word-count%00/run", good, 404, "PROBLEM_UNKNOWN"],
  ];
  it.each(cases)("%s → %s", async (_name, url, body, status, code) => {
    const response = await post(`/api/problems/${url}`, body as InjectOptions["payload"]);
    expectError(response, status, code);
  });

  it("takes exactly the largest text, however it is escaped", async () => {
    const text = JSON.stringify("\u0001".repeat(MAX_SUBMISSION_BYTES - 1)).slice(1, -1);
    const response = await post("/api/problems/word-count/run", `{"language":"datastream","text":"x${text}"}`);
    expect(response.statusCode).toBe(200);
  });

  it.each([
    ["text/plain", "accept"],
    ["application/x-www-form-urlencoded", "language=sql&text=accept"],
    ["multipart/form-data; boundary=x", "--x--"],
  ])("a body as %s → BODY_NOT_JSON", async (type, body) => {
    expectError(await post("/api/problems/word-count/submissions", body, { "content-type": type }), 415, "BODY_NOT_JSON");
  });

  it("says which field is wrong", async () => {
    const error = (await post("/api/problems/word-count/run", { language: "cobol" })).json<ApiError>();
    expect(error.message).toContain("language:");
    expect(error.message).toContain("text:");
    expect(error.hint).toBe("GET /api/docs shows what each route takes.");
  });

  it.each([
    ["/api/problems/no-such", "PROBLEM_UNKNOWN"],
    ["/api/problems/no-such/submissions", "PROBLEM_UNKNOWN"],
    [`/api/problems/${"x".repeat(500)}`, "NOT_FOUND"],
    ["/api/problems/constructor", "PROBLEM_UNKNOWN"],
    ["/api/submissions/no-such", "SUBMISSION_UNKNOWN"],
    ["/api/submissions/no-such/events", "SUBMISSION_UNKNOWN"],
    ["/api/submissions/1%27%20OR%20%271%27=%271", "SUBMISSION_UNKNOWN"],
    ["/api/nothing", "NOT_FOUND"],
    ["/api", "NOT_FOUND"],
    ["/api/problems/word-count/reference", "NOT_FOUND"],
    ["/api/problems/word-count/scenarios/secret-1.yaml", "NOT_FOUND"],
    ["/api/problems/%zz", "NOT_FOUND"],
    ["/%", "NOT_FOUND"],
    ["/missing.js", "NOT_FOUND"],
    ["/assets/missing-123.js", "NOT_FOUND"],
    ["/../outside.txt", "NOT_FOUND"],
    ["/%2e%2e/outside.txt", "NOT_FOUND"],
    ["/..%2foutside.txt", "NOT_FOUND"],
    ["/assets/..%2f..%2foutside.txt", "NOT_FOUND"],
    ["/..%5coutside.txt", "NOT_FOUND"],
    ["//etc/passwd.txt", "NOT_FOUND"],
  ])("GET %s → %s", async (url, code) => {
    expectError(await get(url), 404, code);
  });

  it("does not know other methods", async () => {
    expectError(await app.inject({ method: "DELETE", url: "/api/problems/word-count" }), 404, "NOT_FOUND");
    expectError(await app.inject({ method: "PUT", url: "/" }), 404, "NOT_FOUND");
  });

  it("tells nothing of what went wrong inside", async () => {
    const response = await post("/api/problems/word-count/run", { language: "datastream", text: "die" });
    expectError(response, 503, "JUDGE_UNAVAILABLE");
    expect(response.headers["retry-after"]).toBe("5");
    expect(response.body).not.toMatch(/worker process|\.ts\b|\bat .*:\d/);
  });

  it("asks a judge that died a second time", async () => {
    const response = await post("/api/problems/word-count/run", { language: "datastream", text: "die-once" });
    expect(response.json()).toMatchObject({ verdict: "accepted" });
  });

  it("refuses runs when too many wait", async () => {
    const run = (): Promise<LightMyRequestResponse> => post("/api/problems/word-count/run", { language: "datastream", text: "wait:80" });
    const codes = (await Promise.all([run(), run(), run()])).map((response) => response.statusCode);
    expect(codes.sort()).toEqual([200, 200, 503]);
    expect((await run()).statusCode).toBe(200);
  });
});

describe("the client", () => {
  it.each(["/", "/learn/flink-interview/word-count", "/index.html"])("gets the page at %s, asked for each time", async (url) => {
    const response = await get(url, { accept: "text/html" });
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain("<title>Millrace</title>");
    expect(response.headers["cache-control"]).toBe("no-cache");
  });

  it("keeps hashed files for ever and gets them compressed", async () => {
    const response = await get("/assets/index-abc123.js", { "accept-encoding": "gzip" });
    expect(response.headers).toMatchObject({ "cache-control": "public, max-age=31536000, immutable", "content-encoding": "gzip" });
    expect(response.headers["content-type"]).toContain("javascript");
  });

  it("is protected by headers that let the editor work", async () => {
    const { headers } = await get("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("worker-src 'self' blob:");
    expect(policy).not.toContain("upgrade-insecure-requests");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    expect((await get("/api/problems")).headers).toMatchObject({ "content-security-policy": policy, "cache-control": "no-store" });
  });
});

function expectError(response: LightMyRequestResponse, status: number, code: string): void {
  expect({ status: response.statusCode, ...response.json<ApiError>() }).toMatchObject({ status, code, message: expect.any(String) });
  expect(response.headers["content-type"]).toContain("application/json");
  expect(response.body).not.toContain("stack");
}
