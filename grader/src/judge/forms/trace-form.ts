/**
 * Kind `trace`: the learner predicts what the engine does. The job runs here, and the author's trace.ts turns the recorded run into a table and its
 * answers. Every (scenario, seed) of the plan is a variation of the question, so that a second attempt can be asked afresh.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { World } from "@millrace/engine/sim";
import { z } from "zod";
import type { BundledSubmission, Problem } from "../../pack/problem.ts";
import { type PlannedWorld, planWorlds } from "../../plan/plan.ts";
import type { AuthorSandbox } from "../../sandbox/author-sandbox.ts";
import { JudgeFault } from "../judge-fault.ts";
import { LruCache } from "../lru-cache.ts";
import type { References } from "../references.ts";
import type { JudgeReport, Submission } from "../report.ts";
import type { AnswerForm, FormColumn } from "../samples.ts";
import { type AnsweredTable, readAnswer, tableReport } from "./answer-table.ts";
import type { FormKind } from "./form-kind.ts";

const tableSchema = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      label: z.string().optional(),
      blank: z.boolean().default(false),
      hint: z.string().nullable().default(null),
      options: z.array(z.string()).min(2).nullable().default(null),
    }),
  ),
  rows: z.array(z.object({ id: z.coerce.string(), cells: z.array(z.unknown()) })),
  /** Row id → column → right value. Cells without an answer are not asked for. */
  answers: z.record(z.string(), z.record(z.string(), z.unknown())),
});

interface Question {
  readonly table: AnsweredTable;
  readonly planned: PlannedWorld;
  readonly world: World;
}

const MAX_QUESTIONS = 400;

export class TraceForms implements FormKind {
  readonly #references: References;
  readonly #sandbox: AuthorSandbox;
  readonly #questions = new LruCache<Promise<Question>>(MAX_QUESTIONS);

  constructor(references: References, sandbox: AuthorSandbox) {
    this.#references = references;
    this.#sandbox = sandbox;
  }

  async form(problem: Problem, variation: number): Promise<AnswerForm> {
    const variations = planWorlds(problem).length;
    const at = variation % Math.max(1, variations);
    const { table } = await this.#question(problem, at);
    return { prompt: problem.prompt, columns: table.columns, rows: table.rows, variation: at, variations };
  }

  async check(problem: Problem, submission: Submission): Promise<readonly DiagnosticData[]> {
    const { table } = await this.#question(problem, submission.variation ?? 0);
    return readAnswer(submission.text, askedOf(table)).diagnostics;
  }

  async judge(problem: Problem, submission: Submission, engineVersion: string): Promise<JudgeReport> {
    const startedAt = performance.now();
    const { table, planned } = await this.#question(problem, submission.variation ?? 0);
    const context = { title: planned.scenario.title, seed: planned.seed, engineVersion, startedAt };
    const { wrong: _, ...report } = tableReport(problem, table, readAnswer(submission.text, askedOf(table)), context);
    return report;
  }

  /** A bundled answer that is a program: `export default function solve(form, world)` gives the values. Seeds as `pack verify` asks for. */
  async solve(problem: Problem, submission: BundledSubmission, variation: number): Promise<string> {
    const { table, world } = await this.#question(problem, variation);
    const module = await this.#references.authorModule(problem, submission.path.replace(/^.*\//, ""), submission.text);
    const form = { columns: table.columns, rows: table.rows };
    const load = await this.#references.load(problem);
    const answer = await this.#sandbox.ask(problem.contentHash, load, { kind: "solve", module, form, world });
    return JSON.stringify(answer.kind === "value" ? answer.value : null);
  }

  async #question(problem: Problem, variation: number): Promise<Question> {
    const planned = planWorlds(problem);
    const chosen = planned[variation % Math.max(1, planned.length)];
    if (chosen === undefined) throw new JudgeFault(`${problem.id}: a trace problem needs a scenario`);
    const key = `${problem.contentHash}/${chosen.index}`;
    const known = this.#questions.get(key);
    if (known !== undefined) return known;
    const question = this.#compute(problem, chosen);
    this.#questions.set(key, question, 1);
    question.catch(() => this.#questions.delete(key));
    return question;
  }

  async #compute(problem: Problem, planned: PlannedWorld): Promise<Question> {
    const world = await this.#references.world(problem, planned.scenario, planned.seed);
    const module = await this.#references.authorModule(problem, "trace.ts", problem.modules.trace ?? "");
    const load = await this.#references.load(problem);
    const answer = await this.#sandbox.ask(problem.contentHash, load, { kind: "trace", module, world });
    const parsed = tableSchema.safeParse(answer.kind === "value" ? answer.value : null);
    if (!parsed.success) throw new JudgeFault(`${problem.id}: trace.ts returned no table: ${z.prettifyError(parsed.error)}`);
    const { answers } = parsed.data;
    const columns = parsed.data.columns.map(
      ({ name, label = name, blank, hint, options }): FormColumn => ({
        ...{ name, label, blank, hint },
        options: options?.map((value) => ({ value, label: value })) ?? null,
      }),
    );
    const rows = parsed.data.rows.map(({ id, cells }) => ({
      id,
      cells: cells.map((cell, index) => (columns[index]?.blank && isAsked(answers, id, columns[index].name) ? null : cell)),
    }));
    const asked = rows.flatMap(({ id }) =>
      columns.flatMap(({ name, blank }) =>
        blank && isAsked(answers, id, name) ? [{ row: id, column: name, right: [answers[id]![name]] }] : [],
      ),
    );
    return { table: { columns, rows, asked }, planned, world };
  }
}

function isAsked(answers: Readonly<Record<string, Readonly<Record<string, unknown>>>>, row: string, column: string): boolean {
  return Object.hasOwn(answers, row) && Object.hasOwn(answers[row]!, column);
}

function askedOf(table: AnsweredTable): Parameters<typeof readAnswer>[1] {
  return {
    rows: table.rows.map((row) => row.id),
    columns: table.columns.flatMap((column) => (column.blank ? [column.name] : [])),
  };
}
