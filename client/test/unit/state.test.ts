import type { JudgeProgress, SubmissionSummary } from "@millrace/server/contract";
import { describe, expect, it, vi } from "vitest";
import { Caller } from "../../src/api/call.ts";
import { type Api, ApiFailure, createApi } from "../../src/api/client.ts";
import type { OpenProgress, ProgressListener } from "../../src/api/progress.ts";
import { Catalogue, NO_FILTERS } from "../../src/state/catalogue.svelte.ts";
import { Judging } from "../../src/state/judging.svelte.ts";
import { Outbox, RETRY_SECONDS } from "../../src/state/outbox.svelte.ts";
import { PaneSize } from "../../src/state/panes.svelte.ts";
import { memoryStore } from "../../src/state/storage.ts";
import { Workspace } from "../../src/state/workspace.svelte.ts";
import {
  judgeReport,
  plannedWorlds,
  problemDetail,
  problemList,
  sampleReport,
  submissionDetail,
  submissionSummary,
  worldResults,
} from "../fixtures/answers.ts";

const away = () => Promise.reject(new ApiFailure(0, "NETWORK_AWAY", "The server does not answer."));

/** An Api of hand-made answers; what a test does not expect to be called is away. */
function apiOf(answers: Partial<Api>): Api {
  return {
    problems: away,
    problem: away,
    form: away,
    run: away,
    check: away,
    submit: away,
    submissions: async () => [],
    submission: away,
    chooseVersion: async () => {},
    types: away,
    progress: away,
    openedHint: async () => {},
    editorial: away,
    surrender: away,
    cards: away,
    lessons: away,
    lesson: away,
    reviews: away,
    addReviews: away,
    ...answers,
  };
}

function sessions() {
  const problem = problemDetail("sessions-exactly-once");
  if (problem === null) throw new Error("the fixture lacks its problem");
  return problem;
}

describe("Catalogue", () => {
  it("filters by words, kind, status and section, and offers the best relaxation when nothing is left", async () => {
    const catalogue = new Catalogue(apiOf({ problems: async () => problemList }), memoryStore());
    await catalogue.load();
    expect([catalogue.problems.length, catalogue.solved]).toEqual([7, 2]);
    catalogue.filters = { ...NO_FILTERS, search: "window late" };
    expect(catalogue.shown).toHaveLength(0);
    catalogue.filters = { ...NO_FILTERS, search: "SESSION trans" };
    expect(catalogue.shown.map((p) => p.id)).toEqual(["sessions-exactly-once"]);
    catalogue.filters = { ...NO_FILTERS, kind: "sql", status: "solved" };
    expect(catalogue.shown).toHaveLength(0);
    expect(catalogue.relaxation).toMatchObject({ name: "sql", found: 2 });
    expect(catalogue.next?.id).toBe("sessions-exactly-once");
  });

  it("falls back to the last list when the server is away, and says so", async () => {
    const store = memoryStore();
    await new Catalogue(apiOf({ problems: async () => problemList }), store, () => 5).load();
    const later = new Catalogue(apiOf({}), store);
    await later.load();
    expect([later.problems.length, later.cachedAtMs, later.error]).toEqual([7, 5, "The server does not answer."]);
  });
});

describe("Judging", () => {
  const submission: SubmissionSummary = submissionSummary(7, "p", "datastream", null);

  it("turns worlds one by one and is not shaken by a replay", () => {
    const judging = new Judging(submission);
    const plan: JudgeProgress = { kind: "planned", worlds: plannedWorlds() };
    judging.apply({ kind: "compiling" });
    expect(judging.stage).toBe("compiling");
    judging.apply(plan);
    for (const result of worldResults(false).slice(0, 3)) judging.apply({ kind: "world", result });
    judging.apply(plan);
    expect(judging.counts).toEqual({ passed: 3, failed: 0, running: 1, waiting: 19 });
    judging.apply({ kind: "finished", report: judgeReport(false) });
    expect(judging.stage).toBe("judged");
    expect(judging.counts).toEqual({ passed: 19, failed: 4, running: 0, waiting: 0 });
  });

  it("asks for the report when the stream ends early", async () => {
    const judging = new Judging(submission);
    let listener: ProgressListener | null = null;
    const open: OpenProgress = (_id, l) => {
      listener = l;
      return () => undefined;
    };
    const finished = vi.fn();
    judging.follow(open, { submission: async () => submissionDetail(submissionSummary(7, "p", "datastream", true), "x") }, finished);
    (listener as ProgressListener | null)?.closed();
    await vi.waitFor(() => expect(finished).toHaveBeenCalledOnce());
    expect(judging.report?.verdict).toBe("accepted");
  });
});

describe("the explanation", () => {
  const detail = submissionDetail(submissionSummary(7, "p", "datastream", false), "x");

  it("is waited for after the verdict, by asking when there is no stream", async () => {
    vi.useFakeTimers();
    try {
      const judging = new Judging(detail);
      let listener: ProgressListener | null = null;
      const open: OpenProgress = (_id, l) => {
        listener = l;
        return () => undefined;
      };
      const finished = vi.fn();
      let asked = 0;
      const submission = async () => ({ ...detail, explanation: ++asked < 3 ? ("pending" as const) : ("none" as const) });
      judging.follow(open, { submission }, finished);
      (listener as ProgressListener | null)?.closed();
      await vi.advanceTimersByTimeAsync(0);
      expect([judging.stage, judging.explaining, judging.interrupted]).toEqual(["judged", true, false]);
      await vi.advanceTimersByTimeAsync(10_000);
      expect([asked, judging.explaining]).toEqual([3, false]);
      expect(finished).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  it("of a submission met in between comes with the end of the stream", () => {
    const judging = new Judging(detail);
    judging.resume(judgeReport(false), true);
    expect([judging.stage, judging.explaining]).toEqual(["judged", true]);
    judging.apply({ kind: "compiling" });
    judging.apply({ kind: "judged", report: judgeReport(false) });
    expect(judging.explaining).toBe(true);
    judging.apply({ kind: "finished", report: judgeReport(false) });
    expect([judging.stage, judging.explaining]).toEqual(["judged", false]);
  });
});

describe("Outbox", () => {
  it("waits as long as a full server says, and says what that said", async () => {
    vi.useFakeTimers();
    try {
      const full = new ApiFailure(503, "QUEUE_FULL", "Too many submissions are waiting.", null, 12);
      const submit = vi.fn(() => Promise.reject(full));
      const outbox = new Outbox({ submit }, () => undefined);
      await outbox.send({ problem: "p", answer: { language: "sql", text: "x" } });
      expect([outbox.retryIn, outbox.reason, outbox.refusal]).toEqual([12, "Too many submissions are waiting.", null]);
      await vi.advanceTimersByTimeAsync(11_000);
      expect(submit).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(submit).toHaveBeenCalledTimes(2);
      outbox.cancel();
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps the text and tries again after eight seconds", async () => {
    vi.useFakeTimers();
    try {
      let calls = 0;
      const delivered = vi.fn();
      const submit = async () => {
        calls++;
        return calls === 1 ? away() : submissionSummary(1, "p", "sql", null);
      };
      const outbox = new Outbox({ submit }, delivered);
      await outbox.send({ problem: "p", answer: { language: "sql", text: "SELECT 1" } });
      expect(outbox.retryIn).toBe(RETRY_SECONDS);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(outbox.retryIn).toBe(RETRY_SECONDS - 1);
      expect(delivered).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(7_000);
      expect(delivered).toHaveBeenCalledOnce();
      expect(outbox.retryIn).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not repeat what the server refuses", async () => {
    const submit = () =>
      Promise.reject(new ApiFailure(413, "SUBMISSION_TOO_LARGE", "The text is larger than 256 kB.", "Leave data out of it."));
    const outbox = new Outbox({ submit }, () => undefined);
    await outbox.send({ problem: "p", answer: { language: "sql", text: "x" } });
    expect([outbox.retryIn, outbox.refusal]).toEqual([null, "The text is larger than 256 kB. Leave data out of it."]);
  });
});

describe("Workspace", () => {
  const parts = (api: Partial<Api>, store = memoryStore()) => ({ api: apiOf(api), openProgress: () => () => undefined, store });

  it("keeps a draft per language and gives it back", () => {
    const store = memoryStore();
    const first = new Workspace(sessions(), parts({}, store));
    first.edit("my job");
    first.chooseLanguage("sql");
    expect(first.text).toBe(sessions().starter.sql);
    first.edit("my query");
    const second = new Workspace(sessions(), parts({}, store));
    expect([second.language, second.text]).toEqual(["sql", "my query"]);
    second.chooseLanguage("datastream");
    expect(second.text).toBe("my job");
    second.reset();
    expect(second.text).toBe(sessions().starter.datastream);
  });

  it("runs, selects the first world that differs and notices when the text moves on", async () => {
    const workspace = new Workspace(sessions(), parts({ run: async (_problem, { text }) => sampleReport(text) }));
    await workspace.runSamples();
    expect([workspace.run?.verdict, workspace.selectedWorld, workspace.runIsStale]).toEqual(["wrong-output", 0, false]);
    workspace.edit("syntax error");
    expect(workspace.runIsStale).toBe(true);
    await workspace.runSamples();
    expect(workspace.serverDiagnostics).toHaveLength(1);
    workspace.edit("better");
    expect(workspace.serverDiagnostics).toHaveLength(0);
  });

  it("keeps functions beside the script, with drafts and a reset of their own", () => {
    const store = memoryStore();
    const first = new Workspace(sessions(), parts({}, store));
    expect([first.functions, first.answer.functions]).toEqual([null, undefined]);
    first.chooseLanguage("sql");
    expect([first.functions, first.answer.functions]).toEqual(["", undefined]);
    first.edit("SELECT 1;");
    first.startFunction();
    expect(first.text).toBe("CREATE TEMPORARY FUNCTION my_function AS 'MyFunction' LANGUAGE TYPESCRIPT;\n\nSELECT 1;");
    expect(first.answer.functions).toContain("export class MyFunction extends ScalarFunction");
    first.editFunctions("mine");
    const second = new Workspace(sessions(), parts({}, store));
    expect(second.answer).toEqual({ language: "sql", text: first.text, functions: "mine" });
    second.reset();
    expect([second.text, second.functions]).toEqual([sessions().starter.sql, "mine"]);
    second.resetFunctions();
    expect([second.functions, new Workspace(sessions(), parts({}, store)).functions]).toEqual(["", ""]);
  });

  it("begins with the functions that a problem gives, and sends both files", async () => {
    const run = vi.fn<Api["run"]>(async (_problem, { text }) => sampleReport(text));
    const submit = vi.fn<Api["submit"]>(async () => submissionSummary(1, "p", "sql", null));
    const check = vi.fn<Api["check"]>(async () => ({ diagnostics: [] }));
    const starterFunctions = "export class MaskCard extends ScalarFunction {}";
    const workspace = new Workspace({ ...sessions(), languages: ["sql"], starterFunctions }, parts({ run, submit, check }));
    const answer = { language: "sql", text: sessions().starter.sql, functions: starterFunctions };
    await workspace.runSamples();
    await workspace.submit();
    await workspace.check(new AbortController().signal);
    for (const call of [run, submit, check]) expect(call.mock.calls[0][1]).toEqual(answer);
    workspace.editFunctions("export class Other extends ScalarFunction {}");
    expect(workspace.runIsStale).toBe(true);
    workspace.startFunction();
    expect(workspace.functions).toBe(starterFunctions);
    expect(workspace.text).toContain("CREATE TEMPORARY FUNCTION mask_card AS 'MaskCard' LANGUAGE TYPESCRIPT;");
  });

  it("says why a run did not take place", async () => {
    const workspace = new Workspace(sessions(), parts({}));
    await workspace.runSamples();
    expect(workspace.runError).toBe("The server does not answer.");
  });

  it("restores the text of an old submission in its language", async () => {
    const summary = submissionSummary(2, "sessions-exactly-once", "sql", false);
    const workspace = new Workspace(sessions(), parts({ submission: async () => submissionDetail(summary, "old query") }));
    await workspace.restore(summary);
    expect([workspace.language, workspace.text, workspace.functions]).toEqual(["sql", "old query", ""]);
    const withFunctions = { ...submissionDetail(summary, "other query"), functions: "export {}" };
    const other = new Workspace(sessions(), parts({ submission: async () => withFunctions }));
    await other.restore(summary);
    expect(other.answer).toEqual({ language: "sql", text: "other query", functions: "export {}" });
  });
});

describe("PaneSize", () => {
  it("stays within its limits and is remembered", () => {
    const store = memoryStore();
    const pane = new PaneSize("x", { initial: 460, min: 280, max: 900 }, store);
    pane.size = 5_000;
    expect(new PaneSize("x", { initial: 460, min: 280, max: 900 }, store).size).toBe(900);
    pane.reset();
    expect(new PaneSize("x", { initial: 460, min: 280, max: 900 }, store).size).toBe(460);
  });
});

describe("createApi", () => {
  it("tells the server's own errors from its absence", async () => {
    const refused = createApi(
      new Caller(async () => new Response(JSON.stringify({ code: "PROBLEM_UNKNOWN", message: "There is no problem x." }), { status: 404 })),
    );
    await expect(refused.problem("x")).rejects.toMatchObject({ status: 404, code: "PROBLEM_UNKNOWN", away: false });
    const proxy = createApi(new Caller(async () => new Response("<html>bad gateway</html>", { status: 502 })));
    await expect(proxy.problems()).rejects.toMatchObject({ status: 502, away: true });
    const gone = createApi(new Caller(() => Promise.reject(new TypeError("fetch failed"))));
    await expect(gone.problems()).rejects.toMatchObject({ status: 0, away: true });
  });
});
