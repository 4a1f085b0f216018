import type { CallExpr, Expr, OperatorExpr, OrderItem, WindowSpec } from "../ast.ts";
import { CONTEXT_VARIABLES } from "../keywords.ts";
import { printName, printPath, printFunctionName, printString } from "./name.ts";
import { printQuery, printTable } from "./query.ts";
import { printType } from "./type.ts";

const OR = 22;
const NOT = 26;
const IS = 28;
const COMPARISON = 30;
const RANGE = 32;
const SUM = 40;
const SIGN = 80;
const POSTFIX = 100;

const BINARY: Readonly<Record<string, number>> = { OR, AND: 24, "+": SUM, "-": SUM, "*": 60, "/": 60, "%": 60, "||": 60 };

const INFIX: Readonly<Record<string, number>> = {
  ILIKE: RANGE,
  "NOT ILIKE": RANGE,
  RLIKE: RANGE,
  "NOT RLIKE": RANGE,
  "MULTISET UNION": 14,
  "MULTISET UNION ALL": 14,
  "MULTISET EXCEPT": 14,
  "MULTISET EXCEPT ALL": 14,
  "MULTISET INTERSECT": 18,
  "MULTISET INTERSECT ALL": 18,
};

export function printList(exprs: readonly Expr[]): string {
  return exprs.map((expr) => printExpression(expr)).join(", ");
}

export function printOrderItems(items: readonly OrderItem[]): string {
  return items.map(printOrderItem).join(", ");
}

export function printOrderItem({ expr, descending, nulls }: OrderItem): string {
  return `${printExpression(expr)}${descending ? " DESC" : ""}${nulls === null ? "" : ` NULLS ${nulls}`}`;
}

const BOUNDS = { unboundedPreceding: "UNBOUNDED PRECEDING", unboundedFollowing: "UNBOUNDED FOLLOWING", currentRow: "CURRENT ROW" };

export function printWindow(spec: WindowSpec): string {
  const bound = ({ kind, offset }: NonNullable<WindowSpec["frame"]>["start"]): string =>
    kind === "preceding" || kind === "following" ? `${printExpression(offset!)} ${kind.toUpperCase()}` : BOUNDS[kind];
  const parts: string[] = [];
  if (spec.base !== null) parts.push(printName(spec.base));
  if (spec.partitionBy.length > 0) parts.push(`PARTITION BY ${printList(spec.partitionBy)}`);
  if (spec.orderBy.length > 0) parts.push(`ORDER BY ${printOrderItems(spec.orderBy)}`);
  if (spec.frame !== null) parts.push(`${spec.frame.unit} BETWEEN ${bound(spec.frame.start)} AND ${bound(spec.frame.end)}`);
  if (spec.partial !== null) parts.push(`${spec.partial} PARTIAL`);
  return `(${parts.join(" ")})`;
}

/** `minimum` = precedence around: looser operators get parentheses. */
export function printExpression(expr: Expr, minimum = 0): string {
  const wrap = (own: number, text: string): string => (own < minimum ? `(${text})` : text);
  const not = (negated: boolean): string => (negated ? "NOT " : "");
  switch (expr.kind) {
    case "literal":
      return printLiteral(expr);
    case "interval":
      return `INTERVAL ${expr.negative ? "-" : ""}${expr.quoted ? printString(expr.text) : expr.text} ${printQualifier(expr)}`;
    case "intervalOf":
      return `INTERVAL (${printExpression(expr.value)}) ${expr.unit}`;
    case "name":
      return printPath(expr.parts);
    case "star":
      return [...expr.qualifier.map(printName), "*"].join(".");
    case "parameter":
      return "?";
    case "default":
      return "DEFAULT";
    case "unit":
      return expr.unit;
    case "timeFrame":
      return /^WEEK\(/.test(expr.name) ? expr.name : printName({ name: expr.name, span: expr.span });
    case "unary":
      if (expr.op === "NOT") return wrap(NOT, `NOT ${printExpression(expr.operand, NOT)}`);
      return wrap(SIGN, printSigned(expr.op, printExpression(expr.operand, SIGN)));
    case "binary":
      return printBinary(expr, minimum);
    case "operator":
      return printOperator(expr, minimum);
    case "is":
      return wrap(IS, `${printExpression(expr.operand, IS)} IS ${not(expr.negated)}${expr.what}`);
    case "isDistinct": {
      const right = printExpression(expr.right, COMPARISON + 1);
      return wrap(COMPARISON, `${printExpression(expr.left, COMPARISON)} IS ${not(expr.negated)}DISTINCT FROM ${right}`);
    }
    case "between": {
      const bounds = `${expr.symmetric ? "SYMMETRIC " : ""}${printExpression(expr.low, RANGE + 1)} AND ${printExpression(expr.high, RANGE + 1)}`;
      return wrap(RANGE, `${printExpression(expr.operand, RANGE)} ${not(expr.negated)}BETWEEN ${bounds}`);
    }
    case "in": {
      const content = expr.query === null ? printList(expr.list ?? []) : printQuery(expr.query);
      return wrap(RANGE, `${printExpression(expr.operand, RANGE)} ${not(expr.negated)}IN (${content})`);
    }
    case "quantified": {
      const content = expr.query === null ? printList(expr.list ?? []) : printQuery(expr.query);
      return wrap(COMPARISON, `${printExpression(expr.operand, COMPARISON)} ${expr.op} ${expr.quantifier} (${content})`);
    }
    case "like": {
      const word = expr.similar ? "SIMILAR TO" : "LIKE";
      const text = `${printExpression(expr.operand, RANGE)} ${not(expr.negated)}${word} ${printExpression(expr.pattern, RANGE + 1)}`;
      return wrap(RANGE, `${text}${expr.escape === null ? "" : ` ESCAPE ${printExpression(expr.escape, SIGN)}`}`);
    }
    case "case": {
      const whens = expr.whens.map(({ when, result }) => ` WHEN ${printExpression(when)} THEN ${printExpression(result)}`).join("");
      const operand = expr.operand === null ? "" : ` ${printExpression(expr.operand)}`;
      return `CASE${operand}${whens}${expr.otherwise === null ? "" : ` ELSE ${printExpression(expr.otherwise)}`} END`;
    }
    case "cast":
      return `${expr.safe ? "TRY_CAST" : "CAST"}(${printExpression(expr.operand)} AS ${printType(expr.type)})`;
    case "array":
      return `ARRAY[${printList(expr.items)}]`;
    case "map":
      return `MAP[${printList(expr.items)}]`;
    case "multiset":
      return `MULTISET[${printList(expr.items)}]`;
    case "collectionQuery":
      return `${expr.collection}(${printQuery(expr.query)})`;
    case "row":
      return expr.items.length === 1 ? `ROW(${printList(expr.items)})` : `(${printList(expr.items)})`;
    case "index":
      return `${printExpression(expr.operand, POSTFIX)}[${printExpression(expr.index)}]`;
    case "field":
      return `${printOwner(expr.operand)}.${printName(expr.field)}`;
    case "subquery":
      return `(${printQuery(expr.query)})`;
    case "exists":
      return wrap(SUM, `EXISTS (${printQuery(expr.query)})`);
    case "descriptor":
      return `DESCRIPTOR(${expr.columns.map(printName).join(", ")})`;
    case "tableArgument":
      return printSetSemantics(expr.table.kind === "derived" ? printTable(expr.table) : `TABLE ${printTable(expr.table)}`, expr);
    case "partitioned":
      return printSetSemantics(printExpression(expr.operand), expr);
    case "modelArgument":
      return `MODEL ${printPath(expr.path)}`;
    case "namedArgument":
      return `${printName(expr.name)} => ${printExpression(expr.value)}`;
    case "intervalDifference": {
      const to = expr.to === null ? "" : ` TO ${expr.to}`;
      return `(${printExpression(expr.left, SUM)} - ${printExpression(expr.right, SUM + 1)}) ${expr.unit}${to}`;
    }
    case "call":
      if (expr.name !== "OVERLAPS") return printCall(expr);
      return wrap(COMPARISON, `${printExpression(expr.args[0], COMPARISON)} OVERLAPS ${printExpression(expr.args[1], COMPARISON + 1)}`);
  }
}

function printLiteral(expr: Extract<Expr, { kind: "literal" }>): string {
  switch (expr.type) {
    case "string":
      return printString(expr.text);
    case "bytes":
      return `X${printString(expr.text)}`;
    case "date":
    case "time":
    case "timestamp":
    case "datetime":
      return `${expr.type.toUpperCase()} ${printString(expr.text)}`;
    case "timestampLtz":
      return `TIMESTAMP WITH LOCAL TIME ZONE ${printString(expr.text)}`;
    case "decimal":
      return /^[\d.]+$/.test(expr.text) && expr.text.includes(".") ? expr.text : `DECIMAL ${printString(expr.text)}`;
    default:
      return expr.text;
  }
}

function printQualifier({ from, to, precision, fraction }: Extract<Expr, { kind: "interval" }>): string {
  if (to !== null) return `${from}${precision === null ? "" : `(${precision})`} TO ${to}${fraction === null ? "" : `(${fraction})`}`;
  if (precision === null) return from;
  return fraction === null ? `${from}(${precision})` : `${from}(${precision}, ${fraction})`;
}

/** Two signs without space would begin a comment. */
function printSigned(sign: string, operand: string): string {
  return operand.startsWith(sign) ? `${sign} ${operand}` : `${sign}${operand}`;
}

/** A chain of operators from the left, however long, without recursion. */
function printBinary(expr: Extract<Expr, { kind: "binary" }>, minimum: number): string {
  const own = BINARY[expr.op] ?? COMPARISON;
  const rights: string[] = [];
  let left: Expr = expr;
  while (left.kind === "binary" && (BINARY[left.op] ?? COMPARISON) === own) {
    rights.push(` ${left.op} ${printExpression(left.right, own + 1)}`);
    left = left.left;
  }
  const text = printExpression(left, own) + rights.reverse().join("");
  return own < minimum ? `(${text})` : text;
}

/** What stands before a point: a name and a number would be read on. */
function printOwner(operand: Expr): string {
  const text = printExpression(operand, POSTFIX);
  return operand.kind === "name" || operand.kind === "star" || (operand.kind === "literal" && /\d$/.test(text)) ? `(${text})` : text;
}

function printSetSemantics(
  text: string,
  { partitionBy, orderBy }: { partitionBy: readonly Expr[]; orderBy: readonly OrderItem[] },
): string {
  const partition = partitionBy.length === 0 ? "" : partitionBy.length === 1 ? printList(partitionBy) : `(${printList(partitionBy)})`;
  const order = orderBy.length === 0 ? "" : orderBy.length === 1 ? printOrderItems(orderBy) : `(${printOrderItems(orderBy)})`;
  return `${text}${partition === "" ? "" : ` PARTITION BY ${partition}`}${order === "" ? "" : ` ORDER BY ${order}`}`;
}

function printOperator({ op, operands }: OperatorExpr, minimum: number): string {
  const [first, second, third] = operands;
  const wrap = (own: number, text: string): string => (own < minimum ? `(${text})` : text);
  switch (op) {
    case "IS A SET":
    case "IS NOT A SET":
    case "IS EMPTY":
    case "IS NOT EMPTY":
    case "FORMAT JSON":
      return wrap(IS, `${printExpression(first, IS)} ${op}`);
    case "EXISTS":
    case "UNIQUE":
      return wrap(SUM, `${op} ${printExpression(first, SUM)}`);
    case "CURSOR":
      return first.kind === "subquery" ? `CURSOR ${printQuery(first.query)}` : `CURSOR ${printExpression(first)}`;
    case "NEW":
    case "NEXT VALUE FOR":
    case "CURRENT VALUE FOR":
    case "RUNNING":
    case "FINAL":
      return `${op} ${printExpression(first, POSTFIX)}`;
    case "OFFSET":
    case "ORDINAL":
    case "SAFE_OFFSET":
    case "SAFE_ORDINAL":
      return `${printExpression(first, POSTFIX)}[${op} ${printExpression(second)}]`;
    case "METHOD":
      return `${printOwner(first)}.${printExpression(second, POSTFIX)}`;
    default: {
      const own = INFIX[op] ?? COMPARISON;
      const text = `${printExpression(first, own)} ${op} ${printExpression(second, own + 1)}`;
      return wrap(own, third === undefined ? text : `${text} ESCAPE ${printExpression(third, SIGN)}`);
    }
  }
}

function printCall(expr: CallExpr): string {
  if (CONTEXT_VARIABLES.has(expr.name) && expr.args.length === 0 && !expr.star && expr.over === null) return expr.name;
  const { withinDistinct } = expr.options;
  let text = `${printFunctionName(expr.path)}(${printArguments(expr)})`;
  if (expr.nullTreatment !== null) text += ` ${expr.nullTreatment}`;
  if (withinDistinct !== undefined && typeof withinDistinct !== "string" && withinDistinct.kind === "row") {
    text += ` WITHIN DISTINCT (${printList(withinDistinct.items)})`;
  }
  if (expr.withinGroup !== null) text += ` WITHIN GROUP (ORDER BY ${printOrderItems(expr.withinGroup)})`;
  if (expr.filter !== null) text += ` FILTER (WHERE ${printExpression(expr.filter)})`;
  if (expr.over !== null) text += ` OVER ${"kind" in expr.over ? printWindow(expr.over) : printName(expr.over)}`;
  return text;
}

/** What stands between the parentheses. */
function printArguments(expr: CallExpr): string {
  if (expr.star) return "*";
  const { name, args, options } = expr;
  const [first, second, third, fourth] = args.map((arg) => printExpression(arg));
  switch (name) {
    case "EXTRACT":
      return `${first} FROM ${second}`;
    case "POSITION":
      return `${printExpression(args[0], POSTFIX)} IN ${second}${third === undefined ? "" : ` FROM ${third}`}`;
    case "OVERLAY":
      return `${first} PLACING ${second} FROM ${third}${fourth === undefined ? "" : ` FOR ${fourth}`}`;
    case "TRIM":
      if (args.length === 0) return options.side === undefined ? "" : printOption(options.side);
      if (options.side === undefined && args.length === 1) return first;
      return `${[options.side, second].filter((part) => part !== undefined).join(" ")} FROM ${first}`;
    case "FLOOR":
    case "CEIL":
    case "CEILING":
      return second === undefined ? first : `${first} TO ${second}`;
    case "TRANSLATE":
    case "CONVERT":
      return printConversion(expr);
    case "JSON_OBJECT":
    case "JSON_OBJECTAGG":
      return [printPairs(args), printJsonOptions(options)].filter((part) => part !== "").join(" ");
    case "CONTAINS_SUBSTR":
      return options.jsonScope === undefined ? printList(args) : `${printList(args)}, JSON_SCOPE => ${printOption(options.jsonScope)}`;
    default: {
      const order = expr.orderBy.length === 0 ? "" : `ORDER BY ${printOrderItems(expr.orderBy)}`;
      const separator = options.separator === undefined ? "" : `SEPARATOR ${printOption(options.separator)}`;
      const list = `${expr.distinct ? "DISTINCT " : ""}${printList(args)}`;
      return [list, order, separator, printJsonOptions(options)].filter((part) => part !== "").join(" ");
    }
  }
}

function printConversion({ args, options }: CallExpr): string {
  if (options.using !== undefined) return `${printExpression(args[0])} USING ${printExpression(args[1])}`;
  const { type } = options;
  if (type !== undefined && typeof type !== "string" && type.kind === "cast")
    return [printType(type.type), ...args.map((arg) => printExpression(arg))].join(", ");
  return printList(args);
}

function printPairs(args: readonly Expr[]): string {
  const pairs: string[] = [];
  for (let i = 0; i < args.length; i += 2) pairs.push(`KEY ${printExpression(args[i])} VALUE ${printExpression(args[i + 1])}`);
  return pairs.join(", ");
}

function printOption(option: string | Expr): string {
  return typeof option === "string" ? option : printExpression(option);
}

function printJsonOptions(options: CallExpr["options"]): string {
  const { passing, returning, wrapper, onEmpty, onError, onNull } = options;
  const parts: string[] = [];
  if (passing !== undefined && typeof passing !== "string" && passing.kind === "row") {
    const items = passing.items.map((item) =>
      item.kind === "namedArgument" ? `${printExpression(item.value)} AS ${printName(item.name)}` : "",
    );
    parts.push(`PASSING ${items.join(", ")}`);
  }
  if (returning !== undefined && typeof returning !== "string" && returning.kind === "cast")
    parts.push(`RETURNING ${printType(returning.type)}`);
  if (wrapper !== undefined) parts.push(wrapper === "WITHOUT" ? "WITHOUT WRAPPER" : `WITH ${printOption(wrapper)} WRAPPER`);
  if (onEmpty !== undefined) parts.push(`${printBehaviour(onEmpty)} ON EMPTY`);
  if (onError !== undefined) parts.push(`${printBehaviour(onError)} ON ERROR`);
  if (onNull !== undefined) parts.push(`${printOption(onNull)} ON NULL`);
  return parts.join(" ");
}

function printBehaviour(behaviour: string | Expr): string {
  return typeof behaviour === "string" ? behaviour : `DEFAULT ${printExpression(behaviour)}`;
}
