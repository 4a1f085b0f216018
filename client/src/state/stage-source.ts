/** Gets the recordings that a stage is about: from the run just seen, from running the draft again (same text, same bytes), or from a verdict. */
import type { Explanation, SubmissionBody } from "@millrace/server/contract";
import type { Recording } from "@millrace/engine/sim";
import type { Api } from "../api/client.ts";
import { texts } from "../texts/en.ts";
import { recallRun, rememberRun } from "./recent-run.ts";
import type { StageAddress } from "./stage-address.ts";
import type { KeyValueStore } from "./storage.ts";
import { Workspace } from "./workspace.svelte.ts";
import { fingerprintOf } from "./recent-run.ts";

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
  /** Why there is nothing to see; null = there is. */
  readonly missing: string | null;
}

export async function loadStage(api: Api, store: KeyValueStore, problemId: string, of: StageAddress["of"]): Promise<StageSource> {
  const problem = await api.problem(problemId);
  const head = { id: problem.id, title: problem.title };
  if ("submission" in of) {
    const detail = await api.submission(of.submission);
    const explanation = detail.report?.explanation ?? null;
    return {
      problem: head,
      title: texts.stage.submission(detail.number),
      submission: detail.id,
      yours: explanation?.submission ?? null,
      reference: explanation?.reference ?? null,
      divergence: explanation === null ? null : divergenceOf(explanation),
      faults: explanation?.smallest.faults ?? [],
      text: null,
      missing: explanation === null ? texts.stage.noExplanation : null,
    };
  }
  const openProgress = () => () => undefined;
  const answer: SubmissionBody = new Workspace(problem, { api, openProgress, store }).answer;
  let report = recallRun(problemId, answer);
  if (report === null) {
    report = await api.run(problemId, answer);
    rememberRun(problemId, answer, report);
  }
  const world = report.worlds[of.sample] ?? report.worlds[0];
  return {
    problem: head,
    title: texts.stage.sample(world?.index ?? of.sample + 1),
    submission: null,
    yours: world?.recording ?? null,
    reference: null,
    divergence: null,
    faults: world?.faults ?? [],
    text: fingerprintOf(answer),
    missing: world?.recording == null ? (world?.headline ?? report.headline) || texts.stage.nothing : null,
  };
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
