/** Everything that can be called, for documentation and completion: declared functions, aggregates, and what is syntax. */
import { AGGREGATE_FUNCTIONS } from "./aggregates.ts";
import { ARRAY, INDEX, MAP } from "./collection.ts";
import { IS_JSON } from "./json.ts";
import * as operators from "./operators.ts";
import { SCALAR_FUNCTIONS } from "./registry.ts";
import { familyName, type ScalarFunction } from "./scalar-function.ts";
import { SPECIAL_FORMS } from "./special-forms.ts";

export interface CatalogueEntry {
  readonly name: string;
  /** How it is written, e.g. `LPAD(<CHARACTER>, <INTEGER>, <CHARACTER>)`. */
  readonly signature: string;
  readonly description: string;
  readonly kind: "scalar" | "aggregate" | "operator" | "syntax";
  /** Expressions with their values; those of aggregates are about `AGGREGATE_SAMPLE`. */
  readonly examples: readonly { readonly sql: string; readonly value: unknown }[];
}

const SYMBOL = /^[^A-Z]/;

/** Operators of the language; inner ones that no text names are left out. */
const INNER = new Set(["FIELD", "ITEM", "NEGATE", "TIME_DIFFERENCE", "MONTH_DIFFERENCE"]);

export const OPERATOR_FUNCTIONS: readonly ScalarFunction[] = [
  ...Object.values(operators)
    .filter((value): value is ScalarFunction => typeof value === "object" && "implement" in value)
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  IS_JSON,
  ARRAY,
  MAP,
  INDEX,
];

export function scalarSignature({ name, parameters, operator }: ScalarFunction): string {
  if (operator === true && SYMBOL.test(name)) return `a ${name} b`;
  let text = "";
  let open = 0;
  parameters.forEach((parameter, i) => {
    const separator = i === 0 ? "" : ", ";
    const optional = parameter.optional === true && parameter.variadic !== true;
    if (optional) open++;
    text += `${optional ? "[" : ""}${separator}<${familyName(parameter.family)}>${parameter.variadic === true ? "…" : ""}`;
  });
  return `${name}(${text}${"]".repeat(open)})`;
}

function scalarEntry(fn: ScalarFunction): CatalogueEntry {
  const kind = fn.operator === true ? "operator" : "scalar";
  return { name: fn.name, signature: scalarSignature(fn), description: fn.description, kind, examples: fn.examples };
}

/** In the order of their families. */
export function catalogue(): readonly CatalogueEntry[] {
  const scalar = [...SCALAR_FUNCTIONS.values()].map(scalarEntry);
  const operatorEntries = OPERATOR_FUNCTIONS.filter((fn) => !INNER.has(fn.name) && !SCALAR_FUNCTIONS.has(fn.name)).map(scalarEntry);
  const aggregates = [...AGGREGATE_FUNCTIONS.values()]
    .filter(({ name }) => /^[A-Z]/.test(name))
    .map(({ name, parameters, description, examples }): CatalogueEntry => {
      const shown = parameters.map((family) =>
        family.endsWith("?") ? `[, <${family.slice(0, -1).toUpperCase()}>]` : `<${family.toUpperCase()}>`,
      );
      return { name, signature: `${name}(${shown.join(", ").replaceAll(", [,", "[,")})`, description, kind: "aggregate", examples };
    });
  const syntax = SPECIAL_FORMS.map(
    ({ name, syntax: signature, description, examples }): CatalogueEntry => ({ name, signature, description, kind: "syntax", examples }),
  );
  return [...scalar, ...operatorEntries, ...aggregates, ...syntax];
}
