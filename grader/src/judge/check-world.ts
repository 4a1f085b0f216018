/** The check of one world: the built-in comparison, or the problem's own checker.ts, which runs in the sandbox like everybody's code. */
import type { RunOutcome } from "@millrace/engine/sim";
import { z } from "zod";
import { checkOutcome, type CustomFinding, verdictOfEnd, type WorldCheck } from "../checkers/check-outcome.ts";
import { boundsOf } from "../checkers/measures.ts";
import { rowsOf } from "../checkers/rows.ts";
import type { OutputSpec, Problem } from "../pack/problem.ts";
import type { AuthorSandbox } from "../sandbox/author-sandbox.ts";
import { JudgeFault } from "./judge-fault.ts";
import type { ReferenceRun, References } from "./references.ts";

/** What a checker may object with; longer messages are cut. */
const findingSchema = z.object({
  verdict: z.enum(["lost-records", "duplicate-records", "wrong-output", "late-data"]).default("wrong-output"),
  message: z
    .string()
    .min(1)
    .transform((message) => message.slice(0, 500)),
});

/** A row as checker.ts gets it: cells by column. */
export type CheckerRow = Readonly<Record<string, unknown>>;

/** What `export default` of checker.ts is called with. */
export interface CheckerInput {
  /** By output: what the reference wrote, and what is to be checked. */
  readonly outputs: Readonly<Record<string, { readonly expected: readonly CheckerRow[]; readonly actual: readonly CheckerRow[] }>>;
  /** `checker` of problem.yaml. */
  readonly options: Readonly<Record<string, unknown>>;
}

export class WorldChecks {
  readonly #references: References;
  readonly #sandbox: AuthorSandbox;

  constructor(references: References, sandbox: AuthorSandbox) {
    this.#references = references;
    this.#sandbox = sandbox;
  }

  async check(problem: Problem, group: string, reference: ReferenceRun, outcome: RunOutcome): Promise<WorldCheck> {
    const { world } = reference;
    const against = { world, bounds: boundsOf(problem, group, world, reference.outcome), reference: reference.outcome };
    if (problem.modules.checker === null || verdictOfEnd(outcome) !== null) return checkOutcome(problem, against, outcome);
    const outputs = Object.fromEntries(
      problem.outputs.map((spec) => [
        spec.topic,
        { expected: rowsAsObjects(reference.outcome, spec), actual: rowsAsObjects(outcome, spec) },
      ]),
    );
    return checkOutcome(problem, against, outcome, await this.ask(problem, { outputs, options: problem.checkerOptions }));
  }

  /** Rejects with a JudgeFault when the checker throws, runs for ever or answers with something else than an objection or null. */
  async ask(problem: Problem, input: CheckerInput): Promise<CustomFinding | null> {
    const module = await this.#references.authorModule(problem, "checker.ts", problem.modules.checker ?? "");
    const answer = await this.#sandbox.ask(problem.contentHash, await this.#references.load(problem), { kind: "compare", module, input });
    if (answer.kind !== "value") throw new JudgeFault(`${problem.id}: checker.ts gave ${answer.kind}`);
    if (answer.value === null || answer.value === undefined) return null;
    const finding = findingSchema.safeParse(answer.value);
    if (!finding.success) throw new JudgeFault(`${problem.id}: checker.ts must return null or { verdict, message }`);
    return finding.data;
  }
}

function rowsAsObjects(outcome: RunOutcome, spec: OutputSpec): CheckerRow[] {
  return rowsOf(outcome, spec).committed.map(({ cells }) =>
    Object.fromEntries(spec.columns.map((column, index) => [column.name, cells[index]])),
  );
}
