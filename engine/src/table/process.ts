/** Process table functions in the Table API: tables and values as arguments, by position or by name. */
import { Diagnostic } from "../base/diagnostic.ts";
import { call as callNode } from "../sql/1-parse/call.ts";
import type { CallExpr, Expr, OrderItem, TableArgument } from "../sql/1-parse/ast.ts";
import { bindTableFunction } from "../sql/2-analyze/bind-table-function.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { classOf, type FunctionLike } from "../sql/user-functions/function-signature.ts";
import { Expression } from "./expressions/expression.ts";
import { astOf, type ExpressionLike, identifier, NOWHERE } from "./expressions/expression-base.ts";
import type { TableSpace } from "./table-space.ts";

/** A table with how its rows belong together. */
export interface GivenTable {
  readonly rel: Rel;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
}

let argumentNameOfHidden: (namedTable: NamedTable) => string;

/** Of a NamedTable; no member of it, since programs hold it. */
export function argumentNameOf(namedTable: NamedTable): string {
  return argumentNameOfHidden(namedTable);
}

let givenOfHidden: (namedTable: NamedTable) => GivenTable;

/** Of a NamedTable; no member of it, since programs hold it. */
export function givenOf(namedTable: NamedTable): GivenTable {
  return givenOfHidden(namedTable);
}

/** A table under the name of the argument that it is for: `table.asArgument("input")`. (Flink: docs/dev/table/functions/ptfs, "Call Syntax") */
export class NamedTable {
  static {
    argumentNameOfHidden = (namedTable) => namedTable.#name;
    givenOfHidden = (namedTable) => namedTable.#given;
  }

  /** @internal */
  readonly #name: string;
  /** @internal */
  readonly #given: GivenTable;

  /** @internal Use `Table.asArgument`. */
  constructor(name: string, given: GivenTable) {
    this.#name = name;
    this.#given = given;
  }
}

/**
 * An argument of a process table function: a value or expression, one with the argument's name (`lit(1).asArgument("i")`), a table
 * (`table.asArgument("input")`), or `undefined` for DEFAULT. (Flink: docs/dev/table/functions/ptfs, "Call Syntax")
 */
export type ProcessArgumentLike = ExpressionLike | NamedTable | undefined;

/** @param tables the tables before the other arguments, by position. Throws Diagnostic of the call's mistakes */
export function processed(
  space: TableSpace,
  fn: string | FunctionLike,
  tables: readonly GivenTable[],
  args: readonly ProcessArgumentLike[],
): Rel {
  const rels: Record<string, Rel> = {};
  const tableNode = ({ rel, partitionBy, orderBy }: GivenTable): TableArgument => {
    const name = `$argument${Object.keys(rels).length}`;
    rels[name] = rel;
    const table = { kind: "table", path: [identifier(name)], alias: null, asOf: null, hints: [], span: NOWHERE } as const;
    return { kind: "tableArgument", table, partitionBy, orderBy, span: NOWHERE };
  };
  const isNamed = args.some((arg) => arg instanceof NamedTable || (arg instanceof Expression && arg.argument !== null));
  const front: Expr[] = tables.map(tableNode);
  const rest = args.map((arg): Expr => {
    if (arg === undefined) return { kind: "default", span: NOWHERE };
    if (arg instanceof NamedTable) return namedNode(argumentNameOf(arg), tableNode(givenOf(arg)));
    return arg instanceof Expression && arg.argument !== null ? namedNode(arg.argument, arg.ast) : astOf(arg);
  });
  const node = nodeOf(fn, isNamed ? [...front.map(firstNamed(fn, space)), ...rest] : [...front, ...rest]);
  return bindTableFunction(node, space.context(rels), null);
}

function namedNode(name: string, value: Expr): Expr {
  return { kind: "namedArgument", name: identifier(name), value, span: NOWHERE };
}

/** Where other arguments have names, the table in front takes that of the first table argument. */
function firstNamed(fn: string | FunctionLike, space: TableSpace): (table: Expr) => Expr {
  return (table) => {
    const found = typeof fn === "string" ? space.session.catalog.functions.find(fn.split("."), space.session.catalog)?.implementation : fn;
    const declared =
      found === undefined || found === null ? undefined : (classOf(found) as unknown as { functionHint?: Hinted }).functionHint;
    const name = declared?.arguments?.find(({ traits }) => traits?.some((trait) => trait.endsWith("_TABLE")))?.name ?? "input";
    return namedNode(name, table);
  };
}

interface Hinted {
  readonly arguments?: readonly { readonly name: string; readonly traits?: readonly string[] }[];
}

function nodeOf(fn: string | FunctionLike, args: readonly Expr[]): CallExpr {
  if (typeof fn !== "string") return callNode(classOf(fn).name, NOWHERE, [...args], { inline: fn });
  if (fn === "")
    throw new Diagnostic({ code: "TABLE_FUNCTION", phase: "graph", message: "A function's name is empty.", expected: "a name" });
  return callNode(fn.toUpperCase(), NOWHERE, [...args], { path: fn.split(".").map(identifier) });
}
