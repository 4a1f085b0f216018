import type { SessionInfo } from "@millrace/server/contract";
import { expect, it } from "vitest";
import { createAccountsApi } from "../../src/api/accounts.ts";
import { Caller } from "../../src/api/call.ts";
import { createApi } from "../../src/api/client.ts";
import { Session } from "../../src/state/session.svelte.ts";

const info = (name: string | null, csrfToken: string | null): SessionInfo => ({
  mode: "accounts",
  registration: "closed",
  user: name === null ? null : { id: name, name, role: "learner" },
  csrfToken,
});

/** A server with one session, which a test ends or takes over as it likes. */
function server() {
  const state = { session: info("ada", "t1"), sent: [] as string[], restarts: [] as string[] };
  const answer = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
  const caller = new Caller(async (input, init) => {
    const path = String(input);
    const token = new Headers(init?.headers).get("x-millrace-csrf");
    if (path === "/api/session" && init?.method === "POST") {
      const { name } = JSON.parse(String(init.body)) as { name: string };
      state.session = info(name, `of ${name}`);
      return answer(state.session);
    }
    if (path === "/api/session") return answer(state.session);
    if (state.session.user === null) return answer({ code: "LOGIN_REQUIRED", message: "x" }, 401);
    if (init?.method !== undefined && token !== state.session.csrfToken) return answer({ code: "CSRF_STALE", message: "x" }, 403);
    state.sent.push(path);
    return answer({ number: 1 });
  });
  const session = new Session({ api: createAccountsApi(caller), caller, restart: (path) => state.restarts.push(path) });
  return { state, session, api: createApi(caller) };
}

const ANSWER = { language: "sql", text: "SELECT 1" } as const;

it("sends the session's token with what writes, and takes the new one after a log-in elsewhere", async () => {
  const { state, session, api } = server();
  await session.start();
  await api.submit("p", ANSWER);
  state.session = info("ada", "t2");
  await api.submit("p", ANSWER);
  expect(state.sent).toEqual(["/api/problems/p/submissions", "/api/problems/p/submissions"]);
});

it("sends nothing in the name of somebody else", async () => {
  const { state, session, api } = server();
  await session.start();
  state.session = info("bob", "t2");
  await expect(api.submit("p", ANSWER)).rejects.toMatchObject({ code: "SESSION_OTHER", status: 403 });
  expect(state.sent).toEqual([]);
});

it("waits for the log-in of the same user and then does what was asked", async () => {
  const { state, session, api } = server();
  await session.start();
  state.session = info(null, null);
  const reading = api.problems();
  await expect.poll(() => session.over).toBe(true);
  expect(session.asking).toBe(false);
  const sending = api.submit("p", ANSWER);
  await expect.poll(() => session.asking).toBe(true);
  await session.login({ name: "ada", password: "x" });
  await Promise.all([reading, sending]);
  expect(state.sent.toSorted()).toEqual(["/api/problems", "/api/problems/p/submissions"]);
  expect([session.over, session.asking]).toEqual([false, false]);
});

it("lets what was begun fail when the log-in is put off, and begins anew for another user", async () => {
  const { state, session, api } = server();
  await session.start();
  state.session = info(null, null);
  const sending = api.submit("p", ANSWER);
  await expect.poll(() => session.asking).toBe(true);
  session.dismiss();
  await expect(sending).rejects.toMatchObject({ code: "LOGIN_REQUIRED" });
  expect(session.over).toBe(true);
  await session.login({ name: "bob", password: "x" });
  expect(state.restarts).toEqual(["/"]);
  expect(session.user?.name).toBe("ada");
});

it("gives up a call that was aborted while it waited", async () => {
  const { state, session, api } = server();
  await session.start();
  state.session = info(null, null);
  const abort = new AbortController();
  const checking = api.check("p", ANSWER, abort.signal);
  await expect.poll(() => session.over).toBe(true);
  abort.abort();
  await expect(checking).rejects.toThrow(/abort/i);
});
