/** All scalar functions by name. Adding one is an entry in its family's file. */
import { ARRAY_FUNCTIONS } from "./array.ts";
import { BITMAP_FUNCTIONS } from "./bitmap.ts";
import { COLLECTION } from "./collection.ts";
import { CONDITIONAL } from "./conditional.ts";
import { ENCODING } from "./encoding.ts";
import { HASH } from "./hash.ts";
import { JSON_FUNCTIONS } from "./json.ts";
import { NUMERIC } from "./numeric.ts";
import { OPERATORS } from "./operators.ts";
import { REGEXP } from "./regexp.ts";
import type { ScalarFunction } from "./scalar-function.ts";
import { STRING_FUNCTIONS } from "./string.ts";
import { STRUCTURED_FUNCTIONS } from "./structured.ts";
import { TEMPORAL } from "./temporal.ts";
import { TEMPORAL_CONVERSION } from "./temporal-conversion.ts";
import { TEXT_PARTS } from "./text-parts.ts";
import { URL_FUNCTIONS } from "./url.ts";
import { VARIANT_FUNCTIONS } from "./variant.ts";

const FAMILIES: readonly (readonly ScalarFunction[])[] = [
  OPERATORS,
  CONDITIONAL,
  NUMERIC,
  STRING_FUNCTIONS,
  TEXT_PARTS,
  REGEXP,
  ENCODING,
  URL_FUNCTIONS,
  HASH,
  TEMPORAL,
  TEMPORAL_CONVERSION,
  COLLECTION,
  ARRAY_FUNCTIONS,
  JSON_FUNCTIONS,
  VARIANT_FUNCTIONS,
  BITMAP_FUNCTIONS,
  STRUCTURED_FUNCTIONS,
];

export const SCALAR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map(FAMILIES.flat().map((fn) => [fn.name, fn]));
