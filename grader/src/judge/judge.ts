/** Full judgement: compile, plan, run every world beside the reference, compare, explain. */
import type { DiagnosticData } from "@millrace/engine";
import { compileSubmission } from "../compile/compile-submission.ts";
import type { CompileService } from "../compile/compile-service.ts";
import { count } from "../feedback/format.ts";
import { headlineOfHidden } from "../feedback/headline.ts";
import { boundHint } from "../feedback/hint.ts";
import { placed } from "../feedback/place.ts";
import { judgedIn, type Problem } from "../pack/problem.ts";
import { type PlannedWorld, planWorlds } from "../plan/plan.ts";
import type { WarmPool } from "../sandbox/warm-pool.ts";
import { isStable, judgeWorld, unstable, type WorldJudgement } from "./judge-world.ts";
import type { References } from "./references.ts";
import type { JudgeProgress, JudgeReport, Submission, WorldResult } from "./report.ts";
import { SubmissionRunner } from "./run-submission.ts";
import { scoreGroups } from "./scoring.ts";
import { type Verdict, worse } from "./verdict.ts";

/** What a judgement works with. */
export interface JudgeParts {
  readonly compile: CompileService;
  readonly pool: WarmPool;
  readonly references: References;
  readonly engineVersion: string;
}

export interface JudgeOptions {
  readonly onProgress?: (progress: JudgeProgress) => void;
  /** See planWorlds. */
  readonly seedsPerSecret?: number;
}

/** A run's output, without a recording, is longer than this only when it floods. */
const MAX_OUTCOME_CHARS = 48 * 1024 * 1024;
/** Two further schedules per world for the stability check. */
const OTHER_SCHEDULES = [1_000_003, 2_000_003];

export async function judge(parts: JudgeParts, problem: Problem, submission: Submission, options: JudgeOptions = {}): Promise<JudgeReport> {
  const startedAt = performance.now();
  const progress = options.onProgress ?? (() => undefined);
  progress({ kind: "compiling" });
  const planned = planWorlds(problem, options.seedsPerSecret);
  const compiled = await compileSubmission(parts.compile, problem, submission, { checkTypes: true });
  const results: WorldResult[] = [];
  const failing: WorldJudgement[] = [];
  let verdict: Verdict = "accepted";
  let diagnostics: readonly DiagnosticData[] = compiled.diagnostics;
  if (compiled.load === null) {
    verdict = "compile-error";
  } else {
    progress({
      kind: "planned",
      worlds: planned.map(({ index, scenario }) => ({ index, group: scenario.group, title: scenario.title })),
    });
    const runner = new SubmissionRunner(parts.pool, compiled.load, problem.limits);
    try {
      for (const world of planned) {
        const judgement = await inWorld(parts, problem, submission, runner, planned, world);
        const { title, visibility, group } = world.scenario;
        const result: WorldResult = {
          index: world.index,
          group,
          title,
          visibility,
          seed: world.seed,
          verdict: judgement.verdict,
          runMs: judgement.run.runMs,
        };
        results.push(result);
        progress({ kind: "world", result });
        verdict = worse(verdict, judgement.verdict);
        if (judgement.verdict !== "accepted") failing.push(judgement);
        // The program is dead, or was never a job: no other world will tell more.
        if (judgement.run.kind === "limit" || judgement.verdict === "compile-error") break;
      }
    } finally {
      runner.close();
    }
  }
  const groups = scoreGroups(problem, planned, results);
  const ofVerdict = failing.filter((judgement) => judgement.verdict === verdict);
  const told = ofVerdict.find(mayBeShown) ?? failing.find(mayBeShown) ?? null;
  if (diagnostics.length === 0) diagnostics = (ofVerdict.find((judgement) => judgement.diagnostics.length > 0) ?? told)?.diagnostics ?? [];
  diagnostics = diagnostics.map((diagnostic) => placed(diagnostic, submission.text));
  const hint = boundHint(problem.hints, verdict, ofVerdict[0]?.planned.scenario.group ?? null);
  const report: JudgeReport = {
    verdict,
    headline: headline(verdict, planned, ofVerdict, told, diagnostics),
    score: groups.reduce((sum, group) => sum + (verdict === "compile-error" ? 0 : group.score), 0),
    maxScore: groups.reduce((sum, group) => sum + group.maxScore, 0),
    groups,
    worlds: results,
    difference: told?.difference ?? null,
    diagnostics,
    hint: hint === null ? null : hint.body,
    engineVersion: parts.engineVersion,
    packVersion: problem.version,
    judgedInMs: Math.round(performance.now() - startedAt),
  };
  progress({ kind: "finished", report });
  return report;
}

async function inWorld(
  parts: JudgeParts,
  problem: Problem,
  submission: Submission,
  runner: SubmissionRunner,
  planned: readonly PlannedWorld[],
  world: PlannedWorld,
): Promise<WorldJudgement> {
  const reference = await parts.references.run(problem, world);
  // The next world's reference is computed meanwhile. Its failure is met when its turn comes.
  const next = planned[world.index];
  if (next !== undefined) parts.references.run(problem, next).catch(() => undefined);
  const options = { record: false, maxRecordingEvents: 0, maxChars: MAX_OUTCOME_CHARS };
  const run = await runner.run(reference.world, options);
  const judged = judgedIn(problem, submission.language);
  const judgement = judgeWorld(judged, world, reference, run);
  if (judgement.verdict !== "accepted" || world.index > problem.stabilityWorlds) return judgement;
  for (const shift of OTHER_SCHEDULES) {
    const again = await runner.run({ ...reference.world, seed: reference.world.seed + shift }, options);
    if (!isStable(judged, run, again)) return unstable(judgement);
  }
  return judgement;
}

function mayBeShown(judgement: WorldJudgement): boolean {
  return judgement.planned.scenario.visibility !== "hidden";
}

function headline(
  verdict: Verdict,
  planned: readonly PlannedWorld[],
  ofVerdict: readonly WorldJudgement[],
  told: WorldJudgement | null,
  diagnostics: readonly DiagnosticData[],
): string {
  if (verdict === "accepted")
    return `Equal to the reference in ${planned.length === 1 ? "the only world" : `all ${planned.length} worlds`}.`;
  const first = ofVerdict[0];
  if (first === undefined) {
    const more = diagnostics.length > 1 ? ` (and ${count(diagnostics.length - 1, "more mistake")})` : "";
    const line = diagnostics[0]?.span === undefined ? "" : `Line ${diagnostics[0].span.line}: `;
    return `${line}${diagnostics[0]?.message ?? "The program does not compile."}${more}`;
  }
  if (told !== null && told.verdict === verdict) return told.headline;
  return first.check === null || first.check.topics.length === 0
    ? first.headline
    : headlineOfHidden(first.planned.scenario.title, first.check);
}
