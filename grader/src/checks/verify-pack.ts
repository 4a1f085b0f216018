/**
 * A pack proves itself: every accepted submission gets full marks on every seed, every wrong one exactly its verdict (and the hint that
 * submissions.yaml binds to it), equal runs leave equal fingerprints, and accepted submissions with a mistake put in fail (mutation/).
 */
import type { WorldSize } from "../explain/explanation.ts";
import type { Grader } from "../grader.ts";
import type { JudgeReport } from "../judge/report.ts";
import type { BundledSubmission, Pack, Problem } from "../pack/problem.ts";
import { formLanguageOf } from "../pack/load-submissions.ts";
import { junkAnswers } from "./junk-answers.ts";
import { checkStructure } from "./structure.ts";
import { checkStudy } from "./study.ts";
import { mutantsOf } from "./mutation/mutate.ts";
import { tryMutants, WorldOrder } from "./mutation/try-mutants.ts";

export interface VerifyLine {
  readonly problem: string;
  /** Path below submissions/, or the name of another check. */
  readonly subject: string;
  /** What was found, e.g. "accepted 100/100". */
  readonly found: string;
  /** null = as it should be. */
  readonly complaint: string | null;
  /** What would be better; fails nothing. */
  readonly warnings?: readonly string[];
  /** Of a wrong submission with an explanation: how small its world became, of how many records and faults, in how many runs. */
  readonly smallest?: (WorldSize & { readonly runs: number }) | null;
  /** Of an accepted submission whose mutants were tried. */
  readonly mutants?: MutantCounts;
  readonly tookMs: number;
}

export interface MutantCounts {
  readonly killed: number;
  readonly equivalent: number;
  readonly survived: number;
  /** Those that survived: which mistake was put in, and the line as it has it. */
  readonly survivors: readonly { readonly name: string; readonly shown: string }[];
  /** No programs, or the same ones. */
  readonly dropped: number;
}

export interface VerifyOptions {
  /** Seeds per secret scenario for accepted submissions. */
  readonly seeds: number;
  /** `with` and `only`: accepted submissions with a mistake put in must fail somewhere. */
  readonly mutants: "with" | "without" | "only";
  /** Wrong submissions meet one world of each scenario, if that is enough to show what they are, and are not explained. */
  readonly quick: boolean;
  /** Submissions judged at the same time. */
  readonly parallel: number;
  readonly onLine: (line: VerifyLine) => void;
  /** Told once, before the first line, how many there will be. */
  readonly onPlanned?: (lines: number) => void;
}

export async function verifyPack(grader: Grader, pack: Pack, options: VerifyOptions): Promise<VerifyLine[]> {
  const tasks: (() => Promise<VerifyLine>)[] = [];
  for (const problem of pack.problems) {
    if (options.mutants !== "without") tasks.push(...mutationTasks(grader, problem));
    if (options.mutants === "only") continue;
    tasks.push(() => timed(problem, "structure", async () => structureFinding(problem)));
    tasks.push(() => timed(problem, "junk", () => checkJunk(grader, problem)));
    tasks.push(() => timed(problem, "determinism", () => checkDeterminism(grader, problem)));
    if (problem.kind === "debug") tasks.push(() => timed(problem, "starter", () => checkBroken(grader, problem)));
    for (const submission of problem.submissions) {
      tasks.push(() => timed(problem, submission.path, () => checkSubmission(grader, problem, submission, options)));
    }
  }
  if (options.mutants !== "only") {
    for (const { subject, found, complaints } of checkStudy(pack)) {
      const complaint = complaints.length === 0 ? null : complaints.join("; ");
      tasks.push(async () => ({ problem: "", subject, found, complaint, tookMs: 0 }));
    }
  }
  options.onPlanned?.(tasks.length);
  const lines: VerifyLine[] = [];
  const lane = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const line = await task();
      lines.push(line);
      options.onLine(line);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, lane));
  return lines;
}

/** Wall time for the mutants of one submission. */
const MAX_MUTATION_MS = 300_000;

function mutationTasks(grader: Grader, problem: Problem): (() => Promise<VerifyLine>)[] {
  const order = new WorldOrder();
  return problem.submissions
    .filter((submission) => submission.permitted.includes("accepted") && mutantsOf(problem, submission).length > 0)
    .map((submission) => () => timed(problem, `mutants of ${submission.path}`, () => checkMutants(grader, problem, submission, order)));
}

async function checkMutants(grader: Grader, problem: Problem, submission: BundledSubmission, order: WorldOrder): Promise<Finding> {
  const report = await tryMutants(grader, problem, submission, { maxMs: MAX_MUTATION_MS, order });
  const { killed, equivalent, dropped, survivors, misdeclared, untried } = report;
  const found = `${killed} killed, ${survivors.length} survived, ${equivalent} equivalent, ${dropped} no programs`;
  const complaints = [
    ...survivors.map(({ name, shown }) => `no world tells it from a right answer: ${name}\n                  ${shown}`),
    ...misdeclared,
    ...(untried > 0 ? [`${untried} not tried within ${MAX_MUTATION_MS / 1000} s`] : []),
  ];
  const shown = survivors.map(({ name, shown: text }) => ({ name, shown: text }));
  const mutants = { killed, equivalent, survived: survivors.length, survivors: shown, dropped };
  return { found, complaint: complaints.length === 0 ? null : complaints.join("\n              "), mutants };
}

type Finding = Pick<VerifyLine, "found" | "complaint" | "warnings" | "smallest" | "mutants">;

function structureFinding(problem: Problem): Finding {
  const { complaints, warnings } = checkStructure(problem);
  const found = warnings.length === 0 ? "complete" : `${warnings.length} warnings`;
  return { found, complaint: complaints.length === 0 ? null : complaints.join("; "), warnings };
}

async function checkJunk(grader: Grader, problem: Problem): Promise<Finding> {
  const isForm = formLanguageOf(problem.kind) !== null;
  const { attacks, complaints } = isForm ? await junkAnswers(grader, problem) : await grader.junkAttack(problem);
  return { found: `${attacks} attacks`, complaint: complaints.length === 0 ? null : complaints.join("; ") };
}

async function timed(problem: Problem, subject: string, check: () => Promise<Finding>): Promise<VerifyLine> {
  const startedAt = performance.now();
  const finding = await check().catch((error: unknown): Finding => ({ found: "judge-error", complaint: String(error) }));
  return { problem: problem.id, subject, ...finding, tookMs: Math.round(performance.now() - startedAt) };
}

async function checkSubmission(
  grader: Grader,
  problem: Problem,
  submission: BundledSubmission,
  options: Pick<VerifyOptions, "seeds" | "quick">,
): Promise<Finding> {
  if (submission.isSolver) return checkSolver(grader, problem, submission, options.seeds);
  if (options.quick && !submission.permitted.includes("accepted")) {
    // One world per scenario shows most mistakes; where it does not, all are asked.
    const report = await grader.judge(problem, submission, undefined, { mostSeeds: 1 });
    const complaint = complaintAbout(problem, { ...submission, score: null }, report);
    if (complaint === null) return { found: `${report.verdict} in ${report.worlds.length} worlds`, complaint };
  }
  // Wrong submissions meet the worlds that learners meet; accepted ones many more.
  const many = submission.permitted.includes("accepted") ? { seedsPerSecret: options.seeds } : { explain: !options.quick };
  let slowestMs = 0;
  const onCpuMs = (cpuMs: number) => {
    slowestMs = Math.max(slowestMs, cpuMs);
  };
  const report = await grader.judge(problem, submission, undefined, { ...many, onCpuMs });
  const { smallest: world } = report.explanation ?? {};
  const smallest = world === undefined ? null : { ...world.size, runs: world.runs };
  const found = `${report.verdict} ${report.score}/${report.maxScore}`;
  const complaint = complaintAbout(problem, submission, report);
  if (complaint === null && report.verdict === "accepted" && slowestMs * LIMIT_MARGIN > problem.limits.cpuMs) {
    const needed = Math.ceil((slowestMs * LIMIT_MARGIN) / 1000) * 1000;
    return { found, complaint: `a world took ${slowestMs} ms of CPU; \`limits: { cpuMs: ${needed} }\` leaves others room` };
  }
  return { found, complaint, smallest };
}

/** A limit is at least this many times what the slowest accepted submission needs: machines differ, and so do right answers. */
const LIMIT_MARGIN = 2;

function complaintAbout(problem: Problem, submission: BundledSubmission, report: JudgeReport): string | null {
  if (!submission.permitted.includes(report.verdict)) {
    const world = report.worlds.find((candidate) => candidate.verdict === report.verdict);
    const where = world === undefined ? "" : ` (world “${world.title}”, seed ${world.seed})`;
    const diagnostic = report.diagnostics[0];
    const at = diagnostic?.span === undefined ? "" : ` [${diagnostic.file ?? ""}:${diagnostic.span.line}:${diagnostic.span.column}]`;
    return `should be ${submission.permitted.join(" or ")}${where}: ${report.headline}${at}`;
  }
  if (report.verdict === "accepted" && report.score !== report.maxScore) return `accepted, but only ${report.score} of ${report.maxScore}`;
  const [least, most] = submission.score ?? [0, report.maxScore];
  if (report.score < least || report.score > most) return `its score should lie in ${least} to ${most}`;
  for (const [group, permitted] of Object.entries(submission.groups)) {
    const strange = report.worlds.find((world) => world.group === group && !permitted.includes(world.verdict));
    if (strange === undefined) continue;
    return `group ${group} should be ${permitted.join(" or ")}; “${strange.title}”, seed ${strange.seed}, is ${strange.verdict}`;
  }
  if (submission.hint !== null) {
    const bound = problem.hints.find((hint) => hint.id === submission.hint);
    if (report.hint !== bound?.body) {
      const shown = problem.hints.find((hint) => hint.body === report.hint);
      return `should show hint ${submission.hint}, shows ${shown?.id ?? "none"}`;
    }
  }
  return null;
}

/** A solver answers every variation of the question; a wrong one fails the first in which its mistake shows. */
async function checkSolver(grader: Grader, problem: Problem, submission: BundledSubmission, seeds: number): Promise<Finding> {
  const { variations = 1 } = (await grader.answerForm(problem)) ?? {};
  let found = "";
  for (let variation = 0; variation < Math.min(variations, seeds); variation++) {
    const text = await grader.solveTrace(problem, submission, variation);
    const report = await grader.judge(problem, { language: "trace", text, variation });
    found = `${report.verdict} ${report.score}/${report.maxScore}`;
    const complaint = complaintAbout(problem, submission, report);
    if (complaint !== null && submission.permitted.includes("accepted"))
      return { found, complaint: `variation ${variation}: ${complaint}` };
    if (complaint === null && !submission.permitted.includes("accepted")) return { found, complaint: null };
    if (report.verdict !== "accepted" && complaint !== null) return { found, complaint: `variation ${variation}: ${complaint}` };
  }
  const right = submission.permitted.includes("accepted");
  return { found, complaint: right ? null : `should be ${submission.permitted.join(" or ")}, but answers every variation rightly` };
}

/** What is to be repaired is broken. */
async function checkBroken(grader: Grader, problem: Problem): Promise<Finding> {
  const language = problem.languages[0] ?? "datastream";
  const text = problem.starter[language] ?? "";
  const report = await grader.judge(problem, { language, text, functions: problem.starterFunctions ?? undefined });
  const complaint = report.verdict === "accepted" ? "the starter of a debug problem must fail" : null;
  return { found: report.verdict, complaint };
}

async function checkDeterminism(grader: Grader, problem: Problem): Promise<Finding> {
  if (problem.kind === "trace" || problem.kind === "decide") return { found: "not applicable", complaint: null };
  const differing = await grader.findIndeterminism(problem);
  return { found: differing.length === 0 ? "same bytes" : "differs", complaint: differing.length === 0 ? null : differing.join("; ") };
}
