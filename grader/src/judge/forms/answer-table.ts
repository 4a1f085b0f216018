/**
 * Answers that are tables: YAML with row id → column → value, compared cell by cell with right answers. Trace questions, decisions and
 * settings are all of this form; they differ in where the right answers come from.
 */
import type { DiagnosticData } from "@millrace/engine";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { checkSize } from "../../compile/compile-submission.ts";
import { boundHint } from "../../feedback/hint.ts";
import { nearest } from "../../pack/nearest.ts";
import type { Problem } from "../../pack/problem.ts";
import type { Difference, DifferenceRow, JudgeReport } from "../report.ts";
import type { FormColumn, FormRow } from "../samples.ts";
import type { Verdict } from "../verdict.ts";

export type AnswerValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ReadAnswer {
  readonly values: AnswerValues;
  readonly diagnostics: readonly DiagnosticData[];
  /** Where a row stands. */
  locate(row: string): { readonly line: number; readonly column: number };
}

const answerSchema = z.record(z.string(), z.record(z.string(), z.unknown()).nullable());

/** Mistakes are those of the form, not of the content. */
export function readAnswer(text: string, asked: { readonly rows: readonly string[]; readonly columns: readonly string[] }): ReadAnswer {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const none = { values: {}, locate: () => ({ line: 1, column: 1 }) };
  const size = checkSize({ language: "trace", text });
  if (size.length > 0) return { ...none, diagnostics: size };
  const complain = (code: string, message: string, offset: number, hint?: string): DiagnosticData => ({
    ...{ code, message, phase: "parse", file: "answer.yaml", span: at(offset) },
    ...(hint === undefined ? {} : { hint }),
  });
  // Aliases would let a short text stand for an endless one.
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors.map((error) => complain("ANSWER_YAML_SYNTAX", error.message.split(" at line ")[0] ?? "", error.pos[0]));
  if (syntax.length > 0) return { ...none, diagnostics: syntax };
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { ...none, diagnostics: [complain("ANSWER_YAML_SYNTAX", "Aliases (`*name`) are not taken here.", 0)] };
  }
  const parsed = answerSchema.safeParse(plain ?? {});
  if (!parsed.success) {
    const message = "The answer must be a list of rows, each with its columns: `row: { column: value }`.";
    return { ...none, diagnostics: [complain("ANSWER_NOT_A_TABLE", message, 0)] };
  }
  const offsetOf = (row: string) => Math.max(0, text.search(new RegExp(`(^|\\n)["']?${row.replace(/[^\w]/g, "\\$&")}["']?\\s*:`)));
  const diagnostics: DiagnosticData[] = [];
  const unknown = (code: string, message: string, name: string, known: readonly string[], row: string) => {
    const guess = nearest(name, known);
    diagnostics.push(complain(code, message, offsetOf(row), guess === null ? undefined : `Did you mean \`${guess}\`?`));
  };
  for (const [row, cells] of Object.entries(parsed.data)) {
    if (!asked.rows.includes(row)) unknown("ANSWER_UNKNOWN_ROW", `There is no row \`${row}\`.`, row, asked.rows, row);
    for (const column of Object.keys(cells ?? {})) {
      if (asked.columns.includes(column)) continue;
      unknown("ANSWER_UNKNOWN_COLUMN", `Row \`${row}\` has no column \`${column}\`.`, column, asked.columns, row);
    }
  }
  const values = Object.fromEntries(Object.entries(parsed.data).map(([row, cells]) => [row, cells ?? {}]));
  return { values, diagnostics, locate: (row) => at(offsetOf(row)) };
}

/** A cell that is asked for. */
export interface AskedCell {
  readonly row: string;
  readonly column: string;
  /** Each of these is right. */
  readonly right: readonly unknown[];
}

export function isRight(cell: AskedCell, values: AnswerValues): boolean {
  const given = normal(values[cell.row]?.[cell.column]);
  return cell.right.some((right) => normal(right) === given);
}

/** Numbers equal their text, "-", "none", "null" and nothing are the same, case and blanks do not count, lists compare item by item. */
function normal(value: unknown): string {
  if (Array.isArray(value)) return value.map(normal).join(",");
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value)
    .trim()
    .toLowerCase()
    .replace(/\s*,\s*/g, ",")
    .replace(/\s+/g, " ")
    .replace(/^\[(.*)\]$/, "$1");
  if (text === "-" || text === "–" || text === "none" || text === "null") return "";
  return text !== "" && !Number.isNaN(Number(text)) ? String(Number(text)) : text;
}

/** A question's table with what is right. */
export interface AnsweredTable {
  readonly columns: readonly FormColumn[];
  readonly rows: readonly FormRow[];
  readonly asked: readonly AskedCell[];
}

/** The parts of a report about a filled-in table. Each world of the group counts as one cell. */
export interface TableVerdict {
  readonly verdict: Verdict;
  readonly wrong: readonly AskedCell[];
  readonly difference: Difference | null;
}

export function judgeTable(table: AnsweredTable, answer: ReadAnswer): TableVerdict {
  if (answer.diagnostics.length > 0) return { verdict: "compile-error", wrong: [], difference: null };
  const wrong = table.asked.filter((cell) => !isRight(cell, answer.values));
  if (wrong.length === 0) return { verdict: "accepted", wrong, difference: null };
  return { verdict: "wrong-output", wrong, difference: differenceOf(table, wrong, answer.values) };
}

/** The whole report; `headline` and `hint` may be replaced by better ones. */
export function tableReport(
  problem: Problem,
  table: AnsweredTable,
  answer: ReadAnswer,
  context: { readonly title: string; readonly seed: number; readonly engineVersion: string; readonly startedAt: number },
): JudgeReport & { readonly wrong: readonly AskedCell[] } {
  const { verdict, wrong, difference } = judgeTable(table, answer);
  const group = problem.groups[0]!;
  const total = table.asked.length;
  const right = verdict === "compile-error" ? 0 : total - wrong.length;
  const score = Math.floor((group.weight * right) / Math.max(1, total));
  const { title, seed, engineVersion, startedAt } = context;
  const world = { index: 1, group: group.name, title, visibility: "sample", seed, verdict, runMs: 0 } as const;
  const accepted = verdict === "accepted";
  const hint = boundHint(problem.hints, verdict, group.name);
  return {
    verdict,
    headline: accepted ? "Every cell is right." : (difference?.sentence ?? answer.diagnostics[0]?.message ?? "The answer cannot be read."),
    score,
    maxScore: group.weight,
    groups: [{ name: group.name, title: group.title, score, maxScore: group.weight, passed: right, total, waitsFor: [] }],
    worlds: verdict === "compile-error" ? [] : [world],
    difference,
    explanation: null,
    measures: [],
    diagnostics: answer.diagnostics,
    hint: hint?.body ?? null,
    ...(hint === null ? {} : { hintTitle: hint.title }),
    engineVersion,
    packVersion: problem.version,
    judgedInMs: Math.round(performance.now() - startedAt),
    wrong,
  };
}

/** Rows up to and including the first wrong one; right values of later rows are not given away. */
function differenceOf(table: AnsweredTable, wrong: readonly AskedCell[], values: AnswerValues): Difference {
  const first = wrong[0]!;
  const at = table.rows.findIndex((row) => row.id === first.row);
  const given = (row: FormRow) =>
    table.columns.map((column, index) => (column.blank ? (values[row.id]?.[column.name] ?? null) : row.cells[index]));
  const rows = table.rows.slice(Math.max(0, at - 2), at + 1).map((row): DifferenceRow => {
    if (row.id !== first.row) return { kind: "equal", cells: given(row), expected: null };
    const expected = table.columns.map((column, index) => (column.name === first.column ? first.right[0] : given(row)[index]));
    return { kind: "changed", cells: given(row), expected };
  });
  const column = table.columns.find((candidate) => candidate.name === first.column);
  const yours = values[first.row]?.[first.column];
  const label = column?.label ?? first.column;
  const said = yours === undefined || yours === null || yours === "" ? "is empty" : `is ${show(yours, column)}`;
  const sentence = `In row \`${first.row}\`, “${label}” ${said}; ${column?.options === null ? "the engine says" : "it should be"} ${show(first.right[0], column)}.`;
  const rowsWrong = new Set(wrong.map((cell) => cell.row)).size;
  return { world: 1, topic: "answer", sentence, columns: table.columns.map(({ label: of }) => of), rows, more: rowsWrong - 1 };
}

function show(value: unknown, column: FormColumn | undefined): string {
  if (value === null || value === undefined || value === "") return "nothing";
  const label = column?.options?.find((option) => option.value === value)?.label;
  return label === undefined ? `\`${typeof value === "string" ? value : JSON.stringify(value)}\`` : `“${label}”`;
}
