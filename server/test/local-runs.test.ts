/** What browsers are given to run programs by themselves: of whom, of what, and in which frame. */
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Progress, ProgramAnswer, RunKitAnswer, SubmissionSummary, SubmissionWorld } from "../src/contract/index.ts";
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

const get = (url: string) => test.app.inject({ method: "GET", url });
const post = (url: string, payload: InjectOptions["payload"]) => test.app.inject({ method: "POST", url, payload });
const answer = (text: string, more: object = {}) => ({ language: "sql", text, ...more });

describe("a problem's samples", () => {
  it("come with what runs them", async () => {
    const { guest, version, kit } = (await get("/api/problems/word-count/run-kit")).json<RunKitAnswer>();
    expect({ guest, version, samples: kit?.samples }).toEqual({ guest: "0123abcd", version: "1.0.0", samples: [] });
    expect((await get("/api/problems/no-such/run-kit")).json()).toMatchObject({ code: "PROBLEM_UNKNOWN" });
  });

  it("a text becomes a program, which counts as a run", async () => {
    const before = (await get("/api/progress")).json<Progress>();
    const program = (await post("/api/problems/word-count/program", answer("accept"))).json<ProgramAnswer>();
    expect(program).toMatchObject({ version: "1.0.0", load: { script: "accept" }, diagnostics: [] });
    expect((await get("/api/progress")).json<Progress>()).not.toEqual(before);
    const wrong = (await post("/api/problems/word-count/program", answer("reject"))).json<ProgramAnswer>();
    expect(wrong).toMatchObject({ load: null, diagnostics: [{ code: "TEST_REJECTED" }] });
  });

  it.each([
    ["an empty text", answer(" "), "SUBMISSION_EMPTY"],
    ["a text that is too large", answer("x".repeat(300_000)), "SUBMISSION_TOO_LARGE"],
    ["a language that is not offered", answer("x", { language: "config" }), "LANGUAGE_NOT_OFFERED"],
    ["a field too many", answer("x", { world: {} }), "BODY_INVALID"],
    ["no text", { language: "sql" }, "BODY_INVALID"],
    ["functions that are no text", answer("x", { functions: [1] }), "BODY_INVALID"],
  ])("%s is refused", async (_name, body, code) => {
    const response = await post("/api/problems/word-count/program", body);
    expect([response.statusCode >= 400 && response.statusCode < 500, response.json()]).toMatchObject([true, { code }]);
  });
});

describe("the smallest world of a verdict", () => {
  it("comes with the program that was judged, to who may see the submission", async () => {
    const { id } = (await post("/api/problems/word-count/submissions", answer("explain:1"))).json<SubmissionSummary>();
    await expect.poll(async () => (await test.submissions.find(id))?.report?.explanation ?? null, { timeout: 10_000 }).not.toBeNull();
    const response = await get(`/api/submissions/${id}/world`);
    expect(response.statusCode).toBe(200);
    const { guest, limits, program } = response.json<SubmissionWorld>();
    expect({ guest, limits, program }).toMatchObject({ guest: "0123abcd", limits: { cpuMs: 1_000 }, program: { diagnostics: [{}] } });
  });

  it("is not kept of answers that are right", async () => {
    const { id } = (await post("/api/problems/word-count/submissions", answer("accept"))).json<SubmissionSummary>();
    await expect.poll(async () => (await test.submissions.find(id))?.status, { timeout: 10_000 }).toBe("judged");
    expect((await get(`/api/submissions/${id}/world`)).json()).toMatchObject({ code: "WORLD_NOT_KEPT" });
  });
});

describe("the frame", () => {
  it("has no origin, no connections, and code of texts in it alone", async () => {
    const { headers, body } = await get("/runner");
    const policy = String(headers["content-security-policy"]).split("; ");
    expect(policy).toContain("sandbox allow-scripts");
    expect(policy).toContain("default-src 'none'");
    expect(policy.filter((directive) => /connect-src|allow-same-origin|unsafe-inline|https?:/.test(directive))).toEqual([]);
    expect(policy.find((directive) => directive.startsWith("script-src"))).toMatch(/^script-src 'sha256-[\w+/]+=*' 'unsafe-eval'$/);
    expect(body).toContain("new Worker(");
    // Everywhere else texts are no code.
    for (const url of ["/", "/api/problems", "/learn/word-count"]) {
      expect(String((await get(url)).headers["content-security-policy"])).not.toContain("unsafe-eval");
    }
  });

  it("gets its scripts by the name of what they are made of, for ever; nothing else lies there", async () => {
    const core = await get("/runner/0123abcd/core.js");
    expect([core.statusCode, core.body, core.headers["cache-control"]]).toEqual([200, "/* core */", "public, max-age=31536000, immutable"]);
    for (const path of [
      "/runner/older/core.js",
      "/runner/0123abcd/other.js",
      "/runner/0123abcd/..%2fcore.js",
      "/runner/0123abcd/__proto__",
    ]) {
      expect((await get(path)).statusCode).toBe(404);
    }
  });
});
