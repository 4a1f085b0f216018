/** SQL/JSON functions with their clauses. */
import type { CallExpr, Expr } from "./ast.ts";
import { call, isCall, parseWithinGroup } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { parseNonQueryExpression, parseOrderBy } from "./expression.ts";
import { SPECIAL_CALLS } from "./keywords.ts";
import { parsePlainType } from "./type.ts";

type Options = Record<string, string | Expr>;

/** JSON_VALUE( and its siblings, or null when none begins here. The opening bracket has been seen. */
export function acceptJsonCall(cursor: Cursor): CallExpr | null {
  switch (cursor.token.upper) {
    case "JSON_EXISTS":
      return parseJson(cursor, (options) => {
        const args = parsePath(cursor, options);
        const behaviour = cursor.acceptOneOf(["TRUE", "FALSE", "UNKNOWN", "ERROR"]);
        if (behaviour !== null) {
          options.onError = behaviour;
          cursor.expect("ON", `after ${behaviour}`);
          cursor.expect("ERROR");
        }
        return args;
      });
    case "JSON_VALUE":
      return parseJson(cursor, (options) => {
        const args = parsePath(cursor, options);
        parseReturning(cursor, options);
        while (acceptBehaviour(cursor, options, ["ERROR", "NULL", "DEFAULT"]));
        return args;
      });
    case "JSON_QUERY":
      return parseJson(cursor, (options) => {
        const args = parsePath(cursor, options);
        parseReturning(cursor, options);
        parseWrapper(cursor, options);
        while (acceptBehaviour(cursor, options, ["ERROR", "NULL", "EMPTY"]));
        return args;
      });
    case "JSON_OBJECT":
      return parseJson(cursor, (options) => {
        const args: Expr[] = [];
        if (!cursor.is(")") && !isNullClause(cursor)) {
          refuseBareCall(cursor);
          do args.push(...parseKeyAndValue(cursor));
          while (cursor.accept(","));
        }
        parseNullClause(cursor, options);
        return args;
      });
    case "JSON_OBJECTAGG":
      return parseJson(cursor, (options) => {
        const args = parseKeyAndValue(cursor);
        parseNullClause(cursor, options);
        return args;
      });
    case "JSON_ARRAY":
      return parseJson(cursor, (options) => {
        const args: Expr[] = [];
        if (!cursor.is(")")) {
          do args.push(parseNonQueryExpression(cursor));
          while (cursor.accept(","));
        }
        parseNullClause(cursor, options);
        return args;
      });
    case "JSON_ARRAYAGG":
      return parseArrayAggregate(cursor);
    default:
      return null;
  }
}

function parseJson(cursor: Cursor, parseContent: (options: Options) => Expr[]): CallExpr {
  const start = cursor.next();
  cursor.next();
  const options: Options = {};
  const args = cursor.nested(() => parseContent(options));
  cursor.expect(")", `to close ${start.upper}(`);
  return call(start.upper, start, args, { options, span: cursor.spanFrom(start) });
}

/** The document, the path, and PASSING, which nobody evaluates. */
function parsePath(cursor: Cursor, options: Options): Expr[] {
  const document = parseNonQueryExpression(cursor);
  cursor.expect(",", "between document and path");
  const path = parseNonQueryExpression(cursor);
  if (cursor.accept("PASSING")) {
    const items: Expr[] = [];
    const start = cursor.token;
    do {
      const value = parseNonQueryExpression(cursor);
      cursor.expect("AS", "in PASSING");
      const name = cursor.identifier("a name");
      items.push({ kind: "namedArgument", name, value, span: cursor.spanFrom(value.span) });
    } while (cursor.accept(","));
    options.passing = { kind: "row", items, span: cursor.spanFrom(start) };
  }
  return [document, path];
}

function parseReturning(cursor: Cursor, options: Options): void {
  if (!cursor.accept("RETURNING")) return;
  const type = parsePlainType(cursor);
  const operand = { kind: "literal", type: "null", text: "NULL", span: type.span } as const;
  options.returning = { kind: "cast", operand, type, safe: true, span: type.span };
}

function parseWrapper(cursor: Cursor, options: Options): void {
  if (cursor.accept("WITHOUT")) options.wrapper = "WITHOUT";
  else if (cursor.accept("WITH")) {
    const word = cursor.acceptOneOf(["CONDITIONAL", "UNCONDITIONAL"]);
    options.wrapper = word ?? "UNCONDITIONAL";
  } else {
    return;
  }
  cursor.accept("ARRAY");
  cursor.expect("WRAPPER");
}

/** `NULL ON EMPTY`, `DEFAULT x ON ERROR`, `EMPTY ARRAY ON EMPTY`. */
function acceptBehaviour(cursor: Cursor, options: Options, words: readonly string[]): boolean {
  const word = cursor.acceptOneOf(words);
  if (word === null) return false;
  let behaviour: string | Expr = word;
  if (word === "DEFAULT") behaviour = parseNonQueryExpression(cursor);
  else if (word === "EMPTY") behaviour = `EMPTY ${cursor.expectOneOf(["ARRAY", "OBJECT"], "after EMPTY")}`;
  cursor.expect("ON");
  if (cursor.accept("EMPTY")) options.onEmpty = behaviour;
  else {
    cursor.expect("ERROR", "or EMPTY after ON");
    options.onError = behaviour;
  }
  return true;
}

function isNullClause(cursor: Cursor): boolean {
  return cursor.is("NULL", "ON") || cursor.is("ABSENT", "ON");
}

function parseNullClause(cursor: Cursor, options: Options): void {
  const word = cursor.acceptOneOf(["NULL", "ABSENT"]);
  if (word === null) return;
  cursor.expect("ON", `after ${word}`);
  cursor.expect("NULL");
  options.onNull = word;
}

/** `KEY k VALUE v`, `k VALUE v`, `k : v`. */
/** Calls with a grammar of their own, which are not in `SPECIAL_CALLS` because their names are not reserved. */
const UNRESERVED_CALLS: ReadonlySet<string> = new Set(["FLOOR", "CEILING", "TIMESTAMPADD", "TIMESTAMPDIFF"]);

/** Flink's parser looks two words ahead to see the first key, and sees none in a call by name, or in CASE. */
function refuseBareCall(cursor: Cursor): void {
  const { token } = cursor;
  const isNamedCall = isCall(cursor) && !SPECIAL_CALLS.has(token.upper) && !UNRESERVED_CALLS.has(token.upper);
  if (!isNamedCall && token.upper !== "CASE") return;
  throw cursor.refusal(`Incorrect syntax near '${token.text}': the first key of JSON_OBJECT begins with a call.`, token, {
    found: token.text,
    expected: "KEY",
    hint: `Write KEY before it: JSON_OBJECT(KEY ${token.text}… VALUE …).`,
  });
}

function parseKeyAndValue(cursor: Cursor): Expr[] {
  const keyed = cursor.accept("KEY");
  const key = parseNonQueryExpression(cursor);
  const colon = cursor.token;
  if (cursor.accept(":")) {
    if (keyed) throw cursor.refusal("KEY goes with VALUE, not with a colon.", colon, { found: ":", expected: "VALUE" });
  } else {
    cursor.expect("VALUE", "between key and value");
  }
  return [key, parseNonQueryExpression(cursor)];
}

function parseArrayAggregate(cursor: Cursor): CallExpr {
  const start = cursor.next();
  cursor.next();
  const options: Options = {};
  const args = [cursor.nested(parseNonQueryExpression)];
  const orderBy = cursor.accept("ORDER") ? parseOrderBy(cursor) : [];
  parseNullClause(cursor, options);
  cursor.expect(")", "to close JSON_ARRAYAGG(");
  const withinGroup = parseWithinGroup(cursor);
  const span = cursor.spanFrom(start);
  if (withinGroup !== null && orderBy.length > 0) throw cursor.refusal("JSON_ARRAYAGG takes one ORDER BY only.", span);
  return call("JSON_ARRAYAGG", start, args, { options, orderBy, withinGroup, span });
}
