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

const find = async (id: string): Promise<PackDetail> => (await teacher.call("GET", `/packs/${id}`)).json();
const setStatus = async (id: string, status: string, who: User = teacher): Promise<string> =>
  answerOf(await who.call("PATCH", `/packs/${id}`, { body: { status } }));
const verified = (id: string) => expect.poll(async () => (await find(id)).state, { timeout: 100_000, interval: 200 });
const eventsOf = (text: string): PackEvent[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as PackEvent);

describe("a pack", () => {
  let first = "";

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
    const rest = await teacher.call("GET", `/packs/${first}/events`, { headers: { "last-event-id": String(report.length - 1) } });
    expect(eventsOf(rest.body)).toHaveLength(2);
    const over = await teacher.call("GET", `/packs/${first}/events`, { headers: { "last-event-id": String(report.length + 1) } });
    expect(over.statusCode).toBe(204);
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

  it("gives its place to a newer version, and is still served after a restart", async () => {
    const newer = (
      await upload(packWith(["pack.yaml", "0.1.0", "0.2.0"], ["first/problem.yaml", "title:", "title: Newer, "]))
    ).json<PackDetail>();
    await verified(newer.id).toBe("passed");
    expect(await setStatus(newer.id, "active")).toBe("200");
    expect((await find(first)).status).toBe("deprecated");
    expect((await ada.call("GET", "/problems/first")).json<ProblemDetail>().version).toBe("0.2.0");
    await test.close();
    await start();
    for (const who of [teacher, ada]) who.attach(test.app);
    expect((await ada.call("GET", "/problems/first")).json<ProblemDetail>()).toMatchObject({ version: "0.2.0" });
    expect(await setStatus(newer.id, "deprecated")).toBe("200");
    expect((await ada.call("GET", "/problems")).json<ProblemList>().problems.map(({ id }) => id)).not.toContain("first");
    expect(answerOf(await ada.call("GET", "/problems/first"))).toBe("200");
    for (const status of ["draft", "beta", "active", "deprecated"]) expect(await setStatus(newer.id, status)).toBe("409 PACK_STATUS");
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
