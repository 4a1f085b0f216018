/** Calls that stand in predicates of estimates only; nobody evaluates them. */
import { InvariantViolation } from "../../../base/invariant.ts";
import { BOOLEAN } from "../../../types/logical-type.ts";
import { callOf } from "../../2-analyze/bind-expression.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import type { ScalarFunction } from "../../functions/scalar-function.ts";

const ARTIFICIAL = "ARTIFICIAL_SELECTIVITY";

export function functionNamed(name: string): ScalarFunction {
  return {
    name,
    parameters: [],
    result: () => BOOLEAN,
    implement: () => {
      throw new InvariantViolation(`${name} is part of an estimate`);
    },
    operator: true,
    description: "Part of an estimate.",
    examples: [],
  };
}

/** A predicate that keeps a known share of the rows. */
export function artificialPredicate(share: number): Rex {
  return callOf(functionNamed(ARTIFICIAL), [], BOOLEAN, { share });
}

/** null = it is another predicate. */
export function artificialShare(rex: Rex): number | null {
  return rex.kind === "call" && rex.fn.name === ARTIFICIAL ? Number(rex.options.share) : null;
}
