/** Event streams live no longer than the session that they were opened in, and are not opened again after it. */
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SubmissionSummary } from "../src/contract/index.ts";
import { type Browser, PASSWORD, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

type User = Browser & { readonly id: string };

let test: TestApp;
let address = "";
let admin: User;
let names = 0;
let nowMs = 1_800_000_000_000;

beforeAll(async () => {
  test = await makeApp({ accounts: true }, new InProcessJudge(9), { now: () => nowMs });
  await test.app.listen({ port: 0, host: "127.0.0.1" });
  address = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
  await test.queue.start();
  admin = await userWith(test.app, test.parts, "admin", "admin");
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

const add = (role: "learner" | "instructor"): Promise<User> => userWith(test.app, test.parts, `user ${++names}`, role);

/** Of a submission that is judged for as long as the test takes. */
async function submissionStream(who: User): Promise<string> {
  const sent = await who.call("POST", "/problems/word-count/submissions", { body: { language: "sql", text: "wait:600000" } });
  return `/submissions/${sent.json<SubmissionSummary>().id}/events`;
}

/** Of a pack whose turn never comes. */
async function packStream(who: User): Promise<string> {
  const id = `pack-${++names}`;
  const texts = { packId: "mini", title: "Mini", version: "1.0.0", problems: 0, diagnostics: [] };
  await test.parts.packs.add({ id, ...texts, state: "waiting", status: "draft", uploadedBy: who.id, createdAtMs: 1 });
  return `/packs/${id}/events`;
}

/** Opens the stream and waits until it is one; `ended` resolves when the server has closed it. */
async function open(who: User, url: string): Promise<{ readonly status: number; readonly ended: Promise<string> }> {
  const response = await fetch(`${address}/api${url}`, { headers: { cookie: who.cookie ?? "" } });
  return { status: response.status, ended: response.text() };
}

const ways: readonly [way: string, end: (user: User) => Promise<unknown>][] = [
  ["a log-out", (user) => user.call("DELETE", "/session")],
  ["a log-out everywhere", (user) => user.call("DELETE", "/sessions")],
  ["another password", (user) => user.call("PUT", "/session/password", { body: { current: PASSWORD, next: "another password" } })],
  [
    "a password that was set by a link",
    async (user) => {
      const { token } = (await admin.call("POST", `/users/${user.id}/password-link`)).json<{ token: string }>();
      return admin.call("POST", "/password", { body: { token, password: "a third password" } });
    },
  ],
  ["an administrator who ends the sessions", (user) => admin.call("DELETE", `/users/${user.id}/sessions`)],
  ["an administrator who blocks the user", (user) => admin.call("PATCH", `/users/${user.id}`, { body: { isActive: false } })],
  ["an administrator who deletes the user", (user) => admin.call("DELETE", `/users/${user.id}`)],
];

const streams = [
  ["a submission", submissionStream],
  ["a pack", packStream],
] as const;

describe.each(streams)("a stream of %s", (_name, streamOf) => {
  it.each(ways)("ends with %s, and is not opened again", async (_way, end) => {
    const user = await add("instructor");
    const { cookie } = user;
    const url = await streamOf(user);
    const stream = await open(user, url);
    expect(stream.status).toBe(200);
    const answer = (await end(user)) as { readonly statusCode: number };
    expect(answer.statusCode).toBeLessThan(300);
    await stream.ended;
    const again = await fetch(`${address}/api${url}`, { headers: { cookie: cookie! } });
    expect(again.status).toBe(401);
    expect(await again.json()).toMatchObject({ code: "LOGIN_REQUIRED" });
  });

  it("goes on when it is somebody else whose session ends", async () => {
    const [user, other] = [await add("instructor"), await add("learner")];
    const url = await streamOf(user);
    const stream = await open(user, url);
    await other.call("DELETE", "/session");
    // What comes after is still told: the stream ends by the user's own log-out only.
    let isOver = false;
    void stream.ended.then(() => {
      isOver = true;
    });
    expect((await open(user, url)).status).toBe(200);
    expect(isOver).toBe(false);
    await user.call("DELETE", "/session");
    await stream.ended;
  });

  it("does not keep a session alive", async () => {
    const user = await add("instructor");
    const url = await streamOf(user);
    const stream = await open(user, url);
    nowMs += 8 * 24 * 3_600_000;
    // Any session that ends makes all streams look after their own.
    await admin.login("admin");
    await stream.ended;
    expect((await fetch(`${address}/api${url}`, { headers: { cookie: user.cookie! } })).status).toBe(401);
  });
});

it("a stream of a pack ends with the role of an instructor", async () => {
  const user = await add("instructor");
  const url = await packStream(user);
  const stream = await open(user, url);
  await admin.call("PATCH", `/users/${user.id}`, { body: { role: "learner" } });
  await stream.ended;
  expect((await open(user, url)).status).toBe(403);
});

it("a stream of a learner's submission ends for an instructor whose class the learner has left, before anything more is told", async () => {
  const [teacher, learner] = [await add("instructor"), await add("learner")];
  const { id, code } = (await teacher.call("POST", "/classes", { body: { name: "Streams" } })).json<{ id: string; code: string }>();
  await learner.call("POST", "/classes/join", { body: { code } });
  const url = await submissionStream(learner);
  const stream = await open(teacher, url);
  expect(stream.status).toBe(200);
  await learner.call("DELETE", `/classes/${id}/members/${learner.id}`);
  test.parts.signals.emit(url.split("/")[2]!);
  await stream.ended;
  expect((await open(teacher, url)).status).toBe(404);
});
