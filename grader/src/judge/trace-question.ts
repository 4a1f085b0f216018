/**
 * Kind `trace`: the learner predicts what the engine does. The job runs here, the author's trace.ts turns the recorded run into a table
 * and its answers, and the learner's YAML (row id → column → value) is compared cell by cell.
 */
import type { DiagnosticData } from "@millrace/engine";
import { parseDocument } from "yaml";
import { z } from "zod";
import { checkSize } from "../compile/compile-submission.ts";
import { boundHint } from "../feedback/hint.ts";
import type { Problem } from "../pack/problem.ts";
import { planWorlds } from "../plan/plan.ts";
import type { AuthorSandbox } from "../sandbox/author-sandbox.ts";
import { JudgeFault } from "./judge-fault.ts";
import { LruCache } from "./lru-cache.ts";
import type { References } from "./references.ts";
import type { Difference, DifferenceRow, JudgeReport, Submission } from "./report.ts";
import type { TraceForm } from "./samples.ts";
import type { Verdict } from "./verdict.ts";

const tableSchema = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      label: z.string().optional(),
      blank: z.boolean().default(false),
      hint: z.string().nullable().default(null),
    }),
  ),
  rows: z.array(z.object({ id: z.coerce.string(), cells: z.array(z.unknown()) })),
  /** Row id → column → right value. Cells without an answer are not asked for. */
  answers: z.record(z.string(), z.record(z.string(), z.unknown())),
});

type TraceTable = z.infer<typeof tableSchema>;

export class TraceQuestions {
  readonly #references: References;
  readonly #sandbox: AuthorSandbox;
  readonly #tables = new LruCache<Promise<TraceTable>>(200);

  constructor(references: References, sandbox: AuthorSandbox) {
    this.#references = references;
    this.#sandbox = sandbox;
  }

  /** The table with its blanks empty. */
  async form(problem: Problem): Promise<TraceForm> {
    const table = await this.#table(problem);
    const columns = table.columns.map((column) => ({
      name: column.name,
      label: column.label ?? column.name,
      blank: column.blank,
      hint: column.hint,
    }));
    const rows = table.rows.map((row) => ({ id: row.id, cells: row.cells.map((cell, index) => (columns[index]?.blank ? null : cell)) }));
    return { prompt: problem.prompt, columns, rows };
  }

  /** Diagnostics of an answer's form, not of its content. */
  async check(problem: Problem, submission: Submission): Promise<readonly DiagnosticData[]> {
    return readAnswer(submission, await this.#table(problem)).diagnostics;
  }

  async judge(problem: Problem, submission: Submission, engineVersion: string): Promise<JudgeReport> {
    const startedAt = performance.now();
    const table = await this.#table(problem);
    const answer = readAnswer(submission, table);
    const cells = askedCells(table);
    const wrong = cells.filter((cell) => !sameAnswer(cell.right, answer.values[cell.row]?.[cell.column]));
    const verdict: Verdict = answer.diagnostics.length > 0 ? "compile-error" : wrong.length > 0 ? "wrong-output" : "accepted";
    const right = verdict === "compile-error" ? 0 : cells.length - wrong.length;
    const group = problem.groups[0]!;
    const planned = planWorlds(problem)[0]!;
    const score = Math.floor((group.weight * right) / Math.max(1, cells.length));
    const difference = verdict === "wrong-output" ? differenceOf(table, wrong, answer.values) : null;
    const { title, visibility } = planned.scenario;
    const world = { index: 1, group: group.name, title, visibility, seed: planned.seed, verdict, runMs: 0 };
    return {
      verdict,
      headline:
        verdict === "accepted"
          ? "Every cell is right."
          : (difference?.sentence ?? answer.diagnostics[0]?.message ?? "The answer cannot be read."),
      score,
      maxScore: group.weight,
      groups: [{ name: group.name, title: group.title, score, maxScore: group.weight, passed: right, total: cells.length }],
      worlds: verdict === "compile-error" ? [] : [world],
      difference,
      diagnostics: answer.diagnostics,
      hint: boundHint(problem.hints, verdict, group.name)?.body ?? null,
      engineVersion,
      packVersion: problem.version,
      judgedInMs: Math.round(performance.now() - startedAt),
    };
  }

  #table(problem: Problem): Promise<TraceTable> {
    const known = this.#tables.get(problem.contentHash);
    if (known !== undefined) return known;
    const table = this.#compute(problem);
    this.#tables.set(problem.contentHash, table, 1);
    table.catch(() => this.#tables.delete(problem.contentHash));
    return table;
  }

  async #compute(problem: Problem): Promise<TraceTable> {
    const planned = planWorlds(problem)[0];
    if (planned === undefined) throw new JudgeFault(`${problem.id}: a trace problem needs a scenario`);
    const world = await this.#references.world(problem, planned.scenario, planned.seed);
    const module = await this.#references.authorModule(problem, "trace.ts", problem.modules.trace ?? "");
    const load = await this.#references.load(problem);
    const answer = await this.#sandbox.ask(problem.contentHash, load, { kind: "trace", module, world });
    const parsed = tableSchema.safeParse(answer.kind === "value" ? answer.value : null);
    if (!parsed.success) throw new JudgeFault(`${problem.id}: trace.ts returned no table: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  }
}

interface AskedCell {
  readonly row: string;
  readonly column: string;
  readonly right: unknown;
}

function askedCells(table: TraceTable): AskedCell[] {
  return table.rows.flatMap((row) =>
    table.columns.flatMap((column): AskedCell[] => {
      const answers = table.answers[row.id];
      if (!column.blank || answers === undefined || !Object.hasOwn(answers, column.name)) return [];
      return [{ row: row.id, column: column.name, right: answers[column.name] }];
    }),
  );
}

type AnswerValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function readAnswer(submission: Submission, table: TraceTable): { values: AnswerValues; diagnostics: readonly DiagnosticData[] } {
  const size = checkSize(submission);
  if (size.length > 0) return { values: {}, diagnostics: size };
  const document = parseDocument(submission.text);
  const complain = (code: string, message: string, offset: number): DiagnosticData => {
    const before = submission.text.slice(0, offset).split("\n");
    const span = { line: before.length, column: before[before.length - 1]!.length + 1 };
    return { code, message, phase: "parse", file: "answer.yaml", span };
  };
  const syntax = document.errors.map((error) => complain("TRACE_YAML_SYNTAX", error.message.split(" at line ")[0] ?? "", error.pos[0]));
  if (syntax.length > 0) return { values: {}, diagnostics: syntax };
  const parsed = z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).safeParse(document.toJS());
  if (!parsed.success) {
    return {
      values: {},
      diagnostics: [
        complain("TRACE_NOT_A_TABLE", "The answer must be a list of rows, each with its columns: `row: { column: value }`.", 0),
      ],
    };
  }
  const unknown = Object.keys(parsed.data).filter((row) => !table.rows.some((known) => known.id === row));
  const diagnostics = unknown.map((row) =>
    complain("TRACE_UNKNOWN_ROW", `There is no row \`${row}\`.`, Math.max(0, submission.text.indexOf(row))),
  );
  return { values: Object.fromEntries(Object.entries(parsed.data).map(([row, cells]) => [row, cells ?? {}])), diagnostics };
}

/** Numbers equal their text, "-", "none", "null" and nothing are the same, case and blanks do not count, lists compare item by item. */
function sameAnswer(right: unknown, given: unknown): boolean {
  return normal(right) === normal(given);
}

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

/** Rows up to and including the first wrong one; right values of later rows are not given away. */
function differenceOf(table: TraceTable, wrong: readonly AskedCell[], values: AnswerValues): Difference {
  const first = wrong[0]!;
  const at = table.rows.findIndex((row) => row.id === first.row);
  const given = (row: { id: string; cells: readonly unknown[] }) =>
    table.columns.map((column, index) => (column.blank ? (values[row.id]?.[column.name] ?? null) : row.cells[index]));
  const rows = table.rows.slice(Math.max(0, at - 2), at + 1).map((row): DifferenceRow => {
    if (row.id !== first.row) return { kind: "equal", cells: given(row), expected: null };
    const expected = table.columns.map((column, index) =>
      column.name === first.column ? first.right : column.blank ? (values[row.id]?.[column.name] ?? null) : row.cells[index],
    );
    return { kind: "changed", cells: given(row), expected };
  });
  const label = table.columns.find((column) => column.name === first.column)?.label ?? first.column;
  const yours = values[first.row]?.[first.column];
  const said = yours === undefined || yours === null || yours === "" ? "is empty" : `is ${show(yours)}`;
  const sentence = `In row \`${first.row}\`, “${label}” ${said}; the engine says ${show(first.right)}.`;
  const columns = table.columns.map((column) => column.label ?? column.name);
  const rowsWrong = new Set(wrong.map((cell) => cell.row)).size;
  return { world: 1, topic: "answer", sentence, columns, rows, more: rowsWrong - 1 };
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
