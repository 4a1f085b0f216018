import type { Alias, GroupItem, Hint, Query, QueryBody, SelectItem, SelectQuery, TableRef } from "../ast.ts";
import { printExpression, printList, printOrderItems, printWindow } from "./expression.ts";
import { printMatchRecognize } from "./match-recognize.ts";
import { printColumnList, printName, printPath, printString } from "./name.ts";

export function printQuery(query: Query): string {
  const common = query.with.map(
    ({ name, columns, query: inner }) => `${printName(name)}${printColumnList(columns)} AS (${printQuery(inner)})`,
  );
  const parts = [common.length === 0 ? "" : `WITH ${query.recursive ? "RECURSIVE " : ""}${common.join(", ")}`, printBody(query.body)];
  if (query.orderBy.length > 0) parts.push(`ORDER BY ${printOrderItems(query.orderBy)}`);
  if (query.limit !== null) parts.push(`LIMIT ${printExpression(query.limit)}`);
  if (query.offset !== null) parts.push(`OFFSET ${printExpression(query.offset)}`);
  return parts.filter((part) => part !== "").join(" ");
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case "query":
      return `(${printQuery(body)})`;
    case "values":
      return `VALUES ${body.rows.map((row) => `(${printList(row)})`).join(", ")}`;
    case "set":
      return printSet(body);
    case "select":
      return printSelect(body);
  }
}

/** A chain of set operations from the left, however long, without recursion. */
function printSet(body: Extract<QueryBody, { kind: "set" }>): string {
  const rights: string[] = [];
  let left: QueryBody = body;
  while (left.kind === "set") {
    rights.push(` ${left.op}${left.all ? " ALL" : ""} ${printBody(left.right)}`);
    left = left.left;
  }
  return printBody(left) + rights.reverse().join("");
}

function printSelect(select: SelectQuery): string {
  const parts = [`SELECT${printHints(select.hints)}`];
  if (select.stream) parts.push("STREAM");
  if (select.distinct) parts.push("DISTINCT");
  parts.push(select.items.map(printItem).join(", "));
  if (select.from !== null) parts.push(`FROM ${printTable(select.from)}`);
  if (select.where !== null) parts.push(`WHERE ${printExpression(select.where)}`);
  if (select.groupBy !== null) {
    const items = select.groupBy.length === 0 ? "()" : select.groupBy.map(printGroup).join(", ");
    parts.push(`GROUP BY ${select.groupDistinct ? "DISTINCT " : ""}${items}`);
  }
  if (select.having !== null) parts.push(`HAVING ${printExpression(select.having)}`);
  if (select.windows.length > 0)
    parts.push(`WINDOW ${select.windows.map(({ name, spec }) => `${printName(name)} AS ${printWindow(spec)}`).join(", ")}`);
  if (select.qualify !== null) parts.push(`QUALIFY ${printExpression(select.qualify)}`);
  return parts.join(" ");
}

function printItem({ expr, alias }: SelectItem): string {
  return printExpression(expr) + (alias === null ? "" : ` AS ${printName(alias)}`);
}

export function printHints(hints: readonly Hint[]): string {
  if (hints.length === 0) return "";
  const texts = hints.map(({ name, args }) => {
    const list = args.map(({ key, value, form }) => {
      if (key !== null) return `${printString(key)} = ${printString(value)}`;
      return form === "string" ? printString(value) : form === "name" ? printName({ name: value, span: name.span }) : value;
    });
    return `${printName(name)}${list.length === 0 ? "" : `(${list.join(", ")})`}`;
  });
  return ` /*+ ${texts.join(", ")} */`;
}

function printGroup(item: GroupItem): string {
  switch (item.kind) {
    case "expr":
      return printExpression(item.expr);
    case "nestedSets":
      return `GROUPING SETS (${item.items.map(printElement).join(", ")})`;
    case "sets":
      return `GROUPING SETS (${item.sets.map((set) => `(${printList(set)})`).join(", ")})`;
    case "rollup":
    case "cube":
      return `${item.kind.toUpperCase()} (${item.sets.map((set) => (set.length === 1 ? printList(set) : `(${printList(set)})`)).join(", ")})`;
  }
}

/** An element of GROUPING SETS: a plain set stands in brackets of its own. */
function printElement(item: GroupItem): string {
  return item.kind === "sets" && item.sets.length === 1 ? `(${printList(item.sets[0])})` : printGroup(item);
}

function printAlias(value: Alias | null): string {
  return value === null ? "" : ` AS ${printName(value.name)}${printColumnList(value.columns)}`;
}

export function printTable(ref: TableRef): string {
  switch (ref.kind) {
    case "table": {
      const asOf = ref.asOf === null ? "" : ` FOR SYSTEM_TIME AS OF ${printExpression(ref.asOf)}`;
      return `${printPath(ref.path)}${printHints(ref.hints)}${asOf}${printAlias(ref.alias)}`;
    }
    case "derived":
      return `${ref.lateral ? "LATERAL " : ""}(${printQuery(ref.query)})${printAlias(ref.alias)}`;
    case "function":
      return `${ref.lateral ? "LATERAL " : ""}TABLE(${printExpression(ref.call)})${printAlias(ref.alias)}`;
    case "unnest":
      return `UNNEST(${printList(ref.exprs)})${ref.withOrdinality ? " WITH ORDINALITY" : ""}${printAlias(ref.alias)}`;
    case "join":
      return printJoin(ref);
    case "matchRecognize":
      return `${printTable(ref.input)} ${printMatchRecognize(ref)}${printAlias(ref.alias)}`;
    case "sample": {
      const size = ref.method === "SUBSTITUTE" ? printString(ref.size) : ref.size;
      return `${printTable(ref.input)} TABLESAMPLE ${ref.method}(${size})${ref.seed === null ? "" : ` REPEATABLE(${ref.seed})`}`;
    }
    case "pivot": {
      const values = ref.values.map(printItem).join(", ");
      const pivot = `PIVOT (${ref.aggregates.map(printItem).join(", ")} FOR ${names(ref.axes)} IN (${values}))`;
      return `${printTable(ref.input)} ${pivot}${printAlias(ref.alias)}`;
    }
    case "unpivot": {
      const nulls = ref.nulls === null ? "" : ` ${ref.nulls} NULLS`;
      const values = ref.values
        .map(({ columns, value }) => names(columns) + (value === null ? "" : ` AS ${printExpression(value)}`))
        .join(", ");
      return `${printTable(ref.input)} UNPIVOT${nulls} (${names(ref.measures)} FOR ${names(ref.axes)} IN (${values}))${printAlias(ref.alias)}`;
    }
  }
}

function names(columns: Alias["columns"]): string {
  return columns.length === 1 ? printName(columns[0]) : `(${columns.map(printName).join(", ")})`;
}

/** A chain of joins from the left, however long, without recursion. */
function printJoin(ref: Extract<TableRef, { kind: "join" }>): string {
  const rights: string[] = [];
  let left: TableRef = ref;
  for (; left.kind === "join"; left = left.left) rights.push(printJoined(left));
  return printTable(left) + rights.reverse().join("");
}

/** What a join adds to its left side. */
function printJoined(ref: Extract<TableRef, { kind: "join" }>): string {
  const right = ref.right.kind === "join" ? `(${printTable(ref.right)})` : printTable(ref.right);
  if (ref.comma) return `, ${right}`;
  const on = ref.on !== null ? ` ON ${printExpression(ref.on)}` : ref.using.length > 0 ? ` USING${printColumnList(ref.using)}` : "";
  const type = ref.type === "INNER" ? "JOIN" : `${ref.type} JOIN`;
  return ` ${ref.natural ? "NATURAL " : ""}${type} ${right}${on}`;
}
