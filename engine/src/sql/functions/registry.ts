/** All scalar functions by name. Adding one is an entry in its family's file. */
import { COLLECTION } from "./collection.ts";
import { CONDITIONAL } from "./conditional.ts";
import { NUMERIC } from "./numeric.ts";
import { OPERATORS } from "./operators.ts";
import { REGEXP } from "./regexp.ts";
import type { ScalarFunction } from "./scalar-function.ts";
import { STRING_FUNCTIONS } from "./string.ts";
import { TEMPORAL } from "./temporal.ts";

export const SCALAR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map(
  [...OPERATORS, ...CONDITIONAL, ...COLLECTION, ...NUMERIC, ...STRING_FUNCTIONS, ...TEMPORAL, ...REGEXP].map((fn) => [fn.name, fn]),
);
