/** Where expressions begin: columns, literals, calls. Names and meanings are those of Flink's `Expressions`. */
import { call as callNode } from "../../sql/1-parse/call.ts";
import type { Expr, TimeUnit } from "../../sql/1-parse/ast.ts";
import type { TypeLike } from "../../sql/user-functions/data-types.ts";
import { classOf, type FunctionLike } from "../../sql/user-functions/function-signature.ts";
import { Expression } from "./expression.ts";
import { parsedExpression } from "./parsed-expression.ts";
import { astOf, type ExpressionLike, identifier, literal, NOWHERE, nameOf, typeNode } from "./expression-base.ts";

function built(ast: Expr): Expression {
  return new Expression(ast);
}

function apply(name: string, ...args: readonly (ExpressionLike | undefined)[]): Expression {
  return built(
    callNode(
      name,
      NOWHERE,
      args.filter((arg) => arg !== undefined).map((arg) => astOf(arg as ExpressionLike)),
    ),
  );
}

/** A column of the table; `$("*")` is all of them. (Flink: docs/dev/table/tableapi) */
export function $(name: string): Expression {
  return built(name === "*" ? { kind: "star", qualifier: [], span: NOWHERE } : nameOf(name));
}

/** The same as `$`. (Flink: docs/dev/table/tableapi) */
export function col(name: string): Expression {
  return $(name);
}

/** A literal, in the type of its value or in another. Whole numbers are INT or BIGINT, others DOUBLE. (Flink: docs/dev/table/tableapi) */
export function lit(value: ExpressionLike, type?: TypeLike): Expression {
  const made = built(astOf(value));
  return type === undefined ? made : made.cast(type);
}

/** NULL of a type. (Flink: docs/dev/table/tableapi) */
export function nullOf(type: TypeLike): Expression {
  return built({ kind: "cast", operand: literal("null", "NULL"), type: typeNode(type), safe: false, span: NOWHERE });
}

/**
 * A call of a function: of the user's, by its name in the catalog, its class or an object of it; or of a built-in one, by its name in SQL.
 * (Flink: docs/dev/table/functions/udfs)
 */
export function call(fn: string | FunctionLike, ...args: readonly ExpressionLike[]): Expression {
  const given = args.map(astOf);
  if (typeof fn !== "string") return built(callNode(classOf(fn).name, NOWHERE, given, { inline: fn }));
  const path = fn.split(".").map(identifier);
  return built(callNode(fn.toUpperCase(), NOWHERE, given, { path }));
}

/** Names of columns, for arguments such as `on_time`: `descriptor("ts").asArgument("on_time")`. (Flink: docs/dev/table/functions/ptfs, "Time") */
export function descriptor(...columns: readonly string[]): Expression {
  return built({ kind: "descriptor", columns: columns.map(identifier), span: NOWHERE });
}

/** An expression as SQL writes it: `callSql("UPPER(name) || '!'")`. (Flink: docs/dev/table/tableapi) @throws Diagnostic TABLE_SQL */
export function callSql(text: string): Expression {
  return built(parsedExpression(text));
}

/** Columns from one to another, both included, by name or position (from 1); for `withColumns`. (Flink: docs/dev/table/tableapi) */
export function range(first: string | number, last: string | number): Expression {
  return apply("$RANGE", first, last);
}

/** These columns: names, positions (from 1) and ranges. (Flink: docs/dev/table/tableapi) */
export function withColumns(...columns: readonly ExpressionLike[]): Expression {
  return apply("$COLUMNS", ...columns);
}

/** All columns but these. (Flink: docs/dev/table/tableapi) */
export function withoutColumns(...columns: readonly ExpressionLike[]): Expression {
  return apply("$WITHOUT", ...columns);
}

/** All columns. (Flink: docs/dev/table/tableapi) */
export function withAllColumns(): Expression {
  return $("*");
}

/** All are true. (Flink: docs/dev/table/functions/systemfunctions) */
export function and(first: ExpressionLike, ...others: readonly ExpressionLike[]): Expression {
  return others.reduce((left: Expression, right) => left.and(right), lit(first));
}

/** At least one is true. (Flink: docs/dev/table/functions/systemfunctions) */
export function or(first: ExpressionLike, ...others: readonly ExpressionLike[]): Expression {
  return others.reduce((left: Expression, right) => left.or(right), lit(first));
}

/** The reverse. (Flink: docs/dev/table/functions/systemfunctions) */
export function not(condition: ExpressionLike): Expression {
  return lit(condition).not();
}

/** If the condition is true the one, else the other. (Flink: docs/dev/table/functions/systemfunctions) */
export function ifThenElse(condition: ExpressionLike, ifTrue: ExpressionLike, ifFalse: ExpressionLike): Expression {
  return lit(condition).then(ifTrue, ifFalse);
}

/** The first that is not NULL. (Flink: docs/dev/table/functions/systemfunctions) */
export function coalesce(...values: readonly ExpressionLike[]): Expression {
  return apply("COALESCE", ...values);
}

/** A row of these values. (Flink: docs/dev/table/functions/systemfunctions) */
export function row(...values: readonly ExpressionLike[]): Expression {
  return built({ kind: "row", items: values.map(astOf), span: NOWHERE });
}

/** An array of these values. (Flink: docs/dev/table/functions/systemfunctions) */
export function array(...values: readonly ExpressionLike[]): Expression {
  return built({ kind: "array", items: values.map(astOf), span: NOWHERE });
}

/** A map of key, value, key, value … (Flink: docs/dev/table/functions/systemfunctions) */
export function map(...keysAndValues: readonly ExpressionLike[]): Expression {
  return built({ kind: "map", items: keysAndValues.map(astOf), span: NOWHERE });
}

/** A map of an array of keys and one of values. (Flink: docs/dev/table/functions/systemfunctions) */
export function mapFromArrays(keys: ExpressionLike, values: ExpressionLike): Expression {
  return apply("MAP_FROM_ARRAYS", keys, values);
}

/** A structured value of a class: name, value, name, value … (Flink: docs/dev/table/functions/systemfunctions) */
export function objectOf(className: string, ...namesAndValues: readonly ExpressionLike[]): Expression {
  return apply("OBJECT_OF", className, ...namesAndValues);
}

/** So many rows, for windows over rows. (Flink: docs/dev/table/tableapi, "Group Windows", "Over Windows") */
export function rowInterval(rows: number): Expression {
  return apply("$ROWS", rows);
}

/** From the first row of the partition on, counted in rows. (Flink: docs/dev/table/tableapi, "Over Windows") */
export const UNBOUNDED_ROW: Expression = apply("$UNBOUNDED_ROW");
/** From the first row of the partition on, counted in time. (Flink: docs/dev/table/tableapi, "Over Windows") */
export const UNBOUNDED_RANGE: Expression = apply("$UNBOUNDED_RANGE");
/** To this row. (Flink: docs/dev/table/tableapi, "Over Windows") */
export const CURRENT_ROW: Expression = apply("$CURRENT_ROW");
/** To the rows of this row's time. (Flink: docs/dev/table/tableapi, "Over Windows") */
export const CURRENT_RANGE: Expression = apply("$CURRENT_RANGE");

/** A column of the row that lies so many rows before (default 1) in an OVER window; null or the default where there is none. (Flink: docs/dev/table/functions/systemfunctions) */
export function lag(value: ExpressionLike, offset?: ExpressionLike, defaultValue?: ExpressionLike): Expression {
  return apply("LAG", value, offset, defaultValue);
}

/** A column of the row that lies so many rows behind (default 1) in an OVER window. (Flink: docs/dev/table/functions/systemfunctions) */
export function lead(value: ExpressionLike, offset?: ExpressionLike, defaultValue?: ExpressionLike): Expression {
  return apply("LEAD", value, offset, defaultValue);
}

/** The number's negative. (Flink: docs/dev/table/functions/systemfunctions) */
export function negative(value: ExpressionLike): Expression {
  return built({ kind: "unary", op: "-", operand: astOf(value), span: NOWHERE });
}

/** Whether two spans of time have a moment in common; each goes from a time to a time or for an interval. (Flink: docs/dev/table/functions/systemfunctions) */
export function temporalOverlaps(
  left: ExpressionLike,
  leftEnd: ExpressionLike,
  right: ExpressionLike,
  rightEnd: ExpressionLike,
): Expression {
  return built(callNode("OVERLAPS", NOWHERE, [row(left, leftEnd).ast, row(right, rightEnd).ast]));
}

/** How many units of time lie between two times. (Flink: docs/dev/table/functions/systemfunctions) */
export function timestampDiff(unit: TimeUnit, from: ExpressionLike, to: ExpressionLike): Expression {
  return built(callNode("TIMESTAMPDIFF", NOWHERE, [{ kind: "unit", unit, span: NOWHERE }, astOf(from), astOf(to)]));
}

/** Today's date in the session's zone. (Flink: docs/dev/table/functions/systemfunctions) */
export function currentDate(): Expression {
  return apply("CURRENT_DATE");
}

/** Time of day in the session's zone. (Flink: docs/dev/table/functions/systemfunctions) */
export function currentTime(): Expression {
  return apply("CURRENT_TIME");
}

/** The point in time of processing, TIMESTAMP_LTZ(3). (Flink: docs/dev/table/functions/systemfunctions) */
export function currentTimestamp(): Expression {
  return apply("CURRENT_TIMESTAMP");
}

/** Time of day in the session's zone. (Flink: docs/dev/table/functions/systemfunctions) */
export function localTime(): Expression {
  return apply("LOCALTIME");
}

/** Date and time in the session's zone. (Flink: docs/dev/table/functions/systemfunctions) */
export function localTimestamp(): Expression {
  return apply("LOCALTIMESTAMP");
}

/** The session's database. (Flink: docs/dev/table/functions/systemfunctions) */
export function currentDatabase(): Expression {
  return apply("CURRENT_DATABASE");
}

/** The operator's watermark for a rowtime column, NULL before the first. (Flink: docs/dev/table/functions/systemfunctions) */
export function currentWatermark(rowtime: ExpressionLike): Expression {
  return apply("CURRENT_WATERMARK", rowtime);
}

/** π. (Flink: docs/dev/table/functions/systemfunctions) */
export function pi(): Expression {
  return apply("PI");
}

/** Euler's number. (Flink: docs/dev/table/functions/systemfunctions) */
export function e(): Expression {
  return apply("E");
}

/** A random UUID. (Flink: docs/dev/table/functions/systemfunctions) */
export function uuid(): Expression {
  return apply("UUID");
}

/** A random number from 0 to 1, of the world's seed. (Flink: docs/dev/table/functions/systemfunctions) */
export function rand(seed?: ExpressionLike): Expression {
  return apply("RAND", seed);
}

/** A random whole number below the bound, the last argument; before it may stand a seed. (Flink: docs/dev/table/functions/systemfunctions) */
export function randInteger(first: ExpressionLike, second?: ExpressionLike): Expression {
  return apply("RAND_INTEGER", first, second);
}

/** The angle of a point. (Flink: docs/dev/table/functions/systemfunctions) */
export function atan2(y: ExpressionLike, x: ExpressionLike): Expression {
  return apply("ATAN2", y, x);
}

/** The texts together. (Flink: docs/dev/table/functions/systemfunctions) */
export function concat(first: ExpressionLike, ...others: readonly ExpressionLike[]): Expression {
  return apply("CONCAT", first, ...others);
}

/** The texts that are not NULL, with a separator between. (Flink: docs/dev/table/functions/systemfunctions) */
export function concatWs(separator: ExpressionLike, ...texts: readonly ExpressionLike[]): Expression {
  return apply("CONCAT_WS", separator, ...texts);
}

/** Natural logarithm, or to a base: `log(base, value)`. (Flink: docs/dev/table/functions/systemfunctions) */
export function log(first: ExpressionLike, second?: ExpressionLike): Expression {
  return apply("LOG", first, second);
}

/** A time in a pattern of Java's `DateTimeFormatter`. (Flink: docs/dev/table/functions/systemfunctions) */
export function dateFormat(time: ExpressionLike, pattern: ExpressionLike): Expression {
  return apply("DATE_FORMAT", time, pattern);
}

/** A time as text from one zone in another. (Flink: docs/dev/table/functions/systemfunctions) */
export function convertTz(text: ExpressionLike, from: ExpressionLike, to: ExpressionLike): Expression {
  return apply("CONVERT_TZ", text, from, to);
}

/** Seconds since 1970 (epoch seconds) as text. (Flink: docs/dev/table/functions/systemfunctions) */
export function fromUnixtime(seconds: ExpressionLike, pattern?: ExpressionLike): Expression {
  return apply("FROM_UNIXTIME", seconds, pattern);
}

/** Seconds since 1970 (epoch seconds), now or of a time as text. (Flink: docs/dev/table/functions/systemfunctions) */
export function unixTimestamp(text?: ExpressionLike, pattern?: ExpressionLike): Expression {
  return apply("UNIX_TIMESTAMP", text, pattern);
}

/** A text as DATE. (Flink: docs/dev/table/functions/systemfunctions) */
export function toDate(text: ExpressionLike, pattern?: ExpressionLike): Expression {
  return apply("TO_DATE", text, pattern);
}

/** A text as TIMESTAMP(3). (Flink: docs/dev/table/functions/systemfunctions) */
export function toTimestamp(text: ExpressionLike, pattern?: ExpressionLike): Expression {
  return apply("TO_TIMESTAMP", text, pattern);
}

/** Epoch seconds (precision 0) or milliseconds (3), or a text, as TIMESTAMP_LTZ. (Flink: docs/dev/table/functions/systemfunctions) */
export function toTimestampLtz(value: ExpressionLike, precisionOrPattern?: ExpressionLike, zone?: ExpressionLike): Expression {
  return apply("TO_TIMESTAMP_LTZ", value, precisionOrPattern, zone);
}

/** A text that is JSON already, inside of `jsonObject` and `jsonArray`. (Flink: docs/dev/table/functions/systemfunctions) */
export function json(text: ExpressionLike): Expression {
  return apply("JSON", text);
}

/** The value as JSON. (Flink: docs/dev/table/functions/systemfunctions) */
export function jsonString(value: ExpressionLike): Expression {
  return apply("JSON_STRING", value);
}

/** The watermarks that the source makes; only in a schema. (Flink: docs/dev/table/functions/systemfunctions) */
export function sourceWatermark(): Expression {
  return apply("SOURCE_WATERMARK");
}

/** The row's number in an OVER window. (Flink: docs/dev/table/functions/systemfunctions) */
export function rowNumber(): Expression {
  return apply("ROW_NUMBER");
}

/** The row's rank in an OVER window, with gaps. (Flink: docs/dev/table/functions/systemfunctions) */
export function rank(): Expression {
  return apply("RANK");
}

/** The row's rank in an OVER window, without gaps. (Flink: docs/dev/table/functions/systemfunctions) */
export function denseRank(): Expression {
  return apply("DENSE_RANK");
}

/** How NULL values appear: as null, or not at all. */
type JsonOnNull = "NULL" | "ABSENT";

/** A JSON object of key, value, key, value … (Flink: docs/dev/table/functions/systemfunctions) */
export function jsonObject(onNull: JsonOnNull, ...keysAndValues: readonly ExpressionLike[]): Expression {
  return built(callNode("JSON_OBJECT", NOWHERE, keysAndValues.map(astOf), { options: { onNull } }));
}

/** A JSON array of these values. (Flink: docs/dev/table/functions/systemfunctions) */
export function jsonArray(onNull: JsonOnNull, ...values: readonly ExpressionLike[]): Expression {
  return built(callNode("JSON_ARRAY", NOWHERE, values.map(astOf), { options: { onNull } }));
}
