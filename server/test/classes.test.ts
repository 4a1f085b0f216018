import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type {
  Assignment,
  ClassDetail,
  ClassResults,
  ClassSummary,
  Progress,
  RejudgeDetail,
  SubmissionSummary,
} from "../src/contract/index.ts";
import { toCsv } from "../src/services/classes/csv.ts";
import { answerOf, type Browser, userWith } from "./browser.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { makeApp, removeTempDirs, type TestApp } from "./test-server.ts";

type User = Browser & { readonly id: string };

let test: TestApp | null = null;
let teacher: User;
let ada: User;
let nowMs = 0;

beforeEach(async () => {
  await test?.close();
  nowMs = 1_800_000_000_000;
  test = await makeApp({ accounts: true }, new InProcessJudge(1), { now: () => nowMs });
  teacher = await userWith(test.app, test.parts, "teacher", "instructor");
  ada = await userWith(test.app, test.parts, "ada", "learner");
  await test.queue.start();
});

afterAll(async () => {
  await test?.close();
  removeTempDirs();
});

const user = (name: string, role: "learner" | "instructor" | "admin" = "learner") => userWith(test!.app, test!.parts, name, role);
const makeClass = async (name = "Streams"): Promise<ClassDetail> => (await teacher.call("POST", "/classes", { body: { name } })).json();
const join = async (who: User, code: string | null): Promise<string> =>
  answerOf(await who.call("POST", "/classes/join", { body: { code: code ?? "" } }));

async function submit(who: User, text: string, problemId = "word-count"): Promise<string> {
  const sent = await who.call("POST", `/problems/${problemId}/submissions`, { body: { language: "sql", text } });
  const { id } = sent.json<SubmissionSummary>();
  await expect.poll(async () => (await test!.submissions.find(id))?.status, { timeout: 5_000 }).toBe("judged");
  return id;
}

async function assign(id: string, problemIds: readonly string[], dueAtMs: number | null = null): Promise<Assignment> {
  return (await teacher.call("POST", `/classes/${id}/assignments`, { body: { title: "Week 1", problemIds, dueAtMs } })).json();
}

describe("a class", () => {
  it("is joined by its code, however that is typed", async () => {
    const { id, code } = await makeClass();
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(await join(ada, "AAAA-AAAA")).toBe("404 CLASS_CODE_UNKNOWN");
    expect(await join(ada, ` ${code!.toLowerCase().replace("-", " ")} `)).toBe("200");
    expect(await join(ada, code)).toBe("200");
    const seen = (await ada.call("GET", `/classes/${id}`)).json<ClassDetail>();
    expect(seen).toEqual({
      id,
      name: "Streams",
      ownerName: "teacher",
      isLeader: false,
      isOwner: false,
      members: 1,
      createdAtMs: nowMs,
      code: null,
      assignments: [],
      instructors: null,
      learners: null,
    });
    expect((await teacher.call("GET", `/classes/${id}`)).json<ClassDetail>()).toMatchObject({
      isLeader: true,
      code,
      learners: [{ id: ada.id, name: "ada", joinedAtMs: nowMs }],
    });
    for (const who of [ada, teacher])
      expect((await who.call("GET", "/classes")).json<ClassSummary[]>().map((each) => each.id)).toEqual([id]);
    expect((await (await user("stranger", "instructor")).call("GET", "/classes")).json()).toEqual([]);
  });

  it("is joined by nobody when its code has changed or gone", async () => {
    const { id, code } = await makeClass();
    const changed = (await teacher.call("POST", `/classes/${id}/code`)).json<ClassDetail>().code;
    expect(changed).not.toBe(code);
    expect(await join(ada, code)).toBe("404 CLASS_CODE_UNKNOWN");
    expect((await teacher.call("DELETE", `/classes/${id}/code`)).json<ClassDetail>().code).toBeNull();
    for (const each of [changed, "", "-"]) expect(await join(ada, each)).toBe("404 CLASS_CODE_UNKNOWN");
  });

  it("is found by nobody who tries codes", async () => {
    const { code } = await makeClass();
    for (let i = 0; i < 10; i++) expect(await join(ada, `ZZZZ-ZZZ${"ABCDEFGHJK"[i]}`)).toBe("404 CLASS_CODE_UNKNOWN");
    expect(await join(ada, code)).toBe("429 RATE_LIMITED");
    nowMs += 60_000;
    expect(await join(ada, code)).toBe("200");
  });

  it("is left, and learners are taken out of it by its leader alone", async () => {
    const { id, code } = await makeClass();
    const eve = await user("eve");
    for (const who of [ada, eve]) await join(who, code);
    expect(answerOf(await ada.call("DELETE", `/classes/${id}/members/${eve.id}`))).toBe("404 USER_UNKNOWN");
    expect(answerOf(await ada.call("DELETE", `/classes/${id}/members/no-such`))).toBe("404 USER_UNKNOWN");
    expect(answerOf(await ada.call("DELETE", `/classes/${id}/members/${ada.id}`))).toBe("204");
    expect(answerOf(await ada.call("GET", `/classes/${id}`))).toBe("404 CLASS_UNKNOWN");
    expect(answerOf(await teacher.call("DELETE", `/classes/${id}/members/${eve.id}`))).toBe("204");
    expect((await teacher.call("GET", `/classes/${id}`)).json<ClassDetail>().learners).toEqual([]);
  });

  it("falls to the administrators when its leader goes", async () => {
    const { id } = await makeClass();
    const root = await user("root", "admin");
    expect(answerOf(await root.call("DELETE", `/users/${teacher.id}`))).toBe("204");
    expect((await root.call("GET", `/classes/${id}`)).json<ClassDetail>()).toMatchObject({ ownerName: "local", isLeader: true });
  });

  it("is led no longer by who is an instructor no longer", async () => {
    const { id, code } = await makeClass();
    await join(ada, code);
    const submission = await submit(ada, "accept");
    expect(answerOf(await teacher.call("GET", `/submissions/${submission}`))).toBe("200");
    await (await user("root", "admin")).call("PATCH", `/users/${teacher.id}`, { body: { role: "learner" } });
    expect(answerOf(await teacher.call("GET", `/classes/${id}`))).toBe("404 CLASS_UNKNOWN");
    expect(answerOf(await teacher.call("GET", `/submissions/${submission}`))).toBe("404 SUBMISSION_UNKNOWN");
  });

  it.each([
    ["no name", {}],
    ["a blank name", { name: "  " }],
    ["a number", { name: 7 }],
    ["a long name", { name: "x".repeat(121) }],
    ["two lines", { name: "a\nb" }],
    ["what turns text round", { name: "a\u202Eb" }],
    ["an owner", { name: "x", ownerId: "local" }],
    ["an array", []],
  ])("with %s is refused", async (_name, body) => {
    expect(answerOf(await teacher.call("POST", "/classes", { body }))).toBe("400 BODY_INVALID");
  });
});

describe("an instructor", () => {
  it("sees the work of the learners of the class and of nobody else", async () => {
    const { code } = await makeClass();
    const [eve, other] = [await user("eve"), await user("other", "instructor")];
    await join(ada, code);
    const [adas, eves] = [await submit(ada, "accept"), await submit(eve, "accept")];
    const get = async (who: User, url: string): Promise<string> => answerOf(await who.call("GET", url));
    expect(await get(teacher, `/submissions/${adas}`)).toBe("200");
    expect(await get(teacher, `/submissions/${adas}/events`)).toBe("200");
    expect(await get(teacher, `/submissions/${eves}`)).toBe("404 SUBMISSION_UNKNOWN");
    expect(await get(other, `/submissions/${adas}`)).toBe("404 SUBMISSION_UNKNOWN");
    expect(await get(ada, `/submissions/${eves}`)).toBe("404 SUBMISSION_UNKNOWN");

    const listed = (await teacher.call("GET", `/problems/word-count/submissions?user=${ada.id}`)).json<SubmissionSummary[]>();
    expect(listed.map(({ id }) => id)).toEqual([adas]);
    expect((await teacher.call("GET", `/progress?user=${ada.id}`)).json<Progress>().problems).toMatchObject([{ problemId: "word-count" }]);
    for (const url of ["/problems/word-count/submissions?user=", "/progress?user="]) {
      for (const [who, id] of [
        [teacher, eve.id],
        [teacher, "no-such"],
        [other, ada.id],
        [ada, eve.id],
        [ada, teacher.id],
      ] as const)
        expect(await get(who, url + id)).toBe("404 USER_UNKNOWN");
    }
    const set = (await teacher.call("POST", "/rejudges", { body: { problemId: "word-count" } })).json<RejudgeDetail>();
    expect(set.total).toBe(1);
  });
});

describe("results", () => {
  it("say of each learner and problem how it went, and of the class what it runs into", async () => {
    const { id, code } = await makeClass();
    const eve = await user("eve");
    for (const who of [ada, eve]) await join(who, code);
    const dueAtMs = nowMs + 1_000;
    await assign(id, ["word-count"], dueAtMs);
    await assign(id, ["sql-only", "word-count"], dueAtMs - 500);
    for (const text of ["reject hinted", "reject hinted again", "accept", "reject after"]) await submit(ada, text);
    const solvedAtMs = nowMs;
    await submit(eve, "reject hinted");
    nowMs += 1_001;
    await submit(eve, "accept");
    const results = (await teacher.call("GET", `/classes/${id}/results`)).json<ClassResults>();
    const none = { attempts: 0, bestVerdict: null, bestScore: null, firstSolvedAtMs: null, isLate: true, misconceptions: [] };
    expect(results.problems).toEqual([
      { problemId: "sql-only", title: "SQL only", dueAtMs: dueAtMs - 500 },
      { problemId: "word-count", title: "Word count", dueAtMs },
    ]);
    const accepted = { problemId: "word-count", bestVerdict: "accepted", bestScore: 100 };
    expect(results.learners).toEqual([
      {
        id: ada.id,
        name: "ada",
        results: [
          { problemId: "sql-only", ...none },
          { ...accepted, attempts: 4, firstSolvedAtMs: solvedAtMs, isLate: false, misconceptions: [{ title: "The key", count: 2 }] },
        ],
      },
      {
        id: eve.id,
        name: "eve",
        results: [
          { problemId: "sql-only", ...none },
          { ...accepted, attempts: 2, firstSolvedAtMs: nowMs, isLate: true, misconceptions: [{ title: "The key", count: 1 }] },
        ],
      },
    ]);
    expect(results.misconceptions).toEqual([{ problemId: "word-count", title: "The key", count: 3, learners: 2 }]);
    expect(results.ofClass).toEqual([{ title: "The key", count: 3, learners: 2, problems: 1 }]);
  });

  it("count a misconception by problem and over the class, where a learner counts once; also as a file", async () => {
    const { id, code } = await makeClass();
    for (const who of [ada, await user("fay")]) await join(who, code);
    await assign(id, ["word-count", "sql-only"]);
    for (const problem of ["word-count", "sql-only"]) await submit(ada, "reject hinted", problem);
    const { misconceptions, ofClass } = (await teacher.call("GET", `/classes/${id}/results`)).json<ClassResults>();
    expect(misconceptions).toEqual([
      { problemId: "word-count", title: "The key", count: 1, learners: 1 },
      { problemId: "sql-only", title: "The key", count: 1, learners: 1 },
    ]);
    expect(ofClass).toEqual([{ title: "The key", count: 2, learners: 1, problems: 2 }]);
    const file = await teacher.call("GET", `/classes/${id}/misconceptions.csv`);
    expect(file.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="misconceptions.csv"',
    });
    expect(file.body).toBe(
      "\uFEFFProblem,Misconception,Learners,Times\r\nWord count,The key,1,1\r\nSQL only,The key,1,1\r\n(all),The key,1,2\r\n",
    );
    const { id: none } = await makeClass("Nobody");
    expect((await teacher.call("GET", `/classes/${none}/misconceptions.csv`)).body).toBe("\uFEFFProblem,Misconception,Learners,Times\r\n");
  });

  it("are of one assignment when that is asked for", async () => {
    const { id } = await makeClass();
    await assign(id, ["word-count"]);
    const second = await assign(id, ["sql-only"]);
    const of = async (query: string) => (await teacher.call("GET", `/classes/${id}/results${query}`)).json<ClassResults>();
    expect((await of(`?assignment=${second.id}`)).problems.map(({ problemId }) => problemId)).toEqual(["sql-only"]);
    expect(await of("?assignment=no-such")).toMatchObject({ code: "ASSIGNMENT_UNKNOWN" });
    expect(await of("?other=1")).toMatchObject({ code: "BODY_INVALID" });
    expect(await of("")).toMatchObject({ learners: [] });
  });

  it("are counted from an index, not from reports", async () => {
    const { id } = await makeClass();
    await assign(id, ["word-count"]);
    const plan = test!.database.db.all(`EXPLAIN QUERY PLAN SELECT user_id, problem_id, verdict, score, created_at_ms, hint FROM submissions
      WHERE user_id IN (SELECT user_id FROM class_members WHERE class_id = '${id}') AND problem_id IN ('word-count') AND +status = 'judged'
      AND verdict <> 'judge-error' ORDER BY user_id, problem_id, number`);
    expect(JSON.stringify(plan)).toContain("USING COVERING INDEX submissions_results");
  });

  it("come as a table in which nothing is a formula", async () => {
    const { id, code } = await makeClass();
    const eve = await user("Eve O'Neill");
    for (const who of [ada, eve]) await join(who, code);
    await assign(id, ["word-count"], nowMs);
    await submit(ada, "reject hinted");
    nowMs += 1;
    const response = await teacher.call("GET", `/classes/${id}/results.csv`);
    expect(response.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="results.csv"',
      "cache-control": "no-store",
    });
    expect(response.body).toBe(
      [
        "\uFEFFLearner,Problem,Best verdict,Best score,Attempts,First solved at,Due at,Late,Misconceptions",
        "ada,Word count,wrong-output,0,1,,2027-01-15T08:00:00.000Z,late,The key ×1",
        `"Eve O'Neill",Word count,,,0,,2027-01-15T08:00:00.000Z,late,`,
        "",
      ].join("\r\n"),
    );
    expect(toCsv([["=1+1", "+1", "-1", "@x", "\tx", "\rx", 'a"b', " a", null, -1, "a\nb", "é"]])).toBe(
      `\uFEFF"'=1+1","'+1","'-1","'@x","'\tx","'\rx","a""b"," a",,-1,"a\nb",é\r\n`,
    );
  });
});

describe("an assignment", () => {
  it("is changed and removed, and shown in the order of due times", async () => {
    const { id, code } = await makeClass();
    await join(ada, code);
    const [never, late, early] = [await assign(id, ["word-count"]), await assign(id, ["sql-only"], 20), await assign(id, ["sql-only"], 10)];
    const ids = async () => (await ada.call("GET", `/classes/${id}`)).json<ClassDetail>().assignments.map((each) => each.id);
    expect(await ids()).toEqual([early.id, late.id, never.id]);
    const url = `/classes/${id}/assignments/${never.id}`;
    const changed = await teacher.call("PUT", url, { body: { title: " Now ", problemIds: ["sql-only", "word-count"], dueAtMs: 5 } });
    expect(changed.json()).toEqual({ id: never.id, title: "Now", problemIds: ["sql-only", "word-count"], dueAtMs: 5, createdAtMs: nowMs });
    expect(await ids()).toEqual([never.id, early.id, late.id]);
    expect(answerOf(await teacher.call("DELETE", url))).toBe("204");
    expect(answerOf(await teacher.call("DELETE", url))).toBe("404 ASSIGNMENT_UNKNOWN");
    const other = await makeClass("Other");
    expect(answerOf(await teacher.call("DELETE", `/classes/${other.id}/assignments/${late.id}`))).toBe("404 ASSIGNMENT_UNKNOWN");
  });

  it.each([
    ["no problems", { problemIds: [] }, "400 BODY_INVALID"],
    ["a problem twice", { problemIds: ["word-count", "word-count"] }, "400 BODY_INVALID"],
    ["too many problems", { problemIds: Array.from({ length: 51 }, (_, i) => `p${i}`) }, "400 BODY_INVALID"],
    ["a problem that there is not", { problemIds: ["no-such"] }, "404 PROBLEM_UNKNOWN"],
    ["a path", { problemIds: ["../../etc"] }, "404 PROBLEM_UNKNOWN"],
    ["a due time in words", { dueAtMs: "tomorrow" }, "400 BODY_INVALID"],
    ["a due time that no calendar has", { dueAtMs: 9e15 }, "400 BODY_INVALID"],
    ["a blank title", { title: " " }, "400 BODY_INVALID"],
    ["more than is asked for", { classId: "x" }, "400 BODY_INVALID"],
  ])("with %s is refused", async (_name, change, expected) => {
    const { id } = await makeClass();
    const body = { title: "Week 1", problemIds: ["word-count"], dueAtMs: null, ...change };
    expect(answerOf(await teacher.call("POST", `/classes/${id}/assignments`, { body }))).toBe(expected);
  });
});
