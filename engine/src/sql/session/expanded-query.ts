/**
 * A view's query as Flink keeps it: every name with the table that it belongs to, stars written out, in the layout of Calcite's writer.
 *
 *   SELECT id FROM t WHERE id > 1   ─▶   SELECT `t`.`id`
 *                                        FROM `default_catalog`.`default_database`.`t` AS `t`
 *                                        WHERE `t`.`id` > 1
 *
 * Approach: each SELECT gets a scope with the columns of its FROM; names in expressions are replaced by their full ones, and the ordinary printer writes
 * the expression. Queries inside expressions are printed first and stand there as numbered marks until the end.
 *
 * Limits: what is seldom in views (PIVOT, samples, UNNEST without names, long expressions in MATCH_RECOGNIZE) is not expanded: the text as it was written is shown.
 */
import type { CommonTable, Expr, GroupItem, Identifier, OrderItem, Query, QueryBody, SelectQuery, TableRef } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";
import { uniqueNames } from "../2-analyze/rel-builder.ts";
import type { CatalogObject, Catalog } from "../catalog/catalog.ts";
import { partsOf, quotedPath } from "../catalog/object-path.ts";
import { hintText, matchText } from "./expanded-clauses.ts";

/** In a name: the printer puts it into backticks; taken out again at the end. */
const MARK = "\u0001";
const QUERY_MARK = "\u0002";
const MARKED_QUERY = new RegExp(`SELECT \`?${QUERY_MARK}(\\d+)${QUERY_MARK}\`?`, "g");

/** Functions that only Flink's own registry knows are written as users' functions are. */
const OWN_FUNCTIONS: ReadonlySet<string> = new Set(["GREATEST", "IFNULL", "LEAST", "SOURCE_WATERMARK", "TO_TIMESTAMP_LTZ", "TYPEOF"]);

/** null = it holds something that is not expanded here. */
export function expandedQuery(query: Query, catalog: Catalog): string | null {
  const expander = new Expander(catalog);
  const { text } = expander.query(query, { relations: [], merged: [], parent: null, common: new Map() });
  return expander.gaveUp ? null : text;
}

/** An expression as DESCRIBE, SHOW CREATE and views write it: names in backticks, keywords without. */
export function expressionText(expr: Expr): string {
  return new Expander(null).expression(expr, null);
}

interface Relation {
  readonly alias: string;
  readonly columns: readonly string[];
}

/** A column that a join's tables have in common, with all that have it. */
interface MergedColumn {
  readonly name: string;
  readonly aliases: readonly string[];
}

interface Scope {
  readonly relations: Relation[];
  /** What USING and NATURAL have merged, in order. */
  readonly merged: MergedColumn[];
  readonly parent: Scope | null;
  readonly common: ReadonlyMap<string, readonly string[]>;
}

interface Expanded {
  readonly text: string;
  readonly columns: readonly string[];
}

const NOTHING: Expanded = { text: "", columns: [] };

class Expander {
  gaveUp = false;
  private readonly catalog: Catalog | null;
  private readonly queries: string[] = [];

  constructor(catalog: Catalog | null) {
    this.catalog = catalog;
  }

  query(query: Query, outer: Scope): Expanded {
    const common = new Map(outer.common);
    const names = query.with.map((table) => this.commonTable(table, { ...outer, common }, common));
    const scope = { ...outer, common };
    const body = this.body(query.body, scope);
    const inner = this.scopeOf(query.body, scope);
    const parts = [names.length === 0 ? body.text : `WITH ${names.join(", ")} ${body.text}`];
    if (query.orderBy.length > 0)
      parts.push(`ORDER BY ${query.orderBy.map((item) => this.orderItem(item, inner, body.columns)).join(", ")}`);
    if (query.offset !== null) parts.push(`OFFSET ${this.expression(query.offset, null)} ROWS`);
    if (query.limit !== null) parts.push(`FETCH NEXT ${this.expression(query.limit, null)} ROWS ONLY`);
    return { text: parts.join("\n"), columns: body.columns };
  }

  /** The expression's text; `scope` null = names stay as they are. */
  expression(expr: Expr, scope: Scope | null): string {
    const text = printExpression(this.resolved(expr, scope) as Expr);
    const whole = outsideTexts(text, (part) =>
      part
        .replace(/(?<!ROWS |RANGE )\bBETWEEN (?!SYMMETRIC)/g, "BETWEEN ASYMMETRIC ")
        .replace(/(^|[(, ])-(?=[`(])/g, "$1- ")
        .replace(/\b(ARRAY|MULTISET|MAP)<([^<>]*)>/g, "$1< $2 >"),
    );
    return whole.replaceAll(MARK, "").replace(MARKED_QUERY, (_match, index: string) => this.queries[Number(index)]);
  }

  private commonTable({ name, columns, query }: CommonTable, scope: Scope, common: Map<string, readonly string[]>): string {
    const { text, columns: own } = this.query(query, scope);
    common.set(name.name, columns.length > 0 ? columns.map((column) => column.name) : own);
    return `${quoted(name.name)}${columnList(columns)} AS (${text})`;
  }

  private body(body: QueryBody, scope: Scope): Expanded {
    switch (body.kind) {
      case "query":
        return this.query(body, scope);
      case "values": {
        const rows = body.rows.map((row) => `ROW(${row.map((value) => this.expression(value, scope)).join(", ")})`);
        return { text: `VALUES ${rows.join(",\n")}`, columns: body.rows[0].map((_, i) => `EXPR$${i}`) };
      }
      case "set": {
        const left = this.body(body.left, scope);
        const right = this.body(body.right, scope);
        return { text: `${left.text}\n${body.op}${body.all ? " ALL" : ""}\n${right.text}`, columns: left.columns };
      }
      case "select":
        return this.select(body, scope);
    }
  }

  private scopeOf(body: QueryBody, scope: Scope): Scope {
    if (body.kind !== "select" || body.from === null) return scope;
    const own: Scope = { relations: [], merged: [], parent: scope, common: scope.common };
    this.table(body.from, own);
    return own;
  }

  private select(select: SelectQuery, outer: Scope): Expanded {
    if (select.stream || select.groupDistinct) return this.giveUp();
    const scope: Scope = { relations: [], merged: [], parent: outer, common: outer.common };
    const from = select.from === null ? null : this.table(select.from, scope);
    const items: string[] = [];
    const columns: string[] = [];
    for (const { expr, alias } of select.items) {
      if (expr.kind === "star") {
        this.star(expr.qualifier, scope, { items, columns });
        continue;
      }
      const merged = expr.kind === "name" && expr.parts.length === 1 ? mergedOf(expr.parts[0].name, scope) : undefined;
      if (merged !== undefined) {
        items.push(
          `COALESCE(${merged.aliases.map((owner) => `${quoted(owner)}.${quoted(merged.name)}`).join(", ")}) AS ${quoted(alias?.name ?? merged.name)}`,
        );
        columns.push(alias?.name ?? merged.name);
        continue;
      }
      const name = alias?.name ?? (expr.kind === "name" ? expr.parts[expr.parts.length - 1].name : `EXPR$${columns.length}`);
      items.push(`${this.expression(expr, scope)}${alias === null ? "" : ` AS ${quoted(alias.name)}`}`);
      columns.push(name);
    }
    const hints = select.hints.length === 0 ? " " : `\n${hintText(select.hints)}\n`;
    const parts = [`SELECT${hints}${select.distinct ? "DISTINCT " : ""}${items.join(", ")}`];
    if (from !== null) parts.push(`FROM ${from}`);
    if (select.where !== null) parts.push(`WHERE ${this.expression(select.where, scope)}`);
    if (select.groupBy !== null) parts.push(`GROUP BY ${select.groupBy.map((item) => this.group(item, scope)).join(", ") || "()"}`);
    if (select.having !== null) parts.push(`HAVING ${this.expression(select.having, scope)}`);
    if (select.windows.length > 0) {
      const windows = select.windows.map(({ name, spec }) => `${quoted(name.name)} AS ${this.window(spec, scope)}`);
      parts.push(`WINDOW ${windows.join(", ")}`);
    }
    if (select.qualify !== null) parts.push(`QUALIFY ${this.condition(select.qualify, scope)}`);
    return { text: parts.join("\n"), columns };
  }

  /** Calcite puts brackets around a call with a window that is compared. */
  private condition(expr: Expr, scope: Scope): string {
    if (expr.kind !== "binary" || expr.left.kind !== "call" || expr.left.over === null) return this.expression(expr, scope);
    return `(${this.expression(expr.left, scope)}) ${expr.op} ${this.expression(expr.right, scope)}`;
  }

  /** A window is printed as part of a call. */
  private window(spec: SelectQuery["windows"][number]["spec"], scope: Scope): string {
    const call = {
      kind: "call",
      name: "X",
      path: [],
      args: [],
      distinct: false,
      star: false,
      filter: null,
      over: spec,
      withinGroup: null,
    } as unknown;
    const path = [{ name: "X", span: spec.span }];
    const text = this.expression(
      {
        ...(call as Extract<Expr, { kind: "call" }>),
        path,
        nullTreatment: null,
        options: {},
        orderBy: [],
        nameSpan: spec.span,
        span: spec.span,
      },
      scope,
    );
    return text.replace(/^X\(\) OVER /, "");
  }

  private group(item: GroupItem, scope: Scope): string {
    const list = (sets: readonly (readonly Expr[])[]) =>
      sets
        .map((set) => {
          const texts = set.map((expr) => this.expression(expr, scope));
          return texts.length === 1 ? texts[0] : `(${texts.join(", ")})`;
        })
        .join(", ");
    switch (item.kind) {
      case "expr":
        return this.expression(item.expr, scope);
      case "sets":
        return `GROUPING SETS(${list(item.sets)})`;
      case "rollup":
      case "cube":
        return `${item.kind.toUpperCase()}(${list(item.sets)})`;
      case "nestedSets":
        return this.giveUp().text;
    }
  }

  private orderItem({ expr, descending, nulls }: OrderItem, scope: Scope, columns: readonly string[]): string {
    const isOutput = expr.kind === "name" && expr.parts.length === 1 && columns.includes(expr.parts[0].name);
    return `${this.expression(expr, isOutput ? null : scope)}${descending ? " DESC" : ""}${nulls === null ? "" : ` NULLS ${nulls}`}`;
  }

  /** Writes a star out. Names that are taken get a number, and what a join has merged comes first. */
  private star(qualifier: readonly Identifier[], scope: Scope, { items, columns }: { items: string[]; columns: string[] }): void {
    const numbered = (name: string): string => uniqueNames([...columns, name])[columns.length];
    const add = (text: string, name: string): void => {
      const free = numbered(name);
      items.push(free === name ? text : `${text} AS ${quoted(free)}`);
      columns.push(free);
    };
    const merged = qualifier.length === 0 ? scope.merged : [];
    for (const { name, aliases } of merged) {
      const values = aliases.map((alias, i) => `${quoted(alias)}.${quoted(name)}${i === 0 ? "" : ` AS ${quoted(`${name}${i - 1}`)}`}`);
      items.push(`COALESCE(${values.join(", ")}) AS ${quoted(name)}`);
      columns.push(name);
    }
    for (const { alias, columns: names } of this.starred(qualifier, scope)) {
      for (const name of names) {
        if (merged.some((column) => column.name === name && column.aliases.includes(alias))) continue;
        add(`${quoted(alias)}.${quoted(name)}`, name);
      }
    }
  }

  private starred(qualifier: readonly Identifier[], scope: Scope): readonly Relation[] {
    if (qualifier.length === 0) return scope.relations;
    return scope.relations.filter(({ alias }) => alias === qualifier[qualifier.length - 1].name);
  }

  // ---- FROM ----

  private table(ref: TableRef, scope: Scope): string {
    const unnamed = (): string => `EXPR$${scope.relations.filter(({ alias }) => alias.startsWith("EXPR$")).length}`;
    switch (ref.kind) {
      case "table": {
        const { text: name, columns } = this.named(ref.path, scope);
        const alias = ref.alias?.name.name ?? ref.path[ref.path.length - 1].name;
        const asOf = ref.asOf === null ? "" : ` FOR SYSTEM_TIME AS OF ${this.expression(ref.asOf, scope)}`;
        scope.relations.push({ alias, columns: renamed(columns, ref.alias?.columns) });
        const text = `${name}${ref.hints.length === 0 ? "" : `\n${hintText(ref.hints)}`}${asOf}`;
        if (ref.hints.length > 0 && ref.asOf === null && ref.alias === null) return text;
        return `${text} AS ${quoted(alias)}${columnList(ref.alias?.columns ?? [])}`;
      }
      case "derived": {
        const { text, columns } = this.query(ref.query, ref.lateral ? scope : (scope.parent ?? scope));
        const alias = ref.alias?.name.name ?? unnamed();
        scope.relations.push({ alias, columns: renamed(columns, ref.alias?.columns) });
        return `${ref.lateral ? "LATERAL " : ""}(${text}) AS ${quoted(alias)}${columnList(ref.alias?.columns ?? [])}`;
      }
      case "unnest": {
        if (ref.alias === null) return this.giveUp().text;
        const texts = ref.exprs.map((expr) => this.expression(expr, scope));
        scope.relations.push({ alias: ref.alias.name.name, columns: renamed([ref.alias.name.name], ref.alias.columns) });
        return `UNNEST(${texts.join(", ")})${ref.withOrdinality ? " WITH ORDINALITY" : ""} AS ${quoted(ref.alias.name.name)}${columnList(ref.alias.columns)}`;
      }
      case "function": {
        const argument = ref.call.args
          .map((arg) => (arg.kind === "namedArgument" ? arg.value : arg))
          .find(({ kind }) => kind === "tableArgument");
        if (argument?.kind !== "tableArgument" || argument.table.kind !== "table" || ref.lateral) return this.giveUp().text;
        const text = this.expression(ref.call, scope);
        const alias = ref.alias?.name.name ?? unnamed();
        const { columns } = this.named(argument.table.path, scope);
        scope.relations.push({ alias, columns: [...columns, "window_start", "window_end", "window_time"] });
        return `TABLE(${text}) AS ${quoted(alias)}`;
      }
      case "join": {
        const left = this.table(ref.left, scope);
        const before = scope.relations.length;
        const right = this.table(ref.right, scope);
        if (ref.comma) return `${left},\n${right}`;
        if (ref.natural || ref.using.length > 0) this.merge(ref, scope, before);
        const using = ref.using.length === 0 ? "" : ` USING (${ref.using.map(({ name }) => quoted(name)).join(", ")})`;
        const on = ref.on === null ? using : ` ON ${this.expression(ref.on, scope)}`;
        return `${left}\n${ref.natural ? "NATURAL " : ""}${ref.type} JOIN ${right}${on}`;
      }
      case "matchRecognize": {
        const input: Scope = { relations: [], merged: [], parent: scope.parent, common: scope.common };
        const table = this.table(ref.input, input);
        const alias = ref.alias?.name.name ?? unnamed();
        const match = matchText(ref);
        if (match === null) return this.giveUp().text;
        scope.relations.push({ alias, columns: renamed(match.columns, ref.alias?.columns) });
        return `${table} ${match.text} AS ${quoted(alias)}${columnList(ref.alias?.columns ?? [])}`;
      }
      default:
        return this.giveUp().text;
    }
  }

  /** Three tables and more that share a column are not written out. */
  private merge(ref: Extract<TableRef, { kind: "join" }>, scope: Scope, before: number): void {
    const left = scope.relations.slice(0, before);
    const right = scope.relations.slice(before);
    const has = (relations: readonly Relation[], name: string): readonly Relation[] =>
      relations.filter(({ columns }) => columns.includes(name));
    const names = ref.natural
      ? left.flatMap(({ columns }) => columns).filter((name) => has(right, name).length > 0)
      : ref.using.map(({ name }) => name);
    for (const name of names) {
      const aliases = [...has(left, name), ...has(right, name)].map(({ alias }) => alias);
      if (aliases.length !== 2 || mergedOf(name, scope) !== undefined) this.giveUp();
      scope.merged.push({ name, aliases });
    }
  }

  /** What a name in FROM means: a table of WITH, or an object of the catalog. */
  private named(path: readonly Identifier[], scope: Scope): Expanded {
    const common = path.length === 1 ? scope.common.get(path[0].name) : undefined;
    if (common !== undefined) return { text: quoted(path[0].name), columns: common };
    const full = this.catalog?.qualify(partsOf(path));
    const object: CatalogObject | undefined = full === undefined ? undefined : this.catalog?.at(full);
    if (full === undefined || object === undefined) return this.giveUp();
    const columns = object.columns.map(({ name }) => name);
    return { text: quotedPath(full), columns };
  }

  // ---- expressions ----

  /** The tree with full names, and marks where queries stand. */
  private resolved(node: unknown, scope: Scope | null): unknown {
    if (Array.isArray(node)) return node.map((item) => this.resolved(item, scope));
    if (typeof node !== "object" || node === null) return node;
    const { kind } = node as { readonly kind?: string };
    switch (kind) {
      case "name":
        return { ...node, parts: this.fullName((node as Extract<Expr, { kind: "name" }>).parts, scope).map(marked) };
      case "query":
        return scope === null ? node : this.markOf(this.query(node as Query, scope).text);
      case "subquery": {
        if (scope === null) return node;
        const { text } = this.query((node as Extract<Expr, { kind: "subquery" }>).query, scope);
        return { ...node, query: this.markOf(`((${text}))`) };
      }
      case "descriptor":
        return { ...node, columns: (node as Extract<Expr, { kind: "descriptor" }>).columns.map(marked) };
      case "namedArgument": {
        const { name, value } = node as Extract<Expr, { kind: "namedArgument" }>;
        return { ...node, name: marked(name), value: this.resolved(value, scope) };
      }
      case "tableArgument":
        return this.tableArgument(node as Extract<Expr, { kind: "tableArgument" }>, scope);
      case "type": {
        const { name, children } = node as { readonly name: string; readonly children: readonly unknown[] };
        return { ...node, name: name === "INT" ? "INTEGER" : name, children: this.resolved(children, scope) };
      }
      case "call": {
        const rewritten = rewrittenCall(node as Extract<Expr, { kind: "call" }>);
        if (rewritten !== node) return this.resolved(rewritten, scope);
        break;
      }
      case "case": {
        const { operand, whens, otherwise, ...rest } = node as Extract<Expr, { kind: "case" }>;
        const tests = whens.map(({ when, result }) => ({
          when: operand === null ? when : ({ kind: "binary", op: "=", left: operand, right: when, span: when.span } as const),
          result,
        }));
        const none = { kind: "literal", type: "null", text: "NULL", span: rest.span };
        return { ...rest, operand: null, whens: this.resolved(tests, scope), otherwise: this.resolved(otherwise ?? none, scope) };
      }
    }
    const copy = Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, key === "path" || key === "span" ? value : this.resolved(value, scope)]),
    );
    if (kind !== "call") return copy;
    const { name, path, over } = node as Extract<Expr, { kind: "call" }>;
    if (OWN_FUNCTIONS.has(name)) copy.path = path.map(marked);
    if (over !== null && !("kind" in over)) copy.over = marked(over);
    return copy;
  }

  /** `TABLE t` becomes a query of all its columns. */
  private tableArgument(node: Extract<Expr, { kind: "tableArgument" }>, scope: Scope | null): unknown {
    if (scope === null || node.table.kind !== "table") {
      this.giveUp();
      return node;
    }
    const { path, span } = node.table;
    const { text, columns } = this.named(path, scope);
    const alias = quoted(path[path.length - 1].name);
    const query = this.markOf(`SELECT ${columns.map((name) => `${alias}.${quoted(name)}`).join(", ")}\nFROM ${text} AS ${alias}`);
    const table: TableRef = { kind: "derived", span, query: query as Query, alias: null, lateral: false };
    return { ...node, table, partitionBy: this.resolved(node.partitionBy, null), orderBy: this.resolved(node.orderBy, null) };
  }

  /** `SELECT` of a mark, which the printer takes for a query. */
  private markOf(text: string): object {
    const name = `${QUERY_MARK}${this.queries.push(text) - 1}${QUERY_MARK}`;
    const span = { start: 0, end: 0 };
    const item = { expr: { kind: "name", parts: [{ name, span }], span }, alias: null, span };
    const body = { kind: "select", distinct: false, stream: false, hints: [], items: [item], from: null, where: null, groupBy: null };
    const rest = { groupDistinct: false, having: null, windows: [], qualify: null, span };
    return { kind: "query", with: [], recursive: false, body: { ...body, ...rest }, orderBy: [], limit: null, offset: null, span };
  }

  private fullName(parts: readonly Identifier[], scope: Scope | null): readonly Identifier[] {
    const [first] = parts;
    for (let at = scope; at !== null; at = at.parent) {
      if (parts.length > 1 && at.relations.some(({ alias }) => alias === first.name)) return parts;
      const owner = at.relations.find(({ columns }) => columns.includes(first.name));
      if (owner !== undefined) return [{ name: owner.alias, span: first.span }, ...parts];
    }
    return parts;
  }

  private giveUp(): Expanded {
    this.gaveUp = true;
    return NOTHING;
  }
}

/** Calls that the validator has replaced by others when a view is kept. */
function rewrittenCall(call: Extract<Expr, { kind: "call" }>): Expr {
  const { name, args, options, span } = call;
  if (name === "NULLIF" && args.length === 2) {
    const when: Expr = { kind: "binary", op: "=", left: args[0], right: args[1], span };
    return {
      kind: "case",
      operand: null,
      whens: [{ when, result: { kind: "literal", type: "null", text: "NULL", span } }],
      otherwise: args[0],
      span,
    };
  }
  if (name !== "TRIM" || options.side !== undefined || args.length !== 1) return call;
  const blank: Expr = { kind: "literal", type: "string", text: " ", span };
  return { ...call, args: [args[0], blank], options: { ...options, side: "BOTH" } };
}

function marked(part: Identifier): Identifier {
  return { ...part, name: part.name + MARK };
}

function mergedOf(name: string, scope: Scope): MergedColumn | undefined {
  return scope.merged.find((column) => column.name === name);
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function columnList(columns: readonly Identifier[]): string {
  return columns.length === 0 ? "" : ` (${columns.map(({ name }) => quoted(name)).join(", ")})`;
}

function renamed(columns: readonly string[], names: readonly Identifier[] | undefined): readonly string[] {
  return names === undefined || names.length === 0 ? columns : names.map(({ name }) => name);
}

/** Changes what stands outside of texts in quotes and of names in backticks. */
function outsideTexts(text: string, change: (part: string) => string): string {
  return text
    .split(/('(?:[^']|'')*')/)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join("");
}
