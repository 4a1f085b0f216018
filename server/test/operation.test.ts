/** What an operator sees: metrics, request logs, the page that describes the API. */
import { afterEach, describe, expect, it } from "vitest";
import { ERRORS } from "../src/errors.ts";
import type { ApiDescription } from "../src/plugins/docs-page.ts";
import { answerOf, Browser, PASSWORD, userWith } from "./browser.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

let test: TestApp;

afterEach(async () => {
  await test.close();
  removeTempDirs();
});

const ANSWER = { body: { language: "sql", text: "accept" } };

describe("metrics", () => {
  it("count what was asked, by route and never by address", async () => {
    test = await makeApp({ accounts: true });
    const ada = await userWith(test.app, test.parts, "ada", "learner");
    await ada.call("POST", "/problems/word-count/submissions", ANSWER);
    for (const url of ["/problems/word-count", "/problems/no-such", "/submissions/x", "/nothing/at/all", '/a"b%0A'])
      await ada.call("GET", url);
    const text = (await new Browser(test.app, "127.0.0.1").call("GET", "/metrics")).body;
    const line = (start: string): string | undefined => text.split("\n").find((each) => each.startsWith(start));
    expect(line('millrace_http_requests_total{method="GET",route="/api/problems/:id",status="200"}')).toMatch(/ 1$/);
    expect(line('millrace_http_requests_total{method="GET",route="/api/problems/:id",status="404"}')).toMatch(/ 1$/);
    expect(line('millrace_http_requests_total{method="POST",route="/api/problems/:id/submissions",status="201"}')).toMatch(/ 1$/);
    expect(line('millrace_http_request_duration_seconds_count{method="GET",route="/api/problems/:id"}')).toMatch(/ 2$/);
    expect(line('millrace_http_request_duration_seconds_bucket{method="GET",route="/api/problems/:id",le="+Inf"}')).toMatch(/ 2$/);
    expect(line("millrace_submissions_waiting ")).toBe("millrace_submissions_waiting 1");
    expect(line("millrace_judge_ready ")).toBe("millrace_judge_ready 1");
    expect(text).not.toMatch(/word-count|no-such|nothing|ada/);
    for (const each of text.trimEnd().split("\n")) expect(each).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/);
  });

  it("are for programs on this machine, unless a proxy makes everybody look like one", async () => {
    test = await makeApp({ accounts: true, publicUrl: new URL("https://millrace.example") });
    expect(answerOf(await new Browser(test.app, "127.0.0.1").call("GET", "/metrics"))).toBe("401 LOGIN_REQUIRED");
    await test.close();
    test = await makeApp({ accounts: true });
    expect(answerOf(await new Browser(test.app, "::ffff:127.0.0.1").call("GET", "/metrics"))).toBe("200");
    expect(answerOf(await new Browser(test.app, "192.0.2.1").call("GET", "/metrics"))).toBe("401 LOGIN_REQUIRED");
    const forged = { "x-forwarded-for": "127.0.0.1" };
    expect(answerOf(await new Browser(test.app, "192.0.2.1").call("GET", "/metrics", { headers: forged }))).toBe("401 LOGIN_REQUIRED");
  });
});

describe("behind a proxy on this machine", () => {
  it("the address that counts is the one that the proxy saw", async () => {
    test = await makeApp({ accounts: true, publicUrl: new URL("https://millrace.example") });
    await test.parts.accounts.add("ada", "learner", PASSWORD);
    const headers = { "x-forwarded-for": "127.0.0.1, 198.51.100.7", host: "millrace.example", origin: "https://millrace.example" };
    const browser = new Browser(test.app, "127.0.0.1");
    const response = await browser.call("POST", "/session", { body: { name: "ada", password: PASSWORD }, headers });
    expect(response.headers["set-cookie"]).toMatch(/^__Host-millrace=.*; Secure$/);
    expect(test.database.db.all("SELECT address FROM audit_entries")).toEqual([{ address: "198.51.100.7" }]);
    const direct = await new Browser(test.app, "192.0.2.1").call("POST", "/session", { body: { name: "ada", password: "wrong" }, headers });
    expect(answerOf(direct)).toBe("401 LOGIN_FAILED");
    expect(test.database.db.all("SELECT address FROM audit_entries WHERE outcome = 'refused'")).toEqual([{ address: "192.0.2.1" }]);
    const other = await new Browser(test.app, "127.0.0.1").call("GET", "/health", { headers: { host: "evil.example" } });
    expect(answerOf(other)).toBe("421 HOST_FOREIGN");
  });
});

describe("the request log", () => {
  it("has a line per request with its id, and nothing of what people write", async () => {
    const lines: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = ((chunk: string | Uint8Array) => lines.push(String(chunk)) > 0) as typeof write;
    try {
      test = await makeApp({ accounts: true, logLevel: "info" });
      const ada = await userWith(test.app, test.parts, "ada", "learner");
      const headers = { "x-request-id": "forged", "user-agent": "secret-agent" };
      const response = await ada.call("POST", "/problems/word-count/submissions?q=secret-query", { ...ANSWER, headers });
      const id = response.headers["x-request-id"];
      expect(id).toMatch(/^[\da-f-]{36}$/);
      await expect.poll(() => lines.join("")).toContain(String(id));
      const entry = JSON.parse(
        lines
          .join("")
          .split("\n")
          .find((line) => line.includes(String(id)))!,
      ) as object;
      expect(entry).toMatchObject({
        reqId: id,
        level: 30,
        msg: "answered",
        method: "POST",
        route: "/api/problems/:id/submissions",
        path: "/api/problems/word-count/submissions",
        status: 201,
        user: ada.id,
        address: "192.0.2.1",
      });
      for (const secret of [PASSWORD, "secret", "forged", ada.cookie!.split("=")[1]!, ada.csrf!])
        expect(lines.join("")).not.toContain(secret);
    } finally {
      process.stderr.write = write;
    }
  });
});

describe("the page that describes the API", () => {
  it("names every route and loads nothing", async () => {
    test = await makeApp();
    const response = await test.app.inject("/api/docs");
    expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
    for (const { name } of test.routes.filter(({ name: each }) => !/^HEAD|\/api\/(docs|openapi\.json)$/.test(each)))
      expect(response.body).toContain(`<h3>${name.replace(/:(\w+)/g, "{$1}")}</h3>`);
    expect(response.body).not.toMatch(/<script|src=|<link|url\(/);
    expect(response.body).toContain("For instructors and administrators.");
    for (const [code, { status }] of Object.entries(ERRORS))
      expect(response.body).toContain(`<td><code>${code}</code></td><td>${status}</td>`);
  });

  it("says of every route what it does, for whom it is, what it answers and how it fails", async () => {
    test = await makeApp();
    const { paths } = (await test.app.inject("/api/openapi.json")).json<ApiDescription>();
    for (const [path, methods] of Object.entries(paths ?? {}))
      for (const [method, { summary, description, responses = {}, parameters = [] }] of Object.entries(methods)) {
        const name = `${method.toUpperCase()} ${path}`;
        expect(summary, name).toMatch(/^[A-Z].*\.$/);
        expect(description, name).toMatch(/^For /);
        const good = Object.entries(responses).filter(([status]) => /^2\d\d$/.test(status));
        expect(good, name).toHaveLength(1);
        if (good[0]![0] !== "204") expect(Object.values(good[0]![1].content ?? {})[0]?.schema, name).toBeTypeOf("object");
        for (const status of ["4XX", "5XX"])
          expect(responses[status]?.content?.["application/json"]?.schema, `${name} ${status}`).toMatchObject({
            required: ["code", "message"],
          });
        for (const placeholder of path.matchAll(/\{(\w+)\}/g))
          expect(
            parameters.map((parameter) => parameter.name),
            name,
          ).toContain(placeholder[1]);
      }
  });
});
