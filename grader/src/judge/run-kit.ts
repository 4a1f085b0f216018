/**
 * All that a learner's browser needs to run a problem's samples by itself and to tell what came of them as Run on the server does. Plain JSON.
 *
 * Samples are shown to everybody, and so are the rows that the reference writes in them; nothing else of the reference is in here, no program, no metrics.
 */
import type { ExpectedOutcome } from "../checkers/check-outcome.ts";
import type { Bound } from "../checkers/measures.ts";
import type { Problem } from "../pack/problem.ts";
import type { ShownWorld } from "./changed-run-report.ts";
import type { ToldWorld } from "./judge-world.ts";

export interface RunKit extends Pick<Problem, "outputs" | "stateBudget" | "limits"> {
  readonly samples: readonly KitSample[];
}

export interface KitSample extends ShownWorld {
  readonly planned: ToldWorld;
  readonly bounds: readonly Bound[];
  readonly expected: ExpectedOutcome;
}
