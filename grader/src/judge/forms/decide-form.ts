/** Kind `decide`: choices with reasons. What is right stands in decide.yaml; nothing runs. */
import type { DiagnosticData } from "@millrace/engine";
import type { Problem } from "../../pack/problem.ts";
import type { DecideYaml } from "../../pack/schema/decide.ts";
import { JudgeFault } from "../judge-fault.ts";
import type { JudgeReport, Submission } from "../report.ts";
import type { AnswerForm, FormColumn } from "../samples.ts";
import { type AnsweredTable, type AnswerValues, type AskedCell, readAnswer, tableReport } from "./answer-table.ts";
import type { FormKind } from "./form-kind.ts";

const SUBJECT = "subject";
/** Stands where a case has no such question. */
const NOT_ASKED = "–";

export class DecideForms implements FormKind {
  async form(problem: Problem): Promise<AnswerForm> {
    const { columns, rows } = tableOf(decideOf(problem));
    return { prompt: problem.prompt, columns, rows, variation: 0, variations: 1 };
  }

  async check(problem: Problem, submission: Submission): Promise<readonly DiagnosticData[]> {
    return read(decideOf(problem), submission).diagnostics;
  }

  async judge(problem: Problem, submission: Submission, engineVersion: string): Promise<JudgeReport> {
    const startedAt = performance.now();
    const decide = decideOf(problem);
    const answer = read(decide, submission);
    const context = { title: problem.title, seed: 1, engineVersion, startedAt };
    const { wrong, ...report } = tableReport(problem, tableOf(decide), answer, context);
    const first = wrong[0];
    if (first === undefined) return report;
    return { ...report, headline: `${report.headline} ${reason(decide, first, answer.values)}` };
  }
}

function decideOf(problem: Problem): DecideYaml {
  if (problem.decide === null) throw new JudgeFault(`${problem.id} has no decide.yaml`);
  return problem.decide;
}

function tableOf(decide: DecideYaml): AnsweredTable {
  const subject: FormColumn = { name: SUBJECT, label: decide.subject, blank: false, hint: null, options: null };
  const columns = [
    subject,
    ...decide.columns.map(({ name, label, options }): FormColumn => ({ name, label, blank: true, hint: null, options })),
  ];
  const rows = decide.rows.map((row) => ({
    id: row.id,
    cells: columns.map(({ name }) => (name === SUBJECT ? row.text : Object.hasOwn(row.answers, name) ? null : NOT_ASKED)),
  }));
  const asked = decide.rows.flatMap((row): AskedCell[] =>
    decide.columns.flatMap(({ name }) =>
      row.answers[name] === undefined ? [] : [{ row: row.id, column: name, right: row.answers[name] }],
    ),
  );
  return { columns, rows, asked };
}

function read(decide: DecideYaml, submission: Submission): ReturnType<typeof readAnswer> {
  const answer = readAnswer(submission.text, {
    rows: decide.rows.map((row) => row.id),
    columns: decide.columns.map((column) => column.name),
  });
  const strange: DiagnosticData[] = [];
  for (const [row, cells] of Object.entries(answer.values)) {
    for (const { name, options } of decide.columns) {
      const given = cells[name];
      if (given === undefined || given === null || given === "" || options.some((option) => option.value === String(given))) continue;
      const expected = `one of ${options.map((option) => option.value).join(", ")}`;
      const message = `Row \`${row}\`: \`${String(given)}\` is no choice of \`${name}\`; it takes ${expected}.`;
      const span = answer.locate(row);
      strange.push({
        code: "ANSWER_UNKNOWN_CHOICE",
        message,
        phase: "validate",
        file: "answer.yaml",
        span,
        found: String(given),
        expected,
      });
    }
  }
  return { ...answer, diagnostics: [...answer.diagnostics, ...strange] };
}

/** What speaks against the choice, or else for the right one. */
function reason(decide: DecideYaml, cell: AskedCell, values: AnswerValues): string {
  const row = decide.rows.find((candidate) => candidate.id === cell.row)!;
  return row.against[`${cell.column}=${String(values[cell.row]?.[cell.column] ?? "")}`] ?? row.because;
}
