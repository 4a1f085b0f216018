/** A pack's report, line by line → the matrix of problems by expected verdict, its findings and the figures above it. */
import type { PackProblem, PackReportLine, PackSurvivor, Verdict } from "@millrace/server/contract";

/** In the order of the judge; others, if there are any, come behind. */
export const VERDICTS: readonly string[] = [
  "accepted",
  "compile-error",
  "memory-limit",
  "time-limit",
  "output-limit",
  "runtime-error",
  "restore-failed",
  "lost-records",
  "duplicate-records",
  "wrong-output",
  "late-data",
  "nondeterministic",
  "state-too-large",
  "too-slow",
] satisfies Verdict[];

const MUTANTS = /^mutants of /;

export interface Tally {
  readonly good: number;
  readonly total: number;
}

export interface Finding {
  /** Counts from 0 over the whole report. */
  readonly index: number;
  readonly line: PackReportLine;
  /** The verdict that the submission is to get; null = the line is about no submission. */
  readonly expected: string | null;
}

export interface ReportRow {
  /** "" = the pack as a whole. */
  readonly problem: string;
  readonly title: string;
  readonly kind: string;
  /** Submissions by the verdict that they are to get. */
  readonly cells: Readonly<Record<string, Tally>>;
  /** null = none were tried yet. */
  readonly mutants: (Tally & { readonly equivalent: number }) | null;
  /** Mutants that no world tells from a right answer, with the submission that they were made of. */
  readonly survivors: readonly (PackSurvivor & { readonly of: string })[];
  /** Structure, junk, determinism and so on. */
  readonly checks: Tally;
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

export interface PackReport {
  readonly rows: readonly ReportRow[];
  /** The columns: verdicts that occur. */
  readonly verdicts: readonly string[];
  readonly submissions: Tally;
  readonly mutants: Tally;
  /** Problems whose equal runs leave equal bytes. */
  readonly repeatable: Tally;
  readonly findings: number;
  readonly tookMs: number;
}

/** The verdict that a submission is to get; null for the lines of other checks. */
export function expectedVerdict({ subject }: Pick<PackReportLine, "subject">): string | null {
  const slash = subject.indexOf("/");
  return slash < 0 || MUTANTS.test(subject) ? null : subject.slice(0, slash);
}

/** Rows are in the order of the pack; a problem that no line tells of has an empty one. */
export function reportOf(lines: readonly PackReportLine[], problems: readonly PackProblem[]): PackReport {
  const known = new Map(problems.map((problem) => [problem.id, problem]));
  const ids = [...new Set([...problems.map(({ id }) => id), ...lines.map(({ problem }) => problem)])];
  const byProblem = Map.groupBy(lines, ({ problem }) => problem);
  const verdicts = new Set(lines.map(expectedVerdict).filter((verdict) => verdict !== null));
  let index = 0;
  const rows = ids.map((id): ReportRow => {
    const own = byProblem.get(id) ?? [];
    const cells: Record<string, Tally> = {};
    for (const line of own) {
      const verdict = expectedVerdict(line);
      if (verdict !== null) cells[verdict] = tally([line], cells[verdict]);
    }
    const findings = own
      .filter(({ complaint }) => complaint !== null)
      .map((line): Finding => ({ index: index++, line, expected: expectedVerdict(line) }));
    return {
      problem: id,
      title: known.get(id)?.title ?? id,
      kind: known.get(id)?.kind ?? "",
      cells,
      mutants: mutantsOf(own),
      survivors: own.flatMap(({ subject, mutants }) =>
        (mutants?.survivors ?? []).map((each) => ({ ...each, of: subject.replace(MUTANTS, "") })),
      ),
      checks: tally(own.filter((line) => expectedVerdict(line) === null && !MUTANTS.test(line.subject))),
      findings,
      warnings: own.flatMap((line) => line.warnings),
    };
  });
  const tried = rows.map(({ mutants }) => mutants).filter((mutants) => mutants !== null);
  return {
    rows,
    verdicts: [...verdicts].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
    submissions: tally(lines.filter((line) => expectedVerdict(line) !== null)),
    mutants: { good: sum(tried.map(({ good }) => good)), total: sum(tried.map(({ total }) => total)) },
    repeatable: tally(lines.filter(({ subject, found }) => subject === "determinism" && found !== "not applicable")),
    findings: index,
    tookMs: sum(lines.map(({ tookMs }) => tookMs)),
  };
}

/** The lines with one more. A verification that begins anew says the same again: the new line takes the place of the old. */
export function withLine(lines: readonly PackReportLine[], line: PackReportLine): readonly PackReportLine[] {
  const at = lines.findIndex(({ problem, subject }) => problem === line.problem && subject === line.subject);
  return at < 0 ? [...lines, line] : lines.with(at, line);
}

function mutantsOf(lines: readonly PackReportLine[]): ReportRow["mutants"] {
  const counts = lines.map(({ mutants }) => mutants).filter((mutants) => mutants !== null);
  if (counts.length === 0) return null;
  const killed = sum(counts.map((each) => each.killed));
  return { good: killed, total: killed + sum(counts.map((each) => each.survived)), equivalent: sum(counts.map((each) => each.equivalent)) };
}

function tally(lines: readonly PackReportLine[], before: Tally = { good: 0, total: 0 }): Tally {
  return { good: before.good + lines.filter(({ complaint }) => complaint === null).length, total: before.total + lines.length };
}

function rank(verdict: string): number {
  const at = VERDICTS.indexOf(verdict);
  return at < 0 ? VERDICTS.length : at;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
