import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import type { AuditPage, NewInvitation, NewUserAnswer, PasswordLink, SessionInfo, UserDetail, UserPage } from "../src/contract/index.ts";
import { PasswordHasher } from "../src/services/accounts/password-hash.ts";
import { SESSION_IDLE_MS, SESSION_MAX_MS } from "../src/services/accounts/session-service.ts";
import { answerOf, Browser, PASSWORD, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

let test: TestApp;
let app: FastifyInstance;
let nowMs: number;

afterEach(async () => {
  await test.close();
  removeTempDirs();
});

async function setUp(config: Parameters<typeof makeApp>[0] = {}): Promise<Browser & { readonly id: string }> {
  nowMs = 1_800_000_000_000;
  test = await makeApp({ accounts: true, ...config }, new InProcessJudge(), { now: () => nowMs });
  app = test.app;
  return userWith(app, test.parts, "root", "admin");
}

const answer = async (...call: Parameters<Browser["call"]>): Promise<string> => answerOf(await new Browser(app).call(...call));
const login = (name: unknown, password: unknown): Promise<string> => answer("POST", "/session", { body: { name, password } });

describe("logging in", () => {
  it("gives a session that only the browser holds", async () => {
    await setUp();
    await test.parts.accounts.add("Ada Lovelace", "learner", PASSWORD);
    const browser = new Browser(app);
    const response = await browser.call("POST", "/session", { body: { name: " ada  LOVELACE", password: PASSWORD } });
    expect(response.json()).toMatchObject({ mode: "accounts", registration: "closed", user: { name: "Ada Lovelace", role: "learner" } });
    expect(response.headers["set-cookie"]).toMatch(/^millrace=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    const token = browser.cookie!.split("=")[1]!;
    expect(response.body).not.toContain(token);
    const stored = JSON.stringify([test.database.db.all("SELECT * FROM sessions"), test.database.db.all("SELECT * FROM users")]);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(PASSWORD);
    expect((await browser.call("GET", "/session")).json()).toEqual(response.json());
  });

  it("is refused alike whatever is wrong", async () => {
    const root = await setUp();
    const { id } = await test.parts.accounts.add("ada", "learner", PASSWORD);
    await test.parts.accounts.add("linked", "learner", null);
    const wrong = await new Browser(app).call("POST", "/session", { body: { name: "ada", password: "not the password" } });
    expect(answerOf(wrong)).toBe("401 LOGIN_FAILED");
    await root.call("PATCH", `/users/${id}`, { body: { isActive: false } });
    for (const name of ["nobody", "linked", "ada", "local", "__proto__", "' OR 1=1 --", "\u0000"]) {
      const other = await new Browser(app).call("POST", "/session", { body: { name, password: PASSWORD } });
      expect(other.body, name).toBe(wrong.body);
      expect(Object.keys(other.headers), name).toEqual(Object.keys(wrong.headers));
    }
  });

  it("replaces the session that the browser had", async () => {
    await setUp();
    const ada = await userWith(app, test.parts, "ada", "learner");
    const before = { cookie: ada.cookie!, csrf: ada.csrf! };
    await ada.login("ada");
    expect(ada.cookie).not.toBe(before.cookie);
    expect(ada.csrf).not.toBe(before.csrf);
    expect(await answer("GET", "/problems", { headers: { cookie: before.cookie } })).toBe("401 LOGIN_REQUIRED");
    expect(answerOf(await ada.call("GET", "/problems"))).toBe("200");
  });

  it("ends: when left alone, when old, at log-out, everywhere, and when somebody is let in no longer", async () => {
    const root = await setUp();
    const idle = await userWith(app, test.parts, "idle", "learner");
    const eager = await userWith(app, test.parts, "eager", "learner");
    nowMs += SESSION_IDLE_MS - 1;
    expect(answerOf(await eager.call("GET", "/problems"))).toBe("200");
    nowMs += 1;
    expect(answerOf(await idle.call("GET", "/problems"))).toBe("401 LOGIN_REQUIRED");
    while (nowMs < 1_800_000_000_000 + SESSION_MAX_MS - SESSION_IDLE_MS) {
      nowMs += SESSION_IDLE_MS / 2;
      expect(answerOf(await eager.call("GET", "/problems"))).toBe("200");
    }
    nowMs = 1_800_000_000_000 + SESSION_MAX_MS;
    expect(answerOf(await eager.call("GET", "/problems"))).toBe("401 LOGIN_REQUIRED");

    await eager.login("eager");
    const kept = eager.cookie!;
    expect(answerOf(await eager.call("DELETE", "/session"))).toBe("204");
    expect(eager.cookie).toBeNull();
    expect(await answer("GET", "/problems", { headers: { cookie: kept } })).toBe("401 LOGIN_REQUIRED");
    expect(answerOf(await eager.call("DELETE", "/session"))).toBe("204");

    const other = new Browser(app);
    await other.login("eager");
    await eager.login("eager");
    expect(answerOf(await eager.call("DELETE", "/sessions"))).toBe("204");
    expect(answerOf(await other.call("GET", "/problems"))).toBe("401 LOGIN_REQUIRED");

    await root.login("root");
    for (const end of ["sessions", "inactive"]) {
      await other.login("eager");
      if (end === "sessions") await root.call("DELETE", `/users/${eager.id}/sessions`);
      else await root.call("PATCH", `/users/${eager.id}`, { body: { isActive: false } });
      expect(answerOf(await other.call("GET", "/problems"))).toBe("401 LOGIN_REQUIRED");
    }
  });

  it("is not tried for ever", async () => {
    await setUp();
    await test.parts.accounts.add("ada", "learner", PASSWORD);
    for (let i = 0; i < 5; i++) expect(await login("ada", `wrong password ${i}`)).toBe("401 LOGIN_FAILED");
    const refused = await new Browser(app).call("POST", "/session", { body: { name: "ADA", password: PASSWORD } });
    expect(answerOf(refused)).toBe("429 RATE_LIMITED");
    expect(refused.headers["retry-after"]).toBe("60");
    // Nobody else is kept out, and she is not from elsewhere.
    expect(await login("root", PASSWORD)).toBe("200");
    expect(answerOf(await new Browser(app, "192.0.2.2").call("POST", "/session", { body: { name: "ada", password: PASSWORD } }))).toBe(
      "200",
    );
    nowMs += 60_000;
    expect(await login("ada", PASSWORD)).toBe("200");
  });

  it("costs a class nothing that logs in all at once", async () => {
    await setUp();
    for (let i = 0; i < 70; i++) expect(await login("root", PASSWORD)).toBe("200");
  });

  it.each([
    ["no password", { name: "ada" }],
    ["a number", { name: "ada", password: 7 }],
    ["an object as name", { name: { $ne: null }, password: "x" }],
    ["more than is asked for", { name: "ada", password: "x", role: "admin" }],
    ["a very long password", { name: "ada", password: "x".repeat(2000) }],
    ["a very long name", { name: "x".repeat(2000), password: "x" }],
    ["an array", []],
    ["no JSON", "{"],
    ["nothing", undefined],
  ])("with %s is refused by its form", async (_name, body) => {
    await setUp();
    expect(await answer("POST", "/session", { body })).toBe("400 BODY_INVALID");
  });

  it("does not take a cookie that is none", async () => {
    await setUp();
    const cookies = [
      "millrace=",
      "millrace=x",
      `millrace=${"x".repeat(43)}`,
      `millrace=${"x".repeat(5000)}`,
      "millrace",
      "=;=;;",
      "millrace=%00",
    ];
    for (const cookie of cookies) expect(await answer("GET", "/problems", { headers: { cookie } }), cookie).toBe("401 LOGIN_REQUIRED");
  });

  it("keeps the cookie off plain connections where others can reach the server", async () => {
    await setUp({ host: "0.0.0.0" });
    const { headers } = await new Browser(app).call("POST", "/session", { body: { name: "root", password: PASSWORD } });
    expect(headers["set-cookie"]).toMatch(/^__Host-millrace=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
  });
});

describe("a request that writes", () => {
  const body = { language: "sql", text: "accept" };

  it("carries the token of its session", async () => {
    await setUp();
    const ada = await userWith(app, test.parts, "ada", "learner");
    const eve = await userWith(app, test.parts, "eve", "learner");
    const submit = (csrf: string | null): Promise<string> => {
      ada.csrf = csrf;
      return ada.call("POST", "/problems/word-count/submissions", { body }).then(answerOf);
    };
    const good = ada.csrf;
    for (const bad of [null, "", "x", eve.csrf, `${good}x`, ada.cookie!.split("=")[1]!]) expect(await submit(bad)).toBe("403 CSRF_STALE");
    expect(await submit(good)).toBe("201");
    await ada.login("ada");
    expect(await submit(good)).toBe("403 CSRF_STALE");
    for (const [method, url] of [
      ["DELETE", "/session"],
      ["DELETE", "/sessions"],
      ["PUT", "/session/password"],
    ] as const)
      expect(answerOf(await ada.call(method, url, { body: {} })), url).toBe("403 CSRF_STALE");
  });

  it.each([
    [{ "sec-fetch-site": "cross-site" }, "403 ORIGIN_FOREIGN"],
    [{ "sec-fetch-site": "same-site" }, "403 ORIGIN_FOREIGN"],
    [{ origin: "https://evil.example" }, "403 ORIGIN_FOREIGN"],
    [{ origin: "null" }, "403 ORIGIN_FOREIGN"],
    [{ origin: "http://localhost:8080" }, "403 ORIGIN_FOREIGN"],
    [{ "sec-fetch-site": "same-origin" }, "201"],
    [{ origin: "http://localhost:80", host: "localhost:80" }, "403 ORIGIN_FOREIGN"],
    [{ origin: "http://localhost:7420", host: "localhost:7420" }, "201"],
  ])("comes from a page of ours: %j → %s", async (headers, expected) => {
    await setUp();
    const ada = await userWith(app, test.parts, "ada", "learner");
    expect(answerOf(await ada.call("POST", "/problems/word-count/submissions", { body, headers }))).toBe(expected);
  });

  it("comes from a page of ours also where nobody logs in", async () => {
    await setUp({ accounts: false }).catch(() => {});
    const headers = { "sec-fetch-site": "cross-site" };
    const local = new Browser(app, "127.0.0.1");
    expect(answerOf(await local.call("POST", "/problems/word-count/submissions", { body, headers }))).toBe("403 ORIGIN_FOREIGN");
    expect(answerOf(await local.call("POST", "/problems/word-count/submissions", { body }))).toBe("201");
  });
});

describe("accounts", () => {
  it("are made by invitation", async () => {
    const root = await setUp();
    const { code, path } = (await root.call("POST", "/invitations", { body: { role: "instructor" } })).json<NewInvitation>();
    expect(path).toBe(`/register#${code}`);
    const grace = new Browser(app);
    const register = (body: object): Promise<string> => grace.call("POST", "/accounts", { body }).then(answerOf);
    expect(await register({ name: "grace", password: PASSWORD })).toBe("403 REGISTRATION_CLOSED");
    expect(await register({ name: "grace", password: PASSWORD, invitation: "made up" })).toBe("404 INVITATION_UNKNOWN");
    expect(await register({ name: "root", password: PASSWORD, invitation: code })).toBe("409 NAME_TAKEN");
    expect(await register({ name: "grace", password: PASSWORD, invitation: code })).toBe("201");
    expect((await grace.call("GET", "/session")).json<SessionInfo>().user).toMatchObject({ name: "grace", role: "instructor" });
    expect(await register({ name: "second", password: PASSWORD, invitation: code })).toBe("404 INVITATION_UNKNOWN");
    expect((await root.call("GET", "/invitations")).json()).toMatchObject([{ role: "instructor", usedBy: "grace" }]);
    expect((await root.call("GET", "/invitations")).body).not.toContain(code);
  });

  it("are made by invitations that end", async () => {
    const root = await setUp();
    const make = async (): Promise<NewInvitation> => (await root.call("POST", "/invitations", { body: { role: "learner" } })).json();
    const [late, withdrawn] = [await make(), await make()];
    expect(answerOf(await root.call("DELETE", `/invitations/${withdrawn.id}`))).toBe("204");
    expect(answerOf(await root.call("DELETE", `/invitations/${withdrawn.id}`))).toBe("404 INVITATION_UNKNOWN");
    const use = ({ code }: NewInvitation) => answer("POST", "/accounts", { body: { name: "x", password: PASSWORD, invitation: code } });
    expect(await use(withdrawn)).toBe("404 INVITATION_UNKNOWN");
    nowMs = late.expiresAtMs;
    expect(await use(late)).toBe("404 INVITATION_UNKNOWN");
  });

  it("are made by anybody where registration is open, and only as learners", async () => {
    await setUp({ registration: "open" });
    const grace = new Browser(app);
    expect(answerOf(await grace.call("POST", "/accounts", { body: { name: "grace", password: PASSWORD, role: "admin" } }))).toBe(
      "400 BODY_INVALID",
    );
    const made = await grace.call("POST", "/accounts", { body: { name: "grace", password: PASSWORD } });
    expect(made.json()).toMatchObject({ user: { role: "learner" }, registration: "open" });
  });

  it("get their password by a link, once", async () => {
    const root = await setUp();
    const made = await root.call("POST", "/users", { body: { name: "ada", role: "learner" } });
    const { user, passwordLink } = made.json<NewUserAnswer>();
    expect(user).toMatchObject({ name: "ada", hasPassword: false, lastLoginAtMs: null });
    expect(passwordLink!.path).toBe(`/set-password#${passwordLink!.token}`);
    const set = (token: string, password: string) => answer("POST", "/password", { body: { token, password } });
    expect(await set("x", PASSWORD)).toBe("404 PASSWORD_LINK_UNKNOWN");
    expect(await set(passwordLink!.token, "short")).toBe("400 PASSWORD_WEAK");
    expect(await set(passwordLink!.token, PASSWORD)).toBe("204");
    expect(await set(passwordLink!.token, PASSWORD)).toBe("404 PASSWORD_LINK_UNKNOWN");
    expect(await login("ada", PASSWORD)).toBe("200");
    const link = async () => (await root.call("POST", `/users/${user.id}/password-link`)).json<PasswordLink>();
    const [first, second] = [await link(), await link()];
    expect(await set(first.token, PASSWORD)).toBe("404 PASSWORD_LINK_UNKNOWN");
    nowMs = second.expiresAtMs;
    expect(await set(second.token, PASSWORD)).toBe("404 PASSWORD_LINK_UNKNOWN");
  });

  it("change their password and are logged out elsewhere", async () => {
    await setUp();
    const ada = await userWith(app, test.parts, "ada", "learner");
    const elsewhere = new Browser(app);
    await elsewhere.login("ada");
    const change = async (current: string, next: string): Promise<string> =>
      answerOf(await ada.call("PUT", "/session/password", { body: { current, next } }));
    expect(await change("not this one", "another password")).toBe("403 PASSWORD_WRONG");
    expect(await change(PASSWORD, "ada")).toBe("400 PASSWORD_WEAK");
    expect(await change(PASSWORD, "another password")).toBe("200");
    expect(answerOf(await ada.call("GET", "/problems"))).toBe("200");
    expect(answerOf(await elsewhere.call("GET", "/problems"))).toBe("401 LOGIN_REQUIRED");
    expect(await login("ada", PASSWORD)).toBe("401 LOGIN_FAILED");
    expect(await login("ada", "another password")).toBe("200");
  });

  it.each(["", " ", "-x", "=1+1", "@x", "a/b", "a\\b", "a\nb", "<b>", "../x", "\u0000", "x".repeat(65), "a,b", '"', "\u202Eabc"])(
    "are not called %j",
    async (name) => {
      const root = await setUp();
      expect(answerOf(await root.call("POST", "/users", { body: { name, role: "learner" } }))).toBe("400 NAME_INVALID");
    },
  );

  it("have names of all scripts, each once", async () => {
    const root = await setUp();
    const add = async (name: string): Promise<string> => answerOf(await root.call("POST", "/users", { body: { name, role: "learner" } }));
    for (const name of ["Zoë", "李明", "O'Neill", "a.b-c_d@example.org", "Ångström"]) expect(await add(name), name).toBe("201");
    for (const name of ["zoë", "Zoe\u0308", "Å\u006Egström", "LOCAL"]) expect(await add(name), name).toBe("409 NAME_TAKEN");
  });

  it.each(["short", "aaaaaaaaaaaaaaa", "x".repeat(257), "ada ada ad"])("do not take the password %j", async (password) => {
    const root = await setUp();
    expect(answerOf(await root.call("POST", "/users", { body: { name: "ada ada ad", role: "learner", password } }))).toBe(
      "400 PASSWORD_WEAK",
    );
  });

  it("always leave an administrator", async () => {
    const root = await setUp();
    for (const change of [{ role: "learner" }, { isActive: false }])
      expect(answerOf(await root.call("PATCH", `/users/${root.id}`, { body: change }))).toBe("409 ADMIN_LAST");
    expect(answerOf(await root.call("DELETE", `/users/${root.id}`))).toBe("409 ADMIN_LAST");
    expect(answerOf(await root.call("DELETE", "/users/local"))).toBe("409 ADMIN_LAST");
    const second = await userWith(app, test.parts, "second", "admin");
    expect((await second.call("PATCH", `/users/${root.id}`, { body: { role: "learner" } })).json<UserDetail>().role).toBe("learner");
    expect(answerOf(await root.call("GET", "/users"))).toBe("403 ROLE_REQUIRED");
  });

  it("are deleted with what belongs to them", async () => {
    const root = await setUp();
    const ada = await userWith(app, test.parts, "ada", "learner");
    const { id } = (await ada.call("POST", "/problems/word-count/submissions", { body: { language: "sql", text: "accept" } })).json<{
      id: string;
    }>();
    expect(answerOf(await root.call("GET", `/submissions/${id}`))).toBe("200");
    expect(answerOf(await root.call("DELETE", `/users/${ada.id}`))).toBe("204");
    expect(answerOf(await root.call("GET", `/submissions/${id}`))).toBe("404 SUBMISSION_UNKNOWN");
    expect(answerOf(await ada.call("GET", "/problems"))).toBe("401 LOGIN_REQUIRED");
    expect(answerOf(await root.call("DELETE", `/users/${ada.id}`))).toBe("404 USER_UNKNOWN");
  });

  it("are listed by pages", async () => {
    const root = await setUp();
    for (const name of ["b", "a", "c"]) await test.parts.accounts.add(name, "learner", null);
    const names: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: UserPage = (await root.call("GET", `/users?limit=2&after=${after}`)).json();
      expect(page.users.length).toBeLessThanOrEqual(2);
      names.push(...page.users.map(({ name }) => name));
      after = page.next;
    }
    expect(names).toEqual(["a", "b", "c", "local", "root"]);
    for (const query of ["limit=0", "limit=x", "limit=1000", "limit=2&limit=3", "other=1"])
      expect(answerOf(await root.call("GET", `/users?${query}`)), query).toBe("400 BODY_INVALID");
  });
});

describe("the audit log", () => {
  it("says who did what", async () => {
    const root = await setUp();
    await login("root", "wrong password!");
    await login("a password in the wrong field", "x");
    const { user } = (
      await root.call("POST", "/users", { body: { name: "ada", role: "learner", password: PASSWORD } })
    ).json<NewUserAnswer>();
    await root.call("PATCH", `/users/${user.id}`, { body: { role: "instructor" } });
    await root.call("POST", "/rejudges", { body: { problemId: "word-count" } });
    await root.call("DELETE", `/users/${user.id}`);
    const { entries, next } = (await root.call("GET", "/audit")).json<AuditPage>();
    expect(next).toBeNull();
    const by = { actorId: root.id, actorName: "root", address: "192.0.2.1", atMs: nowMs };
    expect(entries).toMatchObject([
      { ...by, action: "user.remove", target: user.id, detail: "ada" },
      { ...by, action: "user.role", target: user.id, outcome: "done", detail: "instructor" },
      { ...by, action: "user.add", target: user.id },
      { action: "session.login", actorId: null, actorName: null, target: null, outcome: "refused" },
      { ...by, action: "session.login", outcome: "refused" },
      { ...by, action: "session.login", outcome: "done" },
    ]);
    expect(JSON.stringify(entries)).not.toContain("wrong field");
  });

  it("is read by pages and by what is looked for", async () => {
    const root = await setUp();
    for (let i = 0; i < 5; i++) await root.call("POST", "/invitations", { body: { role: "learner" } });
    const first = (await root.call("GET", "/audit?limit=4")).json<AuditPage>();
    const rest = (await root.call("GET", `/audit?limit=4&before=${first.next}`)).json<AuditPage>();
    expect([...first.entries, ...rest.entries].map(({ action }) => action)).toEqual([...Array(5).fill("invitation.add"), "session.login"]);
    expect((await root.call("GET", "/audit?action=session.login")).json<AuditPage>().entries).toHaveLength(1);
    expect((await root.call("GET", "/audit?actor=nobody")).json<AuditPage>().entries).toEqual([]);
    for (const query of ["before=0", "before=x", "limit=501", "what=1"])
      expect(answerOf(await root.call("GET", `/audit?${query}`)), query).toBe("400 BODY_INVALID");
  });

  it("is kept for a while only", async () => {
    await setUp();
    nowMs += 401 * 24 * 3_600_000;
    await test.parts.audit.prune();
    expect(test.database.db.all("SELECT * FROM audit_entries")).toEqual([]);
  });
});

describe("a password's hash", () => {
  it("is another one each time and holds its parameters", async () => {
    await setUp();
    const [old, present] = [new PasswordHasher({ logN: 4, r: 8, p: 1 }), new PasswordHasher({ logN: 5, r: 8, p: 1 })];
    const hash = await old.hash("pässword");
    expect(hash).toMatch(/^scrypt\$4\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await old.hash("pässword")).not.toBe(hash);
    expect(await old.check("pa\u0308ssword", hash)).toBe("right");
    expect(await present.check("pässword", hash)).toBe("outdated");
    expect(await present.check("passwort", hash)).toBe("wrong");
    expect(await present.check("pässword", null)).toBe("wrong");
  });

  it("is renewed at the log-in when its parameters are old", async () => {
    await setUp();
    const { id } = await test.parts.accounts.add("ada", "learner", PASSWORD);
    await test.parts.users.rehash(id, await new PasswordHasher({ logN: 3, r: 8, p: 1 }).hash(PASSWORD));
    expect(await login("ada", PASSWORD)).toBe("200");
    expect((await test.parts.users.credentials("ada"))?.password).toMatch(/^scrypt\$4\$/);
    expect(await login("ada", PASSWORD)).toBe("200");
  });
});
