/**
 * A form while it is filled in: a trace question, decisions, settings. Its YAML is the learner's text, so drafts, submit and restore work as for
 * code.
 */
import type { AnswerForm, FormOption, JudgeReport } from "@millrace/server/contract";
import { type Answers, type Blank, fromYaml, toYaml } from "./answer-yaml.ts";

export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

export class FormAnswer {
  readonly form: AnswerForm;
  /** All blanks, row by row. */
  readonly blanks: readonly Blank[];
  #answers = $state.raw<Answers>({});
  #wrong = $state.raw<readonly Blank[]>([]);

  constructor(form: AnswerForm, text: string) {
    this.form = form;
    this.blanks = form.rows.flatMap((row) =>
      form.columns.flatMap((column, i) => (column.blank && isBlank(row.cells[i]) ? [{ row: row.id, column: column.name }] : [])),
    );
    this.#answers = fromYaml(text);
  }

  get filled(): number {
    return this.blanks.filter(({ row, column }) => this.value(row, column).trim() !== "").length;
  }

  get text(): string {
    return toYaml(this.#answers, this.blanks);
  }

  /** What stands in the cell: what was filled in, or what it began with. */
  value(row: string, column: string): string {
    return this.#answers[row]?.[column] ?? this.form.rows.find((candidate) => candidate.id === row)?.initial ?? "";
  }

  /** What can be chosen in a cell; null = anything may be written. */
  options(rowIndex: number, columnIndex: number): readonly FormOption[] | null {
    return this.form.rows[rowIndex]?.options ?? this.form.columns[columnIndex]?.options ?? null;
  }

  set(row: string, column: string, value: string): void {
    this.#answers = { ...this.#answers, [row]: { ...this.#answers[row], [column]: value } };
    if (this.isWrong(row, column)) this.#wrong = this.#wrong.filter((w) => w.row !== row || w.column !== column);
  }

  load(text: string): void {
    this.#answers = fromYaml(text);
    this.#wrong = [];
  }

  isWrong(row: string, column: string): boolean {
    return this.#wrong.some((w) => w.row === row && w.column === column);
  }

  /** Marks what the judge found wrong. */
  markFrom(report: JudgeReport): void {
    this.#wrong = wrongCells(report, this.form);
  }

  /** Is this cell one to fill in? */
  isBlank(rowIndex: number, columnIndex: number): boolean {
    return this.form.columns[columnIndex]?.blank === true && isBlank(this.form.rows[rowIndex]?.cells[columnIndex]);
  }

  /** The blank to go to from a cell, or null at the edge. `next` and `previous` go row by row. */
  neighbour(from: CellPosition, direction: "up" | "down" | "left" | "right" | "next" | "previous"): CellPosition | null {
    const { rows, columns } = this.form;
    if (direction === "up" || direction === "down") {
      const step = direction === "up" ? -1 : 1;
      for (let row = from.row + step; row >= 0 && row < rows.length; row += step) {
        if (this.isBlank(row, from.column)) return { row, column: from.column };
      }
      return null;
    }
    const step = direction === "left" || direction === "previous" ? -1 : 1;
    const wrap = direction === "next" || direction === "previous";
    let index = from.row * columns.length + from.column + step;
    for (; index >= 0 && index < rows.length * columns.length; index += step) {
      const position = { row: Math.floor(index / columns.length), column: index % columns.length };
      if (!wrap && position.row !== from.row) return null;
      if (this.isBlank(position.row, position.column)) return position;
    }
    return null;
  }
}

/** A blank cell of a blank column is empty in the form; what is given there is given. */
function isBlank(cell: unknown): boolean {
  return cell === null || cell === undefined || cell === "";
}

/** The judge shows the first wrong row beside the right one: where the two part is wrong. Its given cells tell which row it is. */
function wrongCells(report: JudgeReport, form: AnswerForm): readonly Blank[] {
  const wrong: Blank[] = [];
  for (const row of report.difference?.rows ?? []) {
    const { cells, expected } = row;
    if (row.kind !== "changed" || expected === null) continue;
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    const known = form.rows.find((r) => form.columns.every((column, i) => column.blank || same(r.cells[i], cells[i])));
    if (known === undefined) continue;
    form.columns.forEach((column, i) => {
      if (column.blank && !same(cells[i], expected[i])) wrong.push({ row: known.id, column: column.name });
    });
  }
  return wrong;
}
