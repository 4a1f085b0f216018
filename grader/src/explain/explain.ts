/**
 * Explains a failed world that may be shown: the smallest world that still fails, both runs in it, the first step in which they part.
 *
 * It comes after the verdict and never changes it. The submission runs in a new process, so that nothing which it may have kept of a hidden world is
 * there; the reference runs in another, and neither sees the other's output.
 */
import { keepEvents, type Recording, type RecordingEvent } from "@millrace/engine/sim";
import { rowsOf } from "../checkers/rows.ts";
import { headlineOfEnd } from "../feedback/headline.ts";
import type { JudgeParts } from "../judge/judge.ts";
import type { ShownWorld } from "../judge/changed-run-report.ts";
import type { WorldJudgement } from "../judge/judge-world.ts";
import type { Language } from "../judge/report.ts";
import { type Program, Trial } from "../judge/trial.ts";
import { judgedIn, type Problem } from "../pack/problem.ts";
import { align } from "./align.ts";
import { tellAnomaly } from "./anomaly.ts";
import { ANOMALIES, type ExplainedOutput, type Explanation } from "./explanation.ts";
import { faultSentence } from "./fault-sentence.ts";
import { failureOf, type Pair, type Smallest, SmallestWorldSearch } from "./smallest-world.ts";
import { stepsOf } from "./steps.ts";
import { sizeOf, streamsOf } from "./world-streams.ts";

const REFERENCE_CPU_MS = 20_000;
const MAX_ROWS = 12;
const MAX_WORLD_CHARS = 128 * 1024;
const MAX_KEPT_EVENTS = 1_500;

/** Whether a smaller world would tell more; the caller answers for that it may be shown. */
export function isExplainable(problem: Problem, { run, check }: WorldJudgement): boolean {
  return problem.kind !== "tune" && run.kind === "outcome" && check !== null && failureOf({ check, submission: run.outcome }) !== null;
}

export interface ToExplain {
  readonly program: Program & { readonly load: NonNullable<Program["load"]> };
  readonly language: Language;
  readonly judgement: WorldJudgement;
  readonly hint: string | null;
}

/** null when the failure does not repeat itself. Rejects with a JudgeFault for failures of ours. */
export async function explain(
  parts: JudgeParts,
  problem: Problem,
  { program, language, judgement, hint }: ToExplain,
): Promise<Explanation | null> {
  const { planned } = judgement;
  const given = await parts.references.run(problem, planned);
  const load = await parts.references.load(problem);
  const referenceProgram = { load, diagnostics: [], settings: null };
  const reference = new Trial(parts.pool, referenceProgram, { ...problem.limits, cpuMs: REFERENCE_CPU_MS });
  const submission = new Trial(parts.pool, program, problem.limits);
  try {
    const judged = judgedIn(problem, language);
    const search = new SmallestWorldSearch(judged, planned.scenario.group, parts.checks, { reference, submission });
    const found = await search.search(given);
    if (found === null) return null;
    const { anomaly, sentence } = tellAnomaly({
      ...found.pair,
      startMs: found.world.startMs,
      headline: found.pair.check.custom?.message ?? headlineOfEnd(found.pair.check.verdict, found.pair.submission, problem.limits),
    });
    return {
      world: planned.index,
      anomaly,
      title: ANOMALIES[anomaly],
      sentence,
      smallest: {
        startMs: found.world.startMs,
        streams: streamsOf(problem, found.world, found.pair.submission.recording),
        faults: found.world.faults.map((fault) => faultSentence(fault, found.world.startMs)),
        size: sizeOf(found.world),
        from: sizeOf(given.world),
        runs: found.runs,
        complete: found.complete,
        eachNeeded: found.eachNeeded,
      },
      ...runsOf(found),
      outputs: outputsOf(judged, found.pair),
      hint,
      ...keptWorld({ world: found.world, upgrade: given.upgrade }),
    };
  } finally {
    reference.close();
    submission.close();
  }
}

function keptWorld(shown: ShownWorld): Pick<Explanation, "shown"> {
  return JSON.stringify(shown).length > MAX_WORLD_CHARS ? {} : { shown };
}

function runsOf({ world, pair }: Smallest): Pick<Explanation, "steps" | "reference" | "submission"> {
  const reference = withoutNames(pair.reference.recording ?? NOTHING);
  const submission = pair.submission.recording ?? NOTHING;
  const steps = align(stepsOf(reference, world.startMs), stepsOf(submission, world.startMs));
  return { reference: bounded(reference), submission: bounded(submission), steps };
}

const NOTHING: Recording = { format: 1, vertices: [], events: [], samples: [], truncated: true };

/** Without the daily round of checkpoints when the recording is long, and then cut. */
function bounded(recording: Recording): Recording {
  const isLong = recording.events.length > MAX_KEPT_EVENTS;
  return {
    ...(isLong ? keepEvents(recording, (event) => !isRoutine(event), MAX_KEPT_EVENTS) : recording),
    samples: [],
    truncated: isLong || recording.truncated,
  };
}

function isRoutine(event: RecordingEvent): boolean {
  if (event.kind === "checkpoint") return event.what !== "restored" && event.what !== "aborted";
  return event.kind === "transaction" && event.what !== "aborted";
}

/** The reference's own names would tell how it is written, and so would what it keeps in state. */
function withoutNames(recording: Recording): Recording {
  const { events } = keepEvents(recording, ({ kind }) => kind !== "state" && kind !== "timerSet");
  return {
    ...recording,
    vertices: recording.vertices.map(({ id, parallelism, inputs }) => ({ id, name: `vertex ${id}`, parallelism, inputs })),
    events: events.map((event) => {
      if (event.kind === "transaction") return { ...event, id: "" };
      if (event.kind === "late") return { ...event, to: event.to === null ? null : "side output" };
      if (event.kind === "job" || event.kind === "checkpoint") return { ...event, reason: null };
      return event;
    }),
  };
}

function outputsOf(problem: Problem, { check, reference, submission }: Pair): ExplainedOutput[] {
  const differing = check.topics.filter(({ differences }) => differences.length > 0).map(({ spec }) => spec);
  return (check.custom === null ? differing : problem.outputs).map((spec): ExplainedOutput => {
    const [expected, actual] = [reference, submission].map((outcome) => rowsOf(outcome, spec).committed.map(({ cells }) => cells));
    const more = [expected!, actual!].reduce((sum, rows) => sum + Math.max(0, rows.length - MAX_ROWS), 0);
    return {
      topic: spec.topic,
      columns: spec.columns.map(({ name, type }) => ({ name, role: type === "time" ? "eventTime" : "value" })),
      expected: expected!.slice(0, MAX_ROWS),
      actual: actual!.slice(0, MAX_ROWS),
      more,
    };
  });
}
