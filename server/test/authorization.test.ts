/**
 * Every route × every role × own and foreign objects. The routes come from Fastify itself: one without a line in `LINES` fails, and so does a
 * line without its route. Each call meets objects made for it alone, so that none disturbs the next.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RejudgeDetail, SubmissionSummary } from "../src/contract/index.ts";
import type { StoredClass } from "../src/repositories/classes.ts";
import { newJoinCode } from "../src/services/classes/join-code.ts";
import { ALLOWANCES, type Allowances } from "../src/services/rate-limits.ts";
import { answerOf, Browser, PASSWORD, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp, tempDir } from "./test-server.ts";

type User = Browser & {
  readonly id: string;
  /** Whoever leads the user's classes beside them. */
  readonly shareWith?: Browser & { readonly id?: string };
};

/** `none` is not logged in. */
const ROLES = ["none", "learner", "instructor", "admin"] as const;
type Who = (typeof ROLES)[number];

/** One answer per role, in the order of `ROLES`. */
type Answers = readonly [none: string, learner: string, instructor: string, admin: string];

interface Line {
  /** The address without /api. Default: the route's own. @param owner whose object it is to be about. */
  readonly url?: (owner: User) => Promise<string>;
  readonly body?: unknown | ((owner: User) => Promise<unknown>);
  /** About what everybody may name, or what is one's own. */
  readonly own: Answers;
  /** About what belongs to somebody else; absent = the route is about nobody's. */
  readonly foreign?: Answers;
  /** About a class that somebody else owns and one leads beside them; absent = as about one's own. */
  readonly shared?: Answers;
  /** The address of what there is not; whoever may not see a foreign object gets exactly this answer. */
  readonly missing?: string;
}

const LOGIN = "401 LOGIN_REQUIRED";
const ROLE = "403 ROLE_REQUIRED";
const everybody = (answer: string): Answers => [answer, answer, answer, answer];
const learners = (answer: string): Answers => [LOGIN, answer, answer, answer];
const instructors = (answer: string, ofLearner = ROLE): Answers => [LOGIN, ofLearner, answer, answer];
/** Of a class that another instructor leads. */
const led = (answer: string): Answers => [LOGIN, ROLE, "404 CLASS_UNKNOWN", answer];
const admins = (answer: string): Answers => [LOGIN, ROLE, ROLE, answer];

const notTheirs = (answer: string): Answers => [LOGIN, ROLE, "404 PACK_UNKNOWN", answer];
const ASSIGNMENT = { title: "Week 1", problemIds: ["word-count"], dueAtMs: null };
const ANSWER = { language: "sql", text: "accept" };

const CLI = fileURLToPath(new URL("../../grader/src/cli.ts", import.meta.url));

const dataDir = tempDir();
const packDir = join(tempDir(), "mini");
let test: TestApp;
let names = 0;

const add = async (role: "learner" | "instructor" | "admin"): Promise<User> => userWith(test.app, test.parts, `${role} ${++names}`, role);
const problem = (rest: string) => async () => `/problems/word-count${rest}`;

async function submissionOf(owner: User): Promise<string> {
  const submission = (await owner.call("POST", "/problems/word-count/submissions", { body: ANSWER })).json<SubmissionSummary>();
  await expect.poll(async () => (await test.submissions.find(submission.id))?.status, { timeout: 10_000 }).toBe("judged");
  return submission.id;
}

/** Of an owner who may make none: of nobody in particular. */
async function rejudgeOf(owner: User): Promise<string> {
  const problemId = "word-count";
  await submissionOf(owner);
  const options = { createdBy: owner.id, onlyOf: owner.id, createdAtMs: 1, maxItems: 100 };
  const { id } = (await test.rejudges.create({ problemId }, options))!;
  test.queue.wake();
  await expect.poll(async () => (await test.rejudges.find(id, null))?.state, { timeout: 10_000 }).toBe("ready");
  return id;
}

const rejudge = (rest: string) => async (owner: User) => `/rejudges/${await rejudgeOf(owner)}${rest}`;
const submission = (rest: string) => async (owner: User) => `/submissions/${await submissionOf(owner)}${rest}`;
const someUser = (rest: string) => async () => `/users/${(await add("learner")).id}${rest}`;
/** A class that the owner leads, though it be a learner. */
async function classOf(owner: User): Promise<StoredClass> {
  const made = await test.parts.classes.add({ name: "Streams", ownerId: owner.id, code: newJoinCode(), createdAtMs: 1 });
  if (owner.shareWith?.id !== undefined) await test.parts.classes.addInstructor(made.id, owner.shareWith.id, 1);
  return made;
}

const classUrl = (rest: string) => async (owner: User) => `/classes/${(await classOf(owner)).id}${rest}`;

async function memberUrl(_owner: User, { id, code }: StoredClass): Promise<string> {
  const member = await add("learner");
  await test.parts.classes.join(code!, { userId: member.id, joinedAtMs: 1, maxMembers: 9 });
  return `/classes/${id}/members/${member.id}`;
}

async function instructorUrl({ id }: StoredClass): Promise<string> {
  const instructor = await add("instructor");
  await test.parts.classes.addInstructor(id, instructor.id, 1);
  return `/classes/${id}/instructors/${instructor.id}`;
}

async function assignmentUrl(owner: User): Promise<string> {
  const { id } = await classOf(owner);
  return `/classes/${id}/assignments/${(await test.parts.classes.addAssignment(id, ASSIGNMENT, 1)).id}`;
}

/** One that lies where an upload would have put it. */
const readablePack = (rest: string) => async (owner: User) => {
  const id = randomUUID();
  cpSync(packDir, join(dataDir, "packs", id, "mini"), { recursive: true });
  const texts = { packId: "mini", title: "Mini", version: "1.0.0", problems: 1, diagnostics: [] };
  await test.parts.packs.add({ id, ...texts, state: "passed", status: "draft", uploadedBy: owner.id, createdAtMs: 1 });
  return `/packs/${id}${rest}`;
};

/** One that could not be read. */
const pack = (rest: string) => async (owner: User) => {
  const id = randomUUID();
  const texts = { packId: "mini", title: "Mini", version: "1.0.0", problems: 0, diagnostics: [] };
  await test.parts.packs.add({ id, ...texts, state: "broken", status: "draft", uploadedBy: owner.id, createdAtMs: 1 });
  return `/packs/${id}${rest}`;
};

const draft = async (owner: User) => {
  await owner.call("PUT", "/problems/word-count/drafts/sql", { body: { text: "x" } });
  return "/problems/word-count/drafts/sql";
};
const invitation = async (owner: User) => `/invitations/${(await test.parts.accounts.invite({ role: "learner" }, owner.id)).id}`;

const LINES: Readonly<Record<string, Line>> = {
  "GET /api/openapi.json": { own: everybody("200") },
  "GET /api/health": { own: everybody("200") },
  "GET /api/docs": { own: everybody("200") },
  "GET /api/metrics": { own: admins("200") },
  "GET /api/types": { own: learners("200") },

  "GET /api/session": { own: everybody("200") },
  "POST /api/session": {
    body: async (owner: User) => ({ name: `${(await nameOf(owner)) ?? "x"}`, password: PASSWORD }),
    own: ["401 LOGIN_FAILED", "200", "200", "200"],
  },
  "DELETE /api/session": { own: everybody("204") },
  "DELETE /api/sessions": { own: learners("204") },
  "PUT /api/session/password": { body: { current: PASSWORD, next: "another password" }, own: learners("200") },
  "POST /api/accounts": { body: { name: "somebody new", password: PASSWORD }, own: everybody("403 REGISTRATION_CLOSED") },
  "POST /api/password": { body: { token: "x", password: PASSWORD }, own: everybody("404 PASSWORD_LINK_UNKNOWN") },

  "GET /api/problems": { own: learners("200") },
  "GET /api/problems/:id": { url: problem(""), own: learners("200") },
  "PUT /api/problems/:id/version": { url: problem("/version"), body: { version: "1.0.0" }, own: learners("204") },
  "GET /api/problems/:id/form": { url: problem("/form"), own: learners("404 FORM_NOT_OFFERED") },
  "POST /api/problems/:id/run": { url: problem("/run"), body: ANSWER, own: learners("200") },
  "POST /api/problems/:id/check": { url: problem("/check"), body: ANSWER, own: learners("200") },
  "GET /api/problems/:id/submissions": { url: problem("/submissions"), own: learners("200") },
  "POST /api/problems/:id/submissions": { url: problem("/submissions"), body: ANSWER, own: learners("201") },

  "GET /api/problems/:id/drafts": { url: problem("/drafts"), own: learners("200") },
  "GET /api/problems/:id/drafts/:file": { url: draft, own: learners("200"), foreign: learners("404 DRAFT_UNKNOWN") },
  "PUT /api/problems/:id/drafts/:file": { url: problem("/drafts/sql"), body: { text: "x" }, own: learners("200") },
  "DELETE /api/problems/:id/drafts/:file": { url: draft, own: learners("204"), foreign: learners("404 DRAFT_UNKNOWN") },
  "PUT /api/problems/:id/hints/:number": { url: problem("/hints/1"), own: learners("204") },
  "GET /api/problems/:id/editorial": { url: problem("/editorial"), own: [LOGIN, "403 EDITORIAL_CLOSED", "200", "200"] },
  "PUT /api/problems/:id/surrender": { url: problem("/surrender"), own: learners("204") },
  "GET /api/progress": { own: learners("200") },

  "GET /api/cards": { own: learners("200") },
  "GET /api/lessons": { own: learners("200") },
  "GET /api/lessons/:id": { url: async () => "/lessons/test.windows", own: learners("200") },
  "GET /api/reviews": { own: learners("200") },
  "POST /api/reviews": { body: { reviews: [{ item: "card:test.window", atMs: 1, grade: 3 }] }, own: learners("204") },

  "GET /api/submissions/:id": {
    url: submission(""),
    own: learners("200"),
    foreign: [LOGIN, "404 SUBMISSION_UNKNOWN", "404 SUBMISSION_UNKNOWN", "200"],
    missing: "/submissions/no-such",
  },
  "GET /api/submissions/:id/events": {
    url: submission("/events"),
    own: learners("200"),
    foreign: [LOGIN, "404 SUBMISSION_UNKNOWN", "404 SUBMISSION_UNKNOWN", "200"],
    missing: "/submissions/no-such/events",
  },

  "GET /api/problems/:id/run-kit": { url: problem("/run-kit"), own: learners("200") },
  "POST /api/problems/:id/program": { url: problem("/program"), body: ANSWER, own: learners("200") },
  "GET /api/submissions/:id/world": {
    url: submission("/world"),
    own: learners("409 WORLD_NOT_KEPT"),
    foreign: [LOGIN, "404 SUBMISSION_UNKNOWN", "404 SUBMISSION_UNKNOWN", "409 WORLD_NOT_KEPT"],
    missing: "/submissions/no-such/world",
  },
  "POST /api/problems/:id/changed-run": {
    url: problem("/changed-run"),
    body: { ...ANSWER, sample: 0, changes: [] },
    own: learners("200"),
  },
  "POST /api/submissions/:id/changed-run": {
    url: submission("/changed-run"),
    body: { changes: [] },
    own: learners("409 WORLD_NOT_KEPT"),
    foreign: [LOGIN, "404 SUBMISSION_UNKNOWN", "404 SUBMISSION_UNKNOWN", "409 WORLD_NOT_KEPT"],
    missing: "/submissions/no-such/changed-run",
  },

  "POST /api/rejudges": {
    body: async (owner: User) => {
      await submissionOf(owner);
      return { problemId: "word-count" };
    },
    own: instructors("201"),
    foreign: [LOGIN, ROLE, "409 REJUDGE_EMPTY", "201"],
  },
  "GET /api/rejudges": { own: instructors("200") },
  "GET /api/rejudges/:id": {
    url: rejudge(""),
    own: instructors("200"),
    foreign: [LOGIN, ROLE, "404 REJUDGE_UNKNOWN", "200"],
    missing: "/rejudges/no-such",
  },
  "POST /api/rejudges/:id/apply": {
    url: rejudge("/apply"),
    body: {},
    own: instructors("200"),
    foreign: [LOGIN, ROLE, "404 REJUDGE_UNKNOWN", "200"],
    missing: "/rejudges/no-such/apply",
  },
  "POST /api/rejudges/:id/cancel": {
    url: rejudge("/cancel"),
    body: {},
    own: instructors("200"),
    foreign: [LOGIN, ROLE, "404 REJUDGE_UNKNOWN", "200"],
    missing: "/rejudges/no-such/cancel",
  },

  "GET /api/users": { own: admins("200") },
  "POST /api/users": { body: async () => ({ name: `made ${++names}`, role: "admin" }), own: admins("201") },
  "GET /api/users/:id": { url: someUser(""), own: admins("200") },
  "PATCH /api/users/:id": { url: someUser(""), body: { role: "admin" }, own: admins("200") },
  "DELETE /api/users/:id": { url: someUser(""), own: admins("204") },
  "POST /api/users/:id/password-link": { url: someUser("/password-link"), own: admins("201") },
  "DELETE /api/users/:id/sessions": { url: someUser("/sessions"), own: admins("204") },

  "GET /api/classes": { own: learners("200") },
  "POST /api/classes": { body: { name: "Streams" }, own: instructors("201") },
  "POST /api/classes/join": { body: async () => ({ code: (await classOf(await add("instructor"))).code }), own: learners("200") },
  "GET /api/classes/:id": {
    url: classUrl(""),
    own: instructors("200", "404 CLASS_UNKNOWN"),
    foreign: [LOGIN, "404 CLASS_UNKNOWN", "404 CLASS_UNKNOWN", "200"],
    missing: "/classes/no-such",
  },
  "PATCH /api/classes/:id": {
    url: classUrl(""),
    body: { name: "Other" },
    own: instructors("200"),
    foreign: led("200"),
    missing: "/classes/x",
  },
  "DELETE /api/classes/:id": {
    url: classUrl(""),
    own: instructors("204"),
    foreign: led("204"),
    shared: [LOGIN, ROLE, "403 CLASS_NOT_OWNED", "204"],
    missing: "/classes/x",
  },
  "POST /api/classes/:id/code": { url: classUrl("/code"), own: instructors("200"), foreign: led("200"), missing: "/classes/x/code" },
  "DELETE /api/classes/:id/code": { url: classUrl("/code"), own: instructors("200"), foreign: led("200"), missing: "/classes/x/code" },
  "DELETE /api/classes/:id/members/:user": {
    url: async (owner) => memberUrl(owner, await classOf(owner)),
    own: [LOGIN, "404 CLASS_UNKNOWN", "204", "204"],
    foreign: [LOGIN, "404 CLASS_UNKNOWN", "404 CLASS_UNKNOWN", "204"],
    missing: "/classes/x/members/y",
  },
  "POST /api/classes/:id/instructors": {
    url: classUrl("/instructors"),
    body: async () => ({ name: await nameOf(await add("instructor")) }),
    own: instructors("200"),
    foreign: led("200"),
    shared: [LOGIN, ROLE, "403 CLASS_NOT_OWNED", "200"],
    missing: "/classes/x/instructors",
  },
  "DELETE /api/classes/:id/instructors/:user": {
    url: async (owner) => instructorUrl(await classOf(owner)),
    own: instructors("204"),
    foreign: led("204"),
    shared: [LOGIN, ROLE, "403 CLASS_NOT_OWNED", "204"],
    missing: "/classes/x/instructors/y",
  },
  "POST /api/classes/:id/assignments": {
    url: classUrl("/assignments"),
    body: ASSIGNMENT,
    own: instructors("201"),
    foreign: led("201"),
    missing: "/classes/x/assignments",
  },
  "PUT /api/classes/:id/assignments/:assignment": {
    url: assignmentUrl,
    body: ASSIGNMENT,
    own: instructors("200"),
    foreign: led("200"),
    missing: "/classes/x/assignments/y",
  },
  "DELETE /api/classes/:id/assignments/:assignment": {
    url: assignmentUrl,
    own: instructors("204"),
    foreign: led("204"),
    missing: "/classes/x/assignments/y",
  },
  "GET /api/classes/:id/results": {
    url: classUrl("/results"),
    own: instructors("200"),
    foreign: led("200"),
    missing: "/classes/x/results",
  },
  "GET /api/classes/:id/results.csv": {
    url: classUrl("/results.csv"),
    own: instructors("200"),
    foreign: led("200"),
    missing: "/classes/x/results.csv",
  },

  "GET /api/classes/:id/misconceptions.csv": {
    url: classUrl("/misconceptions.csv"),
    own: instructors("200"),
    foreign: led("200"),
    missing: "/classes/x/misconceptions.csv",
  },

  "POST /api/packs": { body: {}, own: instructors("400 PACK_ARCHIVE") },
  "GET /api/packs": { own: instructors("200") },
  "GET /api/packs/:id": { url: pack(""), own: instructors("200"), foreign: notTheirs("200"), missing: "/packs/no-such" },
  "PATCH /api/packs/:id": {
    url: pack(""),
    body: { status: "active" },
    own: instructors("409 PACK_NOT_PASSED"),
    foreign: notTheirs("409 PACK_NOT_PASSED"),
    missing: "/packs/no-such",
  },
  "DELETE /api/packs/:id": { url: pack(""), own: instructors("204"), foreign: notTheirs("204"), missing: "/packs/no-such" },
  "POST /api/packs/:id/verify": {
    url: pack("/verify"),
    own: instructors("409 PACK_UNREADABLE"),
    foreign: notTheirs("409 PACK_UNREADABLE"),
    missing: "/packs/no-such/verify",
  },
  "GET /api/packs/:id/problems": {
    url: pack("/problems"),
    own: instructors("200"),
    foreign: notTheirs("200"),
    missing: "/packs/no-such/problems",
  },
  "GET /api/packs/:id/problems/:problem": {
    url: readablePack("/problems/first"),
    own: instructors("200"),
    foreign: notTheirs("200"),
    missing: "/packs/no-such/problems/first",
  },
  "GET /api/packs/:id/events": {
    url: pack("/events"),
    own: instructors("200"),
    foreign: notTheirs("200"),
    missing: "/packs/no-such/events",
  },

  "GET /api/invitations": { own: instructors("200") },
  "POST /api/invitations": { body: { role: "learner" }, own: instructors("201") },
  "DELETE /api/invitations/:id": {
    url: invitation,
    own: instructors("204"),
    foreign: [LOGIN, ROLE, "404 INVITATION_UNKNOWN", "204"],
    missing: "/invitations/no-such",
  },

  "GET /api/audit": { own: admins("200") },
};

const unlimited = Object.fromEntries(
  Object.keys(ALLOWANCES).map((what) => [what, { user: { burst: 1e6, everyMs: 1 }, address: { burst: 1e6, everyMs: 1 } }]),
) as Allowances;

async function nameOf(owner: User): Promise<string | undefined> {
  return (await test.parts.users.find(owner.id))?.name;
}

beforeAll(async () => {
  execFileSync(process.execPath, [CLI, "pack", "new", join(packDir, "first"), "--kind", "decide"]);
  test = await makeApp({ accounts: true, dataDir }, new InProcessJudge(1), {
    allowances: unlimited,
    runLane: { atOnce: 2, maxWaiting: 9 },
  });
  await test.queue.start();
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

async function call(name: string, line: Line, caller: Browser, owner: User): Promise<string> {
  const [method, route] = name.split(" ") as ["GET", string];
  const url = line.url === undefined ? route.slice("/api".length) : await line.url(owner);
  const body = typeof line.body === "function" ? await line.body(owner) : line.body;
  return answerOf(await caller.call(method, url, body === undefined ? {} : { body }));
}

/** A fresh caller; whoever is not logged in asks about what somebody else owns. */
async function callerOf(who: Who): Promise<{ readonly caller: Browser; readonly owner: User }> {
  if (who === "none") return { caller: new Browser(test.app), owner: Object.assign(await add("instructor"), { id: "nobody" }) };
  const user = await add(who);
  return { caller: user, owner: user };
}

it("every route has its line, and every line its route", () => {
  const routes = test.routes.map(({ name }) => name).filter((name) => !name.startsWith("HEAD "));
  expect(Object.keys(LINES).sort()).toEqual([...new Set(routes)].sort());
});

describe.each(Object.entries(LINES))("%s", (name, line) => {
  it.each(ROLES)("as %s", async (who) => {
    const { caller, owner } = await callerOf(who);
    const own = who === "none" ? await add("instructor") : owner;
    const asked = name === "POST /api/session" ? owner : own;
    expect(await call(name, line, caller, asked), "own").toBe(line.own[ROLES.indexOf(who)]);
    if (name.includes("/classes/:id")) {
      const shared = who === "none" ? new Browser(test.app) : await add(who);
      const sharer = Object.assign(await add("instructor"), { shareWith: shared });
      expect(await call(name, line, shared, sharer), "led beside its owner").toBe((line.shared ?? line.own)[ROLES.indexOf(who)]);
    }
    if (line.foreign === undefined) return;
    const stranger = await add("instructor");
    const again = who === "none" ? new Browser(test.app) : await add(who);
    const expected = line.foreign[ROLES.indexOf(who)];
    expect(await call(name, line, again, stranger), "foreign").toBe(expected);
    if (line.missing !== undefined && expected?.startsWith("404")) {
      const [method] = name.split(" ") as ["GET"];
      const missing = await again.call(method, line.missing, line.body === undefined ? {} : { body: line.body });
      const url = await line.url!(stranger);
      const foreign = await again.call(method, url, line.body === undefined ? {} : { body: line.body });
      expect(foreign.body, "a foreign object is as if it had never been").toBe(missing.body);
      expect(foreign.statusCode).toBe(missing.statusCode);
    }
  });
});

it("HEAD is for whom GET is", () => {
  const access = new Map(test.routes.map((route) => [route.name, route.access]));
  for (const { name, access: ofHead } of test.routes)
    if (name.startsWith("HEAD ")) expect(ofHead, name).toBe(access.get(name.replace("HEAD", "GET")));
});

it("a set of an instructor holds no submission of anybody else", async () => {
  const [learner, instructor] = [await add("learner"), await add("instructor")];
  const foreign = await submissionOf(learner);
  await submissionOf(instructor);
  const set = (await instructor.call("POST", "/rejudges", { body: { problemId: "word-count" } })).json<RejudgeDetail>();
  expect(set.total).toBe(1);
  await expect.poll(async () => (await test.rejudges.find(set.id, null))?.state, { timeout: 10_000 }).toBe("ready");
  expect((await instructor.call("GET", `/rejudges/${set.id}`)).body).not.toContain(foreign);
});

it("who leads a class beside its owner sees what its learners submit, for as long as they do", async () => {
  const [owner, beside, learner] = [await add("instructor"), await add("instructor"), await add("learner")];
  const { id, code } = await classOf(owner);
  await test.parts.classes.join(code!, { userId: learner.id, joinedAtMs: 1, maxMembers: 9 });
  const submitted = await submissionOf(learner);
  const see = async () => answerOf(await beside.call("GET", `/submissions/${submitted}`));
  expect(await see()).toBe("404 SUBMISSION_UNKNOWN");
  const name = await nameOf(beside);
  expect(answerOf(await owner.call("POST", `/classes/${id}/instructors`, { body: { name } }))).toBe("200");
  expect(await see()).toBe("200");
  expect(answerOf(await beside.call("GET", `/progress?user=${learner.id}`))).toBe("200");
  expect((await beside.call("POST", "/rejudges", { body: { problemId: "word-count" } })).json<RejudgeDetail>().total).toBe(1);
  expect((await beside.call("GET", "/classes")).json()).toMatchObject([{ id, isLeader: true, isOwner: false }]);
  // A learner's name, and one that nobody has, are answered alike.
  for (const none of [await nameOf(learner), "nobody at all"])
    expect(answerOf(await owner.call("POST", `/classes/${id}/instructors`, { body: { name: none } }))).toBe("404 INSTRUCTOR_UNKNOWN");
  // Who leads it with others may stop doing so.
  expect(answerOf(await beside.call("DELETE", `/classes/${id}/instructors/${beside.id}`))).toBe("204");
  expect(await see()).toBe("404 SUBMISSION_UNKNOWN");
  expect(answerOf(await beside.call("GET", `/classes/${id}`))).toBe("404 CLASS_UNKNOWN");
  await owner.call("POST", `/classes/${id}/instructors`, { body: { name } });
  await test.parts.users.change(beside.id, { role: "learner" });
  expect(answerOf(await beside.call("GET", `/classes/${id}`))).toBe("404 CLASS_UNKNOWN");
});

it("lists, standings and numbers are each user's own", async () => {
  const [ada, eve] = [await add("learner"), await add("learner")];
  await submissionOf(ada);
  expect((await eve.call("GET", "/problems/word-count/submissions")).json()).toEqual([]);
  expect((await eve.call("GET", "/problems/word-count")).json()).toMatchObject({ lastVerdict: null, bestScore: null });
  const first = await eve.call("POST", "/problems/word-count/submissions", { body: ANSWER });
  expect(first.json<SubmissionSummary>().number).toBe(1);
});
