/** FROM: UNNEST. */
import { INT, rowTypeOf, withNullable } from "../../types/logical-type.ts";
import type { TableRef } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { calciteName, ExpressionBinder } from "./bind-expression.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel, RelColumn } from "./rel.ts";
import { project, allFields } from "./rel-builder.ts";
import { literalOf } from "./rex.ts";
import { Scope } from "./scope.ts";
import { SubqueryHook } from "./subqueries.ts";
import { type BoundTable, scopeOf } from "./bind-table.ts";

/** The elements of a collection of the row around, or of a constant one. */
export function bindUnnest(ref: Extract<TableRef, { kind: "unnest" }>, context: QueryContext, parent: Scope | null): BoundTable {
  const collection = new ExpressionBinder(new Scope([], parent), new SubqueryHook(context)).bind(ref.expr);
  const { root, element, key, value } = collection.type;
  if (root !== "ARRAY" && root !== "MULTISET" && root !== "MAP") {
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_TYPE",
      `Cannot apply 'UNNEST' to arguments of type 'UNNEST(<${calciteName(collection.type)}>)'. Supported form(s): 'UNNEST(<MULTISET>)'`,
      ref.expr.span,
      { expected: "UNNEST(<MULTISET>), UNNEST(<ARRAY>) or UNNEST(<MAP>)" },
    );
  }
  const elementType =
    root === "MAP"
      ? withNullable(
          rowTypeOf([
            { name: "f0", type: key! },
            { name: "f1", type: value! },
          ]),
          false,
        )
      : element!;
  const made: RelColumn[] =
    elementType.root === "ROW"
      ? elementType.fields!.map((field) => ({
          name: field.name,
          type: withNullable(field.type, field.type.nullable || elementType.nullable),
        }))
      : [{ name: "EXPR$0", type: elementType }];
  if (ref.withOrdinality) made.push({ name: "ORDINALITY", type: withNullable(INT, false) });
  const names = ref.alias?.columns ?? [];
  if (names.length > 0 && names.length !== made.length) {
    throw new SqlError(
      "validate",
      "SQL_COLUMN_COUNT",
      `List of column aliases must have same degree as table; table has ${made.length} columns (${made.map((column) => `'${column.name}'`).join(", ")}), whereas alias list has ${names.length} columns`,
      ref.span,
    );
  }
  const name = ref.expr.kind === "name" ? ref.expr.parts[ref.expr.parts.length - 1].name : "EXPR$0";
  const zero = withNullable(INT, false);
  const one: Rel = { kind: "values", rows: [[literalOf(0, zero)]], columns: [{ name: "ZERO", type: zero }] };
  const input = project(one, [collection], [name]);
  const uncollect: Rel = { kind: "uncollect", input, withOrdinality: ref.withOrdinality, columns: made };
  const shown = names.length > 0 ? names.map((column) => column.name) : ownNames(made, root, ref.alias?.name.name ?? null);
  const changed = shown.some((column, i) => column !== made[i].name);
  const rel: Rel = changed ? project(uncollect, allFields(uncollect), shown) : uncollect;
  return { rel, scope: scopeOf(rel, ref.alias?.name.name ?? null, parent) };
}

/** Columns that the query gives no name: entries of a map are KEY and VALUE, a plain element is called as the table is. */
function ownNames(made: readonly RelColumn[], root: string, alias: string | null): readonly string[] {
  const names = made.map(({ name }) => name);
  if (root === "MAP") return ["KEY", "VALUE", ...names.slice(2)];
  return alias !== null && names[0] === "EXPR$0" ? [alias, ...names.slice(1)] : names;
}
