/** Syntax trees back to SQL in one normal form: upper-case keywords, one space, parentheses only where precedence needs them. */
import type {
  Alias,
  Expr,
  GroupItem,
  Identifier,
  OrderItem,
  Query,
  QueryBody,
  SelectQuery,
  TableRef,
  TypeNode,
  WindowSpec,
} from "./ast.ts";

const PRECEDENCE: Readonly<Record<string, number>> = { OR: 1, AND: 2, "||": 6, "+": 7, "-": 7, "*": 8, "/": 8, "%": 8 };
const COMPARISON = 4;

export function printQuery(query: Query): string {
  const common = query.with.map(({ name, columns, query: inner }) => `${id(name)}${columnList(columns)} AS (${printQuery(inner)})`);
  const parts = [common.length === 0 ? "" : `WITH ${common.join(", ")}`, printBody(query.body)];
  if (query.orderBy.length > 0) parts.push(`ORDER BY ${orderItems(query.orderBy)}`);
  if (query.limit !== null) parts.push(`LIMIT ${printExpression(query.limit)}`);
  if (query.offset !== null) parts.push(`OFFSET ${printExpression(query.offset)}`);
  return parts.filter((part) => part !== "").join(" ");
}

function id({ name }: Identifier): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name.toLowerCase() !== "table" ? name : `\`${name.replaceAll("`", "``")}\``;
}

function columnList(columns: readonly Identifier[]): string {
  return columns.length === 0 ? "" : ` (${columns.map(id).join(", ")})`;
}

function list(exprs: readonly Expr[]): string {
  return exprs.map((expr) => printExpression(expr)).join(", ");
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case "query":
      return `(${printQuery(body)})`;
    case "values":
      return `VALUES ${body.rows.map((row) => `(${list(row)})`).join(", ")}`;
    case "set":
      return `${printBody(body.left)} ${body.op}${body.all ? " ALL" : ""} ${printBody(body.right)}`;
    case "select":
      return printSelect(body);
  }
}

function printSelect(select: SelectQuery): string {
  const parts = ["SELECT"];
  for (const hint of select.hints) parts.push(`/*+ ${hint} */`);
  if (select.distinct) parts.push("DISTINCT");
  parts.push(select.items.map((item) => printExpression(item.expr) + (item.alias === null ? "" : ` AS ${id(item.alias)}`)).join(", "));
  if (select.from !== null) parts.push(`FROM ${printTable(select.from)}`);
  if (select.where !== null) parts.push(`WHERE ${printExpression(select.where)}`);
  if (select.groupBy !== null) parts.push(`GROUP BY ${select.groupBy.length === 0 ? "()" : select.groupBy.map(printGroup).join(", ")}`);
  if (select.having !== null) parts.push(`HAVING ${printExpression(select.having)}`);
  if (select.windows.length > 0)
    parts.push(`WINDOW ${select.windows.map(({ name, spec }) => `${id(name)} AS ${printWindow(spec)}`).join(", ")}`);
  if (select.qualify !== null) parts.push(`QUALIFY ${printExpression(select.qualify)}`);
  return parts.join(" ");
}

function printGroup(item: GroupItem): string {
  if (item.kind === "expr") return printExpression(item.expr);
  const sets = item.sets.map((set) => (item.kind !== "sets" && set.length === 1 ? list(set) : `(${list(set)})`)).join(", ");
  return `${item.kind === "sets" ? "GROUPING SETS" : item.kind.toUpperCase()} (${sets})`;
}

function alias(value: Alias | null): string {
  return value === null ? "" : ` AS ${id(value.name)}${columnList(value.columns)}`;
}

function printTable(ref: TableRef): string {
  switch (ref.kind) {
    case "table":
      return `${ref.path.map(id).join(".")}${ref.asOf === null ? "" : ` FOR SYSTEM_TIME AS OF ${printExpression(ref.asOf)}`}${alias(ref.alias)}`;
    case "derived":
      return `(${printQuery(ref.query)})${alias(ref.alias)}`;
    case "function":
      return `TABLE(${printExpression(ref.call)})${alias(ref.alias)}`;
    case "unnest":
      return `UNNEST(${printExpression(ref.expr)})${ref.withOrdinality ? " WITH ORDINALITY" : ""}${alias(ref.alias)}`;
    case "join": {
      const on = ref.on !== null ? ` ON ${printExpression(ref.on)}` : ref.using.length > 0 ? ` USING${columnList(ref.using)}` : "";
      const type = ref.type === "INNER" ? "JOIN" : `${ref.type} JOIN`;
      return `${printTable(ref.left)} ${ref.natural ? "NATURAL " : ""}${type} ${printTable(ref.right)}${on}`;
    }
    case "matchRecognize":
      return `${printTable(ref.input)} MATCH_RECOGNIZE (…)`;
  }
}

function orderItems(items: readonly OrderItem[]): string {
  return items
    .map((item) => `${printExpression(item.expr)}${item.descending ? " DESC" : ""}${item.nulls === null ? "" : ` NULLS ${item.nulls}`}`)
    .join(", ");
}

const BOUNDS = { unboundedPreceding: "UNBOUNDED PRECEDING", unboundedFollowing: "UNBOUNDED FOLLOWING", currentRow: "CURRENT ROW" };

function printWindow(spec: WindowSpec): string {
  const bound = ({ kind, offset }: NonNullable<WindowSpec["frame"]>["start"]): string =>
    kind === "preceding" || kind === "following" ? `${printExpression(offset!)} ${kind.toUpperCase()}` : BOUNDS[kind];
  const parts: string[] = [];
  if (spec.base !== null) parts.push(id(spec.base));
  if (spec.partitionBy.length > 0) parts.push(`PARTITION BY ${list(spec.partitionBy)}`);
  if (spec.orderBy.length > 0) parts.push(`ORDER BY ${orderItems(spec.orderBy)}`);
  if (spec.frame !== null) parts.push(`${spec.frame.unit} BETWEEN ${bound(spec.frame.start)} AND ${bound(spec.frame.end)}`);
  return `(${parts.join(" ")})`;
}

function printType(type: TypeNode): string {
  const inner =
    type.children.length > 0
      ? `<${type.children.map(printType).join(", ")}>`
      : type.fields.length > 0
        ? `<${type.fields.map((field) => `${field.name} ${printType(field.type)}`).join(", ")}>`
        : type.parameters.length > 0
          ? `(${type.parameters.join(", ")})`
          : "";
  return `${type.name}${inner}${type.nullable ? "" : " NOT NULL"}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `minimum` = precedence around: looser operators get parentheses. */
export function printExpression(expr: Expr, minimum = 0): string {
  const wrap = (own: number, text: string): string => (own < minimum ? `(${text})` : text);
  const not = (negated: boolean): string => (negated ? "NOT " : "");
  switch (expr.kind) {
    case "literal":
      if (expr.type === "string") return quoted(expr.text);
      if (expr.type === "bytes") return `X${quoted(expr.text)}`;
      if (expr.type === "date" || expr.type === "time" || expr.type === "timestamp")
        return `${expr.type.toUpperCase()} ${quoted(expr.text)}`;
      return expr.text;
    case "interval":
      return `INTERVAL ${expr.negative ? "-" : ""}${quoted(expr.text)} ${expr.from}${expr.to === null ? "" : ` TO ${expr.to}`}`;
    case "name":
      return expr.parts.map(id).join(".");
    case "star":
      return [...expr.qualifier.map(id), "*"].join(".");
    case "unit":
      return expr.unit;
    case "unary":
      return expr.op === "NOT" ? wrap(3, `NOT ${printExpression(expr.operand, 3)}`) : `${expr.op}${printExpression(expr.operand, 9)}`;
    case "binary": {
      const own = PRECEDENCE[expr.op] ?? COMPARISON;
      return wrap(own, `${printExpression(expr.left, own)} ${expr.op} ${printExpression(expr.right, own + 1)}`);
    }
    case "is":
      return wrap(COMPARISON, `${printExpression(expr.operand, COMPARISON)} IS ${not(expr.negated)}${expr.what}`);
    case "isDistinct":
      return wrap(
        COMPARISON,
        `${printExpression(expr.left, COMPARISON)} IS ${not(expr.negated)}DISTINCT FROM ${printExpression(expr.right, COMPARISON + 1)}`,
      );
    case "between":
      return wrap(
        COMPARISON,
        `${printExpression(expr.operand, COMPARISON)} ${not(expr.negated)}BETWEEN ${expr.symmetric ? "SYMMETRIC " : ""}${printExpression(expr.low, COMPARISON + 1)} AND ${printExpression(expr.high, COMPARISON + 1)}`,
      );
    case "in":
      return wrap(
        COMPARISON,
        `${printExpression(expr.operand, COMPARISON)} ${not(expr.negated)}IN (${expr.query === null ? list(expr.list ?? []) : printQuery(expr.query)})`,
      );
    case "quantified":
      return wrap(COMPARISON, `${printExpression(expr.operand, COMPARISON)} ${expr.op} ${expr.quantifier} (${printQuery(expr.query)})`);
    case "like":
      return wrap(
        COMPARISON,
        `${printExpression(expr.operand, COMPARISON)} ${not(expr.negated)}${expr.similar ? "SIMILAR TO" : "LIKE"} ${printExpression(expr.pattern, COMPARISON + 1)}${expr.escape === null ? "" : ` ESCAPE ${printExpression(expr.escape, COMPARISON + 1)}`}`,
      );
    case "case":
      return `CASE ${expr.operand === null ? "" : `${printExpression(expr.operand)} `}${expr.whens.map(({ when, result }) => `WHEN ${printExpression(when)} THEN ${printExpression(result)} `).join("")}${expr.otherwise === null ? "" : `ELSE ${printExpression(expr.otherwise)} `}END`;
    case "cast":
      return `${expr.safe ? "TRY_CAST" : "CAST"}(${printExpression(expr.operand)} AS ${printType(expr.type)})`;
    case "array":
      return `ARRAY[${list(expr.items)}]`;
    case "map":
      return `MAP[${list(expr.items)}]`;
    case "row":
      return `ROW(${list(expr.items)})`;
    case "index":
      return `${printExpression(expr.operand, 9)}[${printExpression(expr.index)}]`;
    case "field":
      return `${printExpression(expr.operand, 9)}.${id(expr.field)}`;
    case "subquery":
      return `(${printQuery(expr.query)})`;
    case "exists":
      return `EXISTS (${printQuery(expr.query)})`;
    case "descriptor":
      return `DESCRIPTOR(${expr.columns.map(id).join(", ")})`;
    case "tableArgument":
      return `TABLE ${printTable(expr.table)}${expr.partitionBy.length === 0 ? "" : ` PARTITION BY ${list(expr.partitionBy)}`}`;
    case "namedArgument":
      return `${id(expr.name)} => ${printExpression(expr.value)}`;
    case "intervalDifference":
      return `(${printExpression(expr.left, 7)} - ${printExpression(expr.right, 8)}) ${expr.unit}`;
    case "call":
      return printCall(expr);
  }
}

function printCall(expr: Extract<Expr, { kind: "call" }>): string {
  let text = `${expr.name}(${expr.distinct ? "DISTINCT " : ""}${expr.star ? "*" : list(expr.args)})`;
  const [first, second] = expr.args;
  if (expr.name === "EXTRACT" && second !== undefined) text = `EXTRACT(${printExpression(first)} FROM ${printExpression(second)})`;
  else if ((expr.name === "FLOOR" || expr.name === "CEIL") && second?.kind === "unit")
    text = `${expr.name}(${printExpression(first)} TO ${second.unit})`;
  if (expr.withinGroup !== null) text += ` WITHIN GROUP (ORDER BY ${orderItems(expr.withinGroup)})`;
  if (expr.filter !== null) text += ` FILTER (WHERE ${printExpression(expr.filter)})`;
  if (expr.over !== null) text += ` OVER ${"kind" in expr.over ? printWindow(expr.over) : id(expr.over)}`;
  return text;
}
