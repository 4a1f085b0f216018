/** Gets the recordings that a stage is about: from the run just seen, from running the draft again (same text, same bytes), or from a verdict. */
import type { Explanation, ProblemDetail, SubmissionBody } from "@millrace/server/contract";
import type { Recording } from "@millrace/engine/sim";
import type { Api } from "../api/client.ts";
import type { ChangedRunApi } from "../api/changed-runs.ts";
import { texts } from "../texts/en.ts";
import { readable } from "../stage/readable.ts";
import { recallRun, rememberRun } from "./recent-run.ts";
import type { StageAddress } from "./stage-address.ts";
import type { KeyValueStore } from "./storage.ts";
import type { StageWorldParts } from "./stage-world.svelte.ts";
import { Workspace } from "./workspace.svelte.ts";
import { fingerprintOf } from "./recent-run.ts";

export interface StageSourceParts {
  readonly api: Api;
  readonly changedRuns: ChangedRunApi;
  readonly store: KeyValueStore;
}

export interface StageSource {
  readonly problem: { readonly id: string; readonly title: string };
  readonly title: string;
  /** The submission that it is about; null = a sample run. */
  readonly submission: string | null;
  readonly yours: Recording | null;
  /** The same world, as the reference runs in it. */
  readonly reference: Recording | null;
  /** When the two part, processing time in each; null = not known. */
  readonly divergence: { readonly yoursMs: number | null; readonly referenceMs: number | null } | null;
  readonly faults: readonly string[];
  /** Of the text that ran. */
  readonly text: string | null;
  /** Runs the same text in the same world with changes; null = that world is not kept anywhere. */
  readonly runChanged: StageWorldParts["run"] | null;
  /** Where the values of an input have their event time, by topic. */
  readonly eventTimes: ReadonlyMap<string, string>;
  /** Why there is nothing to see; null = there is. */
  readonly missing: string | null;
}

export async function loadStage(
  { api, changedRuns, store }: StageSourceParts,
  problemId: string,
  of: StageAddress["of"],
): Promise<StageSource> {
  const problem = await api.problem(problemId);
  const head = { id: problem.id, title: problem.title };
  const eventTimes = eventTimesOf(problem);
  if ("submission" in of) {
    const detail = await api.submission(of.submission);
    const explanation = detail.report?.explanation ?? null;
    const yours = explanation === null ? null : readable(explanation.submission);
    return {
      problem: head,
      title: texts.stage.submission(detail.number),
      submission: detail.id,
      yours,
      reference: explanation === null ? null : readable(explanation.reference),
      divergence: explanation === null ? null : divergenceOf(explanation),
      faults: explanation?.smallest.faults ?? [],
      text: null,
      runChanged:
        explanation === null || !detail.worldKept ? null : (changes, signal) => changedRuns.submission(detail.id, { changes }, signal),
      eventTimes,
      missing: explanation === null ? texts.stage.noExplanation : yours === null ? texts.stage.unreadable : null,
    };
  }
  const openProgress = () => () => undefined;
  const answer: SubmissionBody = new Workspace(problem, { api, openProgress, store }).answer;
  let report = recallRun(problemId, answer);
  if (report === null) {
    report = await api.run(problemId, answer);
    rememberRun(problemId, answer, report);
  }
  const at = of.sample < report.worlds.length ? of.sample : 0;
  const world = report.worlds[at];
  const recorded = world?.recording ?? null;
  const yours = recorded === null ? null : readable(recorded);
  const { language, text, functions } = answer;
  const body = { language, text, ...(functions === undefined ? {} : { functions }), sample: at };
  return {
    problem: head,
    title: texts.stage.sample(world?.index ?? of.sample + 1),
    submission: null,
    yours,
    reference: null,
    divergence: null,
    faults: world?.faults ?? [],
    text: fingerprintOf(answer),
    runChanged: (changes, signal) => changedRuns.sample(problemId, { ...body, changes }, signal),
    eventTimes,
    missing:
      yours !== null ? null : recorded !== null ? texts.stage.unreadable : (world?.headline ?? report.headline) || texts.stage.nothing,
  };
}

/** Of the samples' inputs, as the problem describes them. */
function eventTimesOf({ samples }: ProblemDetail): Map<string, string> {
  const tables = samples.flatMap(({ inputs }) => inputs);
  return new Map(
    tables.flatMap(({ topic, columns }) => columns.filter(({ role }) => role === "eventTime").map(({ name }) => [topic, name] as const)),
  );
}

/** Times of the first step that only one of them takes; in the other run, of the last step before it. */
function divergenceOf({ steps }: Explanation): StageSource["divergence"] {
  const at = steps.firstDifference;
  if (at === null) return null;
  const row = steps.rows[at];
  const before = (side: "submissionMs" | "referenceMs") =>
    steps.rows.slice(0, at + 1).findLast((step) => step[side] !== null)?.[side] ?? null;
  return { yoursMs: row.submissionMs ?? before("submissionMs"), referenceMs: row.referenceMs ?? before("referenceMs") };
}
