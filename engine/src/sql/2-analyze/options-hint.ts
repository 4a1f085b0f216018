/** `OPTIONS('key' = 'value')` behind a table: the same table with other options, for this statement only. */
import type { Hint } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { CatalogObject, CatalogTable } from "../catalog/catalog.ts";
import { quotedPath } from "../catalog/object-path.ts";
import type { QueryContext } from "./query-context.ts";

function optionsHint(hints: readonly Hint[]): Hint | undefined {
  return hints.find(({ name }) => name.name.toUpperCase() === "OPTIONS");
}

/** A view has no options. Throws SqlError. */
export function refuseOptionsHint({ path }: CatalogObject, hints: readonly Hint[]): void {
  const hint = optionsHint(hints);
  if (hint === undefined) return;
  throw new SqlError(
    "validate",
    "SQL_HINT",
    `View '${quotedPath(path)}' cannot be enriched with new options. Hints can only be applied to tables.`,
    hint.span,
  );
}

export function withOptionsHint(table: CatalogTable, hints: readonly Hint[], context: QueryContext): CatalogTable {
  const hint = optionsHint(hints);
  if (hint === undefined) return table;
  if (context.hintsAllowed === false) {
    throw new SqlError(
      "validate",
      "SQL_HINT",
      "The 'OPTIONS' hint is allowed only when the config option 'table.dynamic-table-options.enabled' is set to true.",
      hint.span,
      { hint: "SET 'table.dynamic-table-options.enabled' = 'true'" },
    );
  }
  if (hint.args.length === 0 || hint.args.some(({ key }) => key === null)) {
    throw new SqlError("validate", "SQL_HINT", "Hint [OPTIONS] only support non empty key value options", hint.span, {
      expected: "OPTIONS('key' = 'value', …)",
    });
  }
  const options = new Map(table.options);
  for (const { key, value, span } of hint.args) options.set(key!, { key: key!, value, span, keySpan: span, valueSpan: span });
  const changed = { ...table, options };
  return context.described?.(changed) ?? changed;
}
