/** Packs that instructors bring in, read, verified and judged by the real grader. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPack } from "@millrace/grader";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type {
  PackDetail,
  PackEvent,
  PackSummary,
  ProblemDetail,
  ProblemList,
  SubmissionDetail,
  SubmissionSummary,
} from "../src/contract/index.ts";
import { GraderJudge } from "../src/services/judge/grader-judge.ts";
import { answerOf, type Browser, userWith } from "./browser.ts";
import { makeApp, removeTempDirs, type TestApp, tempDir } from "./test-server.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type User = Browser & { readonly id: string };

const dataDir = tempDir();
let test: TestApp;
let teacher: User;
let ada: User;
let eve: User;
let packDir = "";

const CLI = fileURLToPath(new URL("../../grader/src/cli.ts", import.meta.url));

async function start(): Promise<void> {
  const onFault = (): void => {};
  test = await makeApp({ dataDir, accounts: true }, new GraderJudge(new Map(), { workers: 1, warmUp: false, onFault }));
  await test.queue.start();
  await test.parts.library.start();
}

beforeAll(async () => {
  packDir = join(tempDir(), "mini");
  execFileSync(process.execPath, [CLI, "pack", "new", join(packDir, "first"), "--kind", "decide"]);
  await start();
  teacher = await userWith(test.app, test.parts, "teacher", "instructor");
  ada = await userWith(test.app, test.parts, "ada", "learner");
  eve = await userWith(test.app, test.parts, "eve", "learner");
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

/** The pack with texts replaced in its files. */
function packWith(...changes: readonly (readonly [file: string, from: string, to: string])[]): Buffer {
  const before = changes.map(([file]) => readFileSync(join(packDir, file), "utf8"));
  try {
    for (const [file, from, to] of changes) writeFileSync(join(packDir, file), readFileSync(join(packDir, file), "utf8").replace(from, to));
    return buildPack(packDir);
  } finally {
    for (const [i, [file]] of [...changes.entries()].reverse()) writeFileSync(join(packDir, file), before[i]!);
  }
}

const upload = (archive: Buffer | string, type = "application/zip", who: User = teacher) =>
  test.app.inject({
    method: "POST",
    url: "/api/packs",
    payload: archive,
    headers: { "content-type": type, cookie: who.cookie!, "x-millrace-csrf": who.csrf! },
  });

/** As if none had been before: these tests are not about limits. */
const again = (archive: Buffer) => {
  test.parts.limits.giveBack("upload", { user: teacher.id, address: "127.0.0.1" });
  return upload(archive);
};

const find = async (id: string): Promise<PackDetail> => (await teacher.call("GET", `/packs/${id}`)).json();
const setStatus = async (id: string, status: string, who: User = teacher): Promise<string> =>
  answerOf(await who.call("PATCH", `/packs/${id}`, { body: { status } }));
const verified = (id: string) => expect.poll(async () => (await find(id)).state, { timeout: 100_000, interval: 200 });
const eventsOf = (text: string): PackEvent[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as PackEvent);

describe("a pack", () => {
  let first = "";
  let second = "";

  it("is uploaded, proves itself live, and is kept from learners until it is served", async () => {
    const response = await upload(buildPack(packDir));
    expect(answerOf(response)).toBe("201");
    const pack = response.json<PackDetail>();
    first = pack.id;
    expect(pack).toMatchObject({ packId: "mini", title: "Mini", version: "0.1.0", problems: 1, status: "draft", diagnostics: [] });
    expect(await setStatus(first, "active")).toBe("409 PACK_NOT_PASSED");
    // Ends when the report does.
    const events = await teacher.call("GET", `/packs/${first}/events`);
    const told = eventsOf(events.body);
    const found = told.filter(({ kind }) => kind !== "planned");
    expect(found.at(-1)).toEqual({ kind: "finished", state: "passed" });
    const { report, state } = await find(first);
    expect(state).toBe("passed");
    expect(found.slice(0, -1)).toEqual(report.map((line) => ({ kind: "line", line })));
    expect(told.filter(({ kind }) => kind === "planned")).toEqual([{ kind: "planned", lines: report.length }]);
    expect(report.map(({ subject }) => subject).sort()).toEqual([
      "accepted/right.yaml",
      "determinism",
      "junk",
      "structure",
      "wrong-output/cuts-visits.yaml",
    ]);
    expect(report.find(({ subject }) => subject === "accepted/right.yaml")).toMatchObject({ found: "accepted 100/100", complaint: null });
    const rest = await teacher.call("GET", `/packs/${first}/events`, { headers: { "last-event-id": `1.${report.length - 1}` } });
    expect(eventsOf(rest.body)).toHaveLength(2);
    const over = await teacher.call("GET", `/packs/${first}/events`, { headers: { "last-event-id": `1.${report.length + 1}` } });
    expect(over.statusCode).toBe(204);
    const older = await teacher.call("GET", `/packs/${first}/events`, { headers: { "last-event-id": "0.3" } });
    expect(eventsOf(older.body).map(({ kind }) => kind)).toEqual(["begun", ...report.map(() => "line"), "finished"]);
    expect(answerOf(await ada.call("GET", "/problems/first"))).toBe("404 PROBLEM_UNKNOWN");
  });

  it("is seen before that, as learners will see it, by who brought it in", async () => {
    expect((await teacher.call("GET", `/packs/${first}/problems`)).json()).toEqual([
      { id: "first", title: expect.any(String), kind: "decide" },
    ]);
    const response = await teacher.call("GET", `/packs/${first}/problems/first`);
    const seen = response.json<ProblemDetail>();
    expect(seen).toMatchObject({ id: "first", packId: "mini", lastVerdict: null });
    expect(seen.form!.rows.length).toBeGreaterThan(0);
    for (const secret of ["accepted", "editorial", dataDir]) expect(response.body).not.toContain(secret);
    expect(answerOf(await teacher.call("GET", `/packs/${first}/problems/none`))).toBe("404 PROBLEM_UNKNOWN");
    expect(answerOf(await ada.call("GET", `/packs/${first}/problems/first`))).toBe("403 ROLE_REQUIRED");
  });

  it("is served, solved and judged without a restart", async () => {
    expect(await setStatus(first, "beta")).toBe("200");
    expect(await setStatus(first, "active")).toBe("200");
    const { problems } = (await ada.call("GET", "/problems")).json<ProblemList>();
    expect(problems.map(({ id }) => id)).toContain("first");
    const detail = (await ada.call("GET", "/problems/first")).json<ProblemDetail>();
    expect(detail).toMatchObject({ packId: "mini", version: "0.1.0" });
    expect(detail.form!.rows.length).toBeGreaterThan(0);
    const text = readFileSync(join(packDir, "first/submissions/accepted/right.yaml"), "utf8");
    const { languages } = detail;
    const sent = await ada.call("POST", "/problems/first/submissions", { body: { language: languages[0], text } });
    const { id } = sent.json<SubmissionSummary>();
    const verdict = async () => (await ada.call("GET", `/submissions/${id}`)).json<SubmissionDetail>().verdict;
    await expect.poll(verdict, { timeout: 30_000 }).toBe("accepted");
  });

  it("is verified anew when somebody asks, and is served meanwhile", async () => {
    expect(answerOf(await teacher.call("POST", `/packs/${first}/verify`))).toBe("200");
    expect(answerOf(await teacher.call("POST", `/packs/${first}/verify`))).toBe("200");
    const told = eventsOf((await teacher.call("GET", `/packs/${first}/events`, { headers: { "last-event-id": "1.2" } })).body);
    const { report, verification } = await find(first);
    expect(verification).toBe(2);
    for (let i = 0; i < 2; i++) test.parts.limits.giveBack("upload", { user: teacher.id, address: "192.0.2.1" });
    expect(told.filter(({ kind }) => kind === "begun")).toHaveLength(1);
    const anew = told.slice(told.findIndex(({ kind }) => kind === "begun"));
    expect(anew.filter(({ kind }) => kind === "line")).toHaveLength(report.length);
    expect(told.at(-1)).toEqual({ kind: "finished", state: "passed" });
    expect(answerOf(await ada.call("GET", "/problems/first"))).toBe("200");
  });

  it("gives its place to a newer version, for who begins now", async () => {
    const newer = (
      await upload(packWith(["pack.yaml", "0.1.0", "0.2.0"], ["first/problem.yaml", "title:", "title: Newer, "]))
    ).json<PackDetail>();
    await verified(newer.id).toBe("passed");
    expect(await setStatus(newer.id, "active")).toBe("200");
    expect((await find(first)).status).toBe("deprecated");
    expect((await eve.call("GET", "/problems/first")).json()).toMatchObject({ version: "0.2.0", newerVersion: null });
    expect((await eve.call("GET", "/problems/first")).json<ProblemDetail>().title).toContain("Newer");
    second = newer.id;
  });

  it("stays with who has begun it, until they choose the newer version; submissions say which it was", async () => {
    const seen = (await ada.call("GET", "/problems/first")).json<ProblemDetail>();
    expect(seen).toMatchObject({ version: "0.1.0", newerVersion: "0.2.0" });
    expect(seen.title).not.toContain("Newer");
    const text = readFileSync(join(packDir, "first/submissions/accepted/right.yaml"), "utf8");
    const send = async (who: User): Promise<string> => {
      const body = { language: seen.languages[0], text };
      const { id } = (await who.call("POST", "/problems/first/submissions", { body })).json<SubmissionSummary>();
      const status = async () => (await who.call("GET", `/submissions/${id}`)).json<SubmissionDetail>().status;
      await expect.poll(status, { timeout: 30_000 }).toBe("judged");
      const { packVersion, report } = (await who.call("GET", `/submissions/${id}`)).json<SubmissionDetail>();
      expect(report?.packVersion).toBe(packVersion);
      return packVersion;
    };
    expect(await send(ada)).toBe("0.1.0");
    expect(await send(eve)).toBe("0.2.0");
    const choose = async (version: string) => answerOf(await ada.call("PUT", "/problems/first/version", { body: { version } }));
    expect(await choose("0.9.0")).toBe("409 VERSION_GONE");
    expect(await choose("0.2.0")).toBe("204");
    expect(await choose("0.1.0")).toBe("409 VERSION_GONE");
    expect((await ada.call("GET", "/problems/first")).json()).toMatchObject({ version: "0.2.0", newerVersion: null });
    expect(await send(ada)).toBe("0.2.0");
    const list = (await ada.call("GET", "/problems/first/submissions")).json<SubmissionSummary[]>();
    expect(list.map(({ packVersion }) => packVersion)).toEqual(["0.2.0", "0.1.0", "0.1.0"]);
  });

  it("begins with the version that was shown, though another came in between", async () => {
    const opened = await userWith(test.app, test.parts, "opened", "learner");
    await test.parts.versions.seen(opened.id, "first", "0.1.0");
    // Opened before the newer one came, and edited only now.
    expect(answerOf(await opened.call("PUT", "/problems/first/version", { body: { version: "0.1.0" } }))).toBe("204");
    expect((await opened.call("GET", "/problems/first")).json()).toMatchObject({ version: "0.1.0", newerVersion: "0.2.0" });
    const looked = await userWith(test.app, test.parts, "looked", "learner");
    await test.parts.versions.seen(looked.id, "first", "0.1.0");
    expect((await looked.call("GET", "/problems/first")).json()).toMatchObject({ version: "0.2.0", newerVersion: null });
  });

  it("is still served after a restart, to each in their version, and withdrawn for who has not begun", async () => {
    const newer = { id: second };
    await ada.call("PUT", "/problems/first/drafts/decide", { body: { text: "x" } });
    await test.close();
    await start();
    for (const who of [teacher, ada, eve]) who.attach(test.app);
    const opened = await userWith(test.app, test.parts, "late", "learner");
    expect((await ada.call("GET", "/problems/first")).json<ProblemDetail>()).toMatchObject({ version: "0.2.0" });
    expect((await opened.call("GET", "/problems/first")).json<ProblemDetail>()).toMatchObject({ version: "0.2.0" });
    await test.parts.versions.begun(opened.id, "first", "0.1.0");
    expect((await opened.call("GET", "/problems/first")).json<ProblemDetail>()).toMatchObject({ version: "0.1.0", newerVersion: "0.2.0" });
    expect(await setStatus(newer.id, "deprecated")).toBe("200");
    // There is nothing on offer to change to.
    expect((await opened.call("GET", "/problems/first")).json<ProblemDetail>()).toMatchObject({ version: "0.1.0", newerVersion: null });
    expect((await ada.call("GET", "/problems")).json<ProblemList>().problems.map(({ id }) => id)).not.toContain("first");
    expect(answerOf(await ada.call("GET", "/problems/first"))).toBe("200");
    for (const status of ["draft", "beta", "active", "deprecated"]) expect(await setStatus(newer.id, status)).toBe("409 PACK_STATUS");
  });

  it("that somebody has begun or submitted to is not deleted; one that nobody has is, with all that is left of it", async () => {
    const remove = async (id: string, who: User = teacher) => answerOf(await who.call("DELETE", `/packs/${id}`));
    expect(await remove(first)).toBe("409 PACK_IN_USE");
    expect(await remove(second)).toBe("409 PACK_IN_USE");
    const third = (await again(packWith(["pack.yaml", "0.1.0", "0.2.5"]))).json<PackDetail>();
    await verified(third.id).toBe("passed");
    expect(await setStatus(third.id, "beta")).toBe("200");
    const learner = await userWith(test.app, test.parts, "new here", "learner");
    expect((await learner.call("GET", "/problems/first")).json<ProblemDetail>().version).toBe("0.2.5");
    const made = (await teacher.call("POST", "/classes", { body: { name: "Streams" } })).json<{ id: string }>();
    const body = { title: "Week 1", problemIds: ["first"], dueAtMs: null };
    await teacher.call("POST", `/classes/${made.id}/assignments`, { body });
    expect(await remove(third.id)).toBe("409 PACK_IN_USE");
    expect(answerOf(await teacher.call("DELETE", `/classes/${made.id}`))).toBe("204");
    expect(await remove(third.id, await userWith(test.app, test.parts, "stranger", "instructor"))).toBe("404 PACK_UNKNOWN");
    // Looked at only: that is not begun.
    expect(await remove(third.id)).toBe("204");
    expect(existsSync(join(dataDir, "packs", third.id))).toBe(false);
    expect(answerOf(await teacher.call("GET", `/packs/${third.id}`))).toBe("404 PACK_UNKNOWN");
    // What is left is an older version, off the list.
    expect((await learner.call("GET", "/problems")).json<ProblemList>().problems.map(({ id }) => id)).not.toContain("first");
    expect((await learner.call("GET", "/problems/first")).json<ProblemDetail>().version).toBe("0.2.0");
    const actions = test.database.db.all<{ action: string }>(`SELECT action FROM audit_entries WHERE target = '${third.id}' ORDER BY id`);
    expect(actions.map(({ action }) => action)).toEqual(["pack.upload", "pack.status", "pack.remove"]);
  });

  it("is deleted while it is being verified, and the next is verified", async () => {
    const cut = (await again(packWith(["pack.yaml", "0.1.0", "0.2.6"]))).json<PackDetail>();
    await verified(cut.id).toBe("verifying");
    const next = (await again(packWith(["pack.yaml", "0.1.0", "0.2.7"]))).json<PackDetail>();
    expect(answerOf(await teacher.call("DELETE", `/packs/${cut.id}`))).toBe("204");
    await verified(next.id).toBe("passed");
    expect(existsSync(join(dataDir, "packs", cut.id))).toBe(false);
    expect(answerOf(await teacher.call("DELETE", `/packs/${next.id}`))).toBe("204");
    // A version that was served once stays what it was.
    const served = (await again(packWith(["pack.yaml", "0.1.0", "0.2.0"]))).json<PackDetail>();
    await verified(served.id).toBe("passed");
    expect(await setStatus(served.id, "active")).toBe("409 PACK_CONFLICT");
    expect(answerOf(await teacher.call("DELETE", `/packs/${served.id}`))).toBe("204");
  });

  it("with a submission that is not what it claims to be is told, and never served", async () => {
    const from = join(packDir, "first/submissions/wrong-output/cuts-visits.yaml");
    const to = join(packDir, "first/submissions/accepted/cuts-visits.yaml");
    renameSync(from, to);
    const archive = packWith(["pack.yaml", "0.1.0", "0.3.0"]);
    renameSync(to, from);
    const { id } = (await upload(archive)).json<PackDetail>();
    await verified(id).toBe("failed");
    const line = (await find(id)).report.find(({ subject }) => subject === "accepted/cuts-visits.yaml")!;
    expect(line.complaint).toContain("should be accepted");
    for (const status of ["beta", "active"]) expect(await setStatus(id, status)).toBe("409 PACK_NOT_PASSED");
    expect(await setStatus(id, "deprecated")).toBe("409 PACK_STATUS");
  });

  it("takes neither name nor problems of somebody else", async () => {
    const other = await userWith(test.app, test.parts, "other", "instructor");
    const same = (await upload(packWith(["pack.yaml", "0.1.0", "9.0.0"]), undefined, other)).json<PackDetail>();
    const renamed = (await upload(packWith(["pack.yaml", "id: mini", "id: maxi"]), undefined, other)).json<PackDetail>();
    const bundled = (await upload(packWith(["pack.yaml", "id: mini", "id: test"]), undefined, other)).json<PackDetail>();
    const state = async (id: string) => (await other.call("GET", `/packs/${id}`)).json<PackDetail>().state;
    for (const { id } of [same, renamed, bundled]) {
      await expect.poll(() => state(id), { timeout: 100_000, interval: 200 }).toBe("passed");
      expect(await setStatus(id, "active", other)).toBe("409 PACK_CONFLICT");
    }
    expect((await other.call("GET", "/packs")).json<PackSummary[]>()).toHaveLength(3);
    expect((await ada.call("GET", "/problems/first")).json<ProblemDetail>().packId).toBe("mini");
  });
});

describe("an upload", () => {
  const left = (): string[] => (existsSync(join(dataDir, "packs")) ? readdirSync(join(dataDir, "packs")) : []);

  it("of a pack with mistakes is kept for its complaints, which name no place of the server's", async () => {
    test.parts.limits.giveBack("upload", { user: teacher.id, address: "127.0.0.1" });
    const before = left();
    const typo = (await upload(packWith(["first/problem.yaml", "title:", "tittle:"]))).json<PackDetail>();
    expect(typo).toMatchObject({ state: "broken", packId: "mini", report: [] });
    expect(typo.diagnostics[0]).toMatchObject({ file: "first/problem.yaml", span: { line: expect.any(Number) } });
    test.parts.limits.giveBack("upload", { user: teacher.id, address: "127.0.0.1" });
    const none = (await upload(packWith(["pack.yaml", "format: 1", "format: 2"]))).json<PackDetail>();
    expect(none).toMatchObject({ state: "broken", packId: "", title: "", diagnostics: [{ file: "pack.yaml" }] });
    expect(JSON.stringify([typo, none])).not.toContain(dataDir);
    expect(eventsOf((await teacher.call("GET", `/packs/${none.id}/events`)).body)).toEqual([{ kind: "finished", state: "broken" }]);
    expect(left()).toEqual(before);
  });

  const zip = (): Buffer => buildPack(packDir);
  const hostile: readonly [name: string, archive: () => Buffer | string, type: string, expected: string][] = [
    ["nothing", () => "", "application/zip", "400 PACK_ARCHIVE"],
    ["a text", () => "hello", "application/zip", "400 PACK_ARCHIVE"],
    ["half an archive", () => zip().subarray(0, 400), "application/zip", "400 PACK_ARCHIVE"],
    ["bytes behind the archive", () => Buffer.concat([zip(), Buffer.from("x")]), "application/zip", "400 PACK_ARCHIVE"],
    [
      "a path that leads out",
      () => Buffer.from(zip().toString("latin1").replaceAll("pack.yaml", "../k.yaml"), "latin1"),
      "application/zip",
      "400 PACK_ARCHIVE",
    ],
    [
      "an absolute path",
      () => Buffer.from(zip().toString("latin1").replaceAll("pack.yaml", "/ack.yaml"), "latin1"),
      "application/zip",
      "400 PACK_ARCHIVE",
    ],
    ["a problem alone", () => buildPack(join(packDir, "first")), "application/zip", "400 PACK_ARCHIVE"],
    ["33 MB", () => Buffer.alloc(33 * 1024 * 1024), "application/zip", "413 PACK_TOO_LARGE"],
    ["JSON", () => "{}", "application/json", "400 PACK_ARCHIVE"],
    ["a form", () => "a=b", "application/x-www-form-urlencoded", "415 BODY_NOT_JSON"],
    ["an archive under a wrong name", zip, "application/octet-stream", "415 BODY_NOT_JSON"],
  ];
  it.each(hostile)("of %s is refused and leaves nothing behind", async (_name, archive, type, expected) => {
    test.parts.limits.giveBack("upload", { user: teacher.id, address: "127.0.0.1" });
    const before = left();
    const response = await upload(archive(), type);
    expect(answerOf(response)).toBe(expected);
    expect(response.body).not.toContain(dataDir);
    expect(left()).toEqual(before);
  });

  it("is not repeated for ever", async () => {
    const codes = new Set<string>();
    for (let i = 0; i < 6; i++) codes.add(answerOf(await upload("x")));
    expect([...codes]).toEqual(["400 PACK_ARCHIVE", "429 RATE_LIMITED"]);
  });

  it.each([{}, { status: "live" }, { status: null }, { status: "active", state: "passed" }, []])(
    "is given no status like %j",
    async (body) => {
      expect(answerOf(await teacher.call("PATCH", "/packs/x", { body }))).toBe("400 BODY_INVALID");
    },
  );
});
