/** Full judgement: compile, plan, run every world beside the reference, compare, explain. */
import type { DiagnosticData } from "@millrace/engine";
import type { CompileService } from "../compile/compile-service.ts";
import { explain, isExplainable } from "../explain/explain.ts";
import { count } from "../feedback/format.ts";
import { headlineOfHidden, headlineOfPlan } from "../feedback/headline.ts";
import { boundHint } from "../feedback/hint.ts";
import { placed } from "../feedback/place.ts";
import { judgedIn, type Problem } from "../pack/problem.ts";
import { type PlannedWorld, type PlanOptions, planWorlds } from "../plan/plan.ts";
import type { WarmPool } from "../sandbox/warm-pool.ts";
import type { WorldChecks } from "./check-world.ts";
import { isStable, judgeWorld, measuresOf, unstable, type WorldJudgement } from "./judge-world.ts";
import type { References } from "./references.ts";
import type { GroupResult, JudgeProgress, JudgeReport, Language, Submission, WorldResult } from "./report.ts";
import { type ScoredWorld, scoreGroups, unmet } from "./scoring.ts";
import { programOf, Trial } from "./trial.ts";
import { type Verdict, worse } from "./verdict.ts";

/** What a judgement works with. */
export interface JudgeParts {
  readonly compile: CompileService;
  readonly pool: WarmPool;
  readonly references: References;
  readonly checks: WorldChecks;
  readonly engineVersion: string;
  /** Told of failures of ours that cost nobody a verdict. */
  readonly onFault: (fault: unknown) => void;
}

export interface JudgeOptions extends PlanOptions {
  readonly onProgress?: (progress: JudgeProgress) => void;
  /** Look for the smallest failing world, after the verdict (progress `judged`). Default false: it takes seconds of two processes. */
  readonly explain?: boolean;
  /** Told the CPU time of every run that ended by itself. */
  readonly onCpuMs?: (cpuMs: number) => void;
}

/** A run's output, without a recording, is longer than this only when it floods. */
const MAX_OUTCOME_CHARS = 48 * 1024 * 1024;
/** Two further schedules per world for the stability check. */
const OTHER_SCHEDULES = [1_000_003, 2_000_003];
/** A plan that is not the one asked for halves the points: the output is right, the reason for the problem is missed. */
const WRONG_PLAN_DIVISOR = 2;
/** Part of the time is that of hidden worlds. */
const TOLD_TO_MS = 100;

export async function judge(parts: JudgeParts, problem: Problem, submission: Submission, options: JudgeOptions = {}): Promise<JudgeReport> {
  const startedAt = performance.now();
  const progress = options.onProgress ?? (() => undefined);
  progress({ kind: "compiling" });
  const planned = planWorlds(problem, options);
  const program = await programOf(parts.compile, problem, submission, { checkTypes: true });
  let judged: JudgedWorlds = { verdict: "compile-error", all: [], told: [], failing: [], passing: [], planComplaint: null };
  if (program.load !== null) {
    const shown = planned.filter((world) => feedbackOf(problem, world) !== "score");
    progress({ kind: "planned", worlds: shown.map(({ index, scenario }) => ({ index, group: scenario.group, title: scenario.title })) });
    const trial = new Trial(parts.pool, { ...program, load: program.load }, problem.limits);
    try {
      judged = await judgeWorlds(parts, problem, submission.language, trial, planned, progress);
      for (const { run } of [...judged.passing, ...judged.failing]) if (run.kind === "outcome") options.onCpuMs?.(run.cpuMs);
      const complaint = judged.verdict === "accepted" ? await complaintAboutPlan(problem, submission, trial, planned) : null;
      if (complaint !== null) judged = { ...judged, verdict: "wrong-output", planComplaint: complaint };
    } finally {
      trial.close();
    }
  }
  let report = reportOf(parts, problem, submission, planned, judged, program.diagnostics, startedAt);
  const told = toBeTold(problem, judged);
  if (options.explain === true && program.load !== null && told !== null && isExplainable(problem, told)) {
    progress({ kind: "judged", report });
    const toExplain = { program: { ...program, load: program.load }, language: submission.language, judgement: told, hint: report.hint };
    report = { ...report, explanation: await explain(parts, problem, toExplain).catch(withoutExplanation(parts)) };
  }
  progress({ kind: "finished", report });
  return report;
}

/** The verdict stands, whatever keeps us from explaining it. */
function withoutExplanation(parts: JudgeParts): (fault: unknown) => null {
  return (fault) => {
    parts.onFault(fault);
    return null;
  };
}

interface JudgedWorlds {
  readonly verdict: Verdict;
  readonly all: readonly ScoredWorld[];
  /** What the report lists. */
  readonly told: readonly WorldResult[];
  readonly failing: readonly WorldJudgement[];
  readonly passing: readonly WorldJudgement[];
  /** The output is right everywhere, the plan is not. */
  readonly planComplaint: string | null;
}

async function judgeWorlds(
  parts: JudgeParts,
  problem: Problem,
  language: Language,
  trial: Trial,
  planned: readonly PlannedWorld[],
  progress: (progress: JudgeProgress) => void,
): Promise<JudgedWorlds> {
  const all: ScoredWorld[] = [];
  const told: WorldResult[] = [];
  const failing: WorldJudgement[] = [];
  const passing: WorldJudgement[] = [];
  let verdict: Verdict = "accepted";
  let hasSeenHidden = false;
  /** Results of hidden worlds, all told together: when each comes would tell how long it took. */
  const heldBack: WorldResult[] = [];
  // Groups in the problem's order, so that those which others require are done first.
  const inOrder = problem.groups.flatMap((group) => planned.filter((world) => world.scenario.group === group.name));
  for (const [at, world] of inOrder.entries()) {
    const { title, visibility, group } = world.scenario;
    if (unmet(problem, group, scoreGroups(problem, planned, all)).length > 0) continue;
    const isHidden = visibility === "hidden";
    // What is shown of a world must not hold what the program kept of a hidden one, e.g. in `RegExp.lastMatch`.
    if (hasSeenHidden && !isHidden) trial.renew();
    hasSeenHidden = isHidden;
    const judgement = await judgeInWorld(parts, problem, language, trial, world, inOrder[at + 1]);
    all.push({ group, verdict: judgement.verdict });
    verdict = worse(verdict, judgement.verdict);
    (judgement.verdict === "accepted" ? passing : failing).push(judgement);
    if (feedbackOf(problem, world) !== "score") {
      const { seed, index } = world;
      const result: WorldResult = {
        index,
        group,
        title,
        visibility,
        seed,
        verdict: judgement.verdict,
        runMs: isHidden ? null : judgement.run.runMs,
      };
      told.push(result);
      if (isHidden) heldBack.push(result);
      else progress({ kind: "world", result });
    }
    // The program is dead, or was never a job: no other world will tell more.
    if (judgement.run.kind === "limit" || judgement.verdict === "compile-error") break;
  }
  for (const result of heldBack) progress({ kind: "world", result });
  told.sort((a, b) => a.index - b.index);
  failing.sort((a, b) => a.planned.index - b.planned.index);
  return { verdict, all, told, failing, passing, planComplaint: null };
}

/** One world: reference, run, comparison, and the run repeated where stability counts. */
export async function judgeInWorld(
  parts: JudgeParts,
  problem: Problem,
  language: Language,
  trial: Trial,
  world: PlannedWorld,
  next?: PlannedWorld,
): Promise<WorldJudgement> {
  const reference = await parts.references.run(problem, world);
  // The next world's reference is computed meanwhile. Its failure is met when its turn comes.
  if (next !== undefined) parts.references.run(problem, next).catch(() => undefined);
  const options = { record: false, maxRecordingEvents: 0, maxChars: MAX_OUTCOME_CHARS, metrics: problem.measures.length > 0 };
  const run = await trial.run(reference, options);
  const judged = judgedIn(problem, language);
  const judgement = await judgeWorld(
    (outcome) => parts.checks.check(judged, world.scenario.group, reference, outcome),
    judged,
    world,
    reference,
    run,
  );
  if (judgement.verdict !== "accepted" || world.index > problem.stabilityWorlds) return judgement;
  for (const scheduleShift of OTHER_SCHEDULES) {
    const again = await trial.run(reference, { ...options, scheduleShift });
    if (!isStable(judged, run, again)) return unstable(judgement);
  }
  return judgement;
}

/** What the plan has that it must not have, or lacks; null = it is as the problem wants it. */
export async function complaintAboutPlan(
  problem: Problem,
  submission: Submission,
  trial: Trial,
  planned: readonly PlannedWorld[],
): Promise<string | null> {
  const { plan } = problem;
  if (plan === null || plan === undefined || plan.languages?.includes(submission.language) === false) return null;
  const explained = await trial.explain(planned[0]?.scenario.cluster.parallelism ?? 1);
  if (explained.kind !== "plan") return null;
  const lacking = plan.contains.find((word) => !explained.text.includes(word));
  if (lacking !== undefined) return headlineOfPlan(`its plan has no \`${lacking}\``, plan.because);
  const present = plan.lacks.find((word) => explained.text.includes(word));
  return present === undefined ? null : headlineOfPlan(`its plan has a \`${present}\``, plan.because);
}

function reportOf(
  parts: JudgeParts,
  problem: Problem,
  submission: Submission,
  planned: readonly PlannedWorld[],
  judged: JudgedWorlds,
  compileDiagnostics: readonly DiagnosticData[],
  startedAt: number,
): JudgeReport {
  const { verdict, failing } = judged;
  const groups = scoreGroups(problem, planned, judged.all).map((group) => scored(group, verdict, judged.planComplaint !== null));
  const ofVerdict = failing.filter((judgement) => judgement.verdict === verdict);
  const told = toBeTold(problem, judged);
  const mayDiagnose = ofVerdict.filter((judgement) => feedbackOf(problem, judgement.planned) === "full");
  let diagnostics = compileDiagnostics;
  if (diagnostics.length === 0)
    diagnostics = (mayDiagnose.find((judgement) => judgement.diagnostics.length > 0) ?? told)?.diagnostics ?? [];
  diagnostics = diagnostics.map((diagnostic) => placed(diagnostic, submission.text));
  const hint = boundHint(problem.hints, verdict, ofVerdict[0]?.planned.scenario.group ?? null);
  return {
    verdict,
    headline: judged.planComplaint ?? headline(problem, verdict, planned, ofVerdict, told, diagnostics),
    score: groups.reduce((sum, group) => sum + group.score, 0),
    maxScore: groups.reduce((sum, group) => sum + group.maxScore, 0),
    groups,
    worlds: judged.told,
    difference: told?.difference ?? null,
    explanation: null,
    measures: measuresOf(told ?? hardestPassing(judged)),
    diagnostics,
    hint: hint === null ? null : hint.body,
    ...(hint === null ? {} : { hintTitle: hint.title }),
    engineVersion: parts.engineVersion,
    packVersion: problem.version,
    judgedInMs: Math.ceil((performance.now() - startedAt) / TOLD_TO_MS) * TOLD_TO_MS,
  };
}

/** The first failing world that may be shown, if possible one that decided the verdict. */
function toBeTold(problem: Problem, { verdict, failing }: JudgedWorlds): WorldJudgement | null {
  const shown = failing.filter((judgement) => mayBeShown(problem, judgement));
  return shown.find((judgement) => judgement.verdict === verdict) ?? shown[0] ?? null;
}

function scored(group: GroupResult, verdict: Verdict, wrongPlan: boolean): GroupResult {
  if (verdict === "compile-error") return { ...group, score: 0 };
  return wrongPlan ? { ...group, score: Math.floor(group.score / WRONG_PLAN_DIVISOR) } : group;
}

/** The last in the plan that may be shown; where all are hidden, the last. */
function hardestPassing({ passing }: JudgedWorlds): WorldJudgement | null {
  return passing.findLast(({ planned }) => planned.scenario.visibility !== "hidden") ?? passing.at(-1) ?? null;
}

/** Figures beside their bounds. Those of a hidden world are not told: a program can make them say what it reads. */
function feedbackOf(problem: Problem, { scenario }: PlannedWorld): Problem["groups"][number]["feedback"] {
  return problem.groups.find((group) => group.name === scenario.group)?.feedback ?? "full";
}

function mayBeShown(problem: Problem, { planned }: WorldJudgement): boolean {
  return planned.scenario.visibility !== "hidden" && feedbackOf(problem, planned) === "full";
}

function headline(
  problem: Problem,
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
  if (feedbackOf(problem, first.planned) !== "full") return headlineOfVerdict(verdict);
  if (first.check === null || (first.check.topics.length === 0 && first.check.custom === null)) return first.headline;
  const { title, visibility } = first.planned.scenario;
  return visibility === "hidden" ? headlineOfHidden(title, first.check, verdict) : first.headline;
}

/** For groups that tell the verdict alone. */
function headlineOfVerdict(verdict: Verdict): string {
  return `A world of a group that tells no details ended as \`${verdict}\`.`;
}
