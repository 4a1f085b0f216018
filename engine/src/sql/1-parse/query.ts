/** SELECT, VALUES, set operations, WITH, ORDER BY and LIMIT; table references with joins. */
import type {
  Alias,
  CommonTable,
  Expr,
  GroupItem,
  Identifier,
  JoinType,
  OrderItem,
  Query,
  QueryBody,
  SelectItem,
  SelectQuery,
  TableArgument,
  TableRef,
  WindowSpec,
} from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseExpressionList, parseOrderItems, parseWindowSpec } from "./expression.ts";
import { parseCall } from "./primary.ts";
import { cover } from "./span.ts";
import { SqlError } from "./sql-error.ts";

export function parseQuery(cursor: Cursor): Query {
  const start = cursor.token;
  const common: CommonTable[] = [];
  if (cursor.accept("WITH")) {
    do {
      const name = cursor.identifier("the name of the common table");
      const columns = cursor.is("(") ? cursor.identifierList() : [];
      cursor.expect("AS");
      cursor.expect("(");
      const query = parseQuery(cursor);
      cursor.expect(")");
      common.push({ name, columns, query, span: cursor.spanFrom(name.span) });
    } while (cursor.accept(","));
  }
  const body = parseSetOperations(cursor);
  let orderBy: OrderItem[] = [];
  if (cursor.accept("ORDER")) {
    cursor.expect("BY");
    orderBy = parseOrderItems(cursor);
  }
  let limit: Expr | null = null;
  let offset: Expr | null = null;
  for (;;) {
    if (cursor.accept("LIMIT")) {
      if (cursor.is("-")) throw cursor.unexpected("a number that is not negative", "after LIMIT");
      if (!cursor.accept("ALL")) limit = parseExpression(cursor);
    } else if (cursor.accept("OFFSET")) {
      offset = parseExpression(cursor);
      if (!cursor.accept("ROWS")) cursor.accept("ROW");
    } else if (cursor.accept("FETCH")) {
      if (!cursor.accept("FIRST")) cursor.expect("NEXT");
      limit = cursor.is("ROW") || cursor.is("ROWS") ? null : parseExpression(cursor);
      if (!cursor.accept("ROWS")) cursor.expect("ROW");
      cursor.expect("ONLY");
    } else {
      break;
    }
  }
  return { kind: "query", with: common, body, orderBy, limit, offset, span: cursor.spanFrom(start) };
}

/** UNION and EXCEPT from the left; INTERSECT binds tighter. */
function parseSetOperations(cursor: Cursor): QueryBody {
  let left = parseIntersect(cursor);
  while (cursor.is("UNION") || cursor.is("EXCEPT") || cursor.is("MINUS")) {
    const op = cursor.next().upper === "UNION" ? "UNION" : "EXCEPT";
    const all = cursor.accept("ALL");
    if (!all) cursor.accept("DISTINCT");
    const right = parseIntersect(cursor);
    left = { kind: "set", op, all, left, right, span: cover(left.span, right.span) };
  }
  return left;
}

function parseIntersect(cursor: Cursor): QueryBody {
  let left = parseQueryPrimary(cursor);
  while (cursor.accept("INTERSECT")) {
    const all = cursor.accept("ALL");
    if (!all) cursor.accept("DISTINCT");
    const right = parseQueryPrimary(cursor);
    left = { kind: "set", op: "INTERSECT", all, left, right, span: cover(left.span, right.span) };
  }
  return left;
}

function parseQueryPrimary(cursor: Cursor): QueryBody {
  if (cursor.accept("(")) {
    const query = parseQuery(cursor);
    cursor.expect(")");
    return query;
  }
  if (cursor.is("VALUES")) {
    const start = cursor.next();
    const rows: Expr[][] = [];
    do {
      const row = parseExpression(cursor);
      rows.push(row.kind === "row" ? [...row.items] : [row]);
    } while (cursor.accept(","));
    return { kind: "values", rows, span: cursor.spanFrom(start) };
  }
  return parseSelect(cursor);
}

function parseSelect(cursor: Cursor): SelectQuery {
  const start = cursor.token;
  if (!cursor.accept("SELECT")) throw cursor.unexpected("SELECT, VALUES or WITH");
  const hints = parseHints(cursor);
  const distinct = cursor.accept("DISTINCT");
  if (!distinct) cursor.accept("ALL");
  const items: SelectItem[] = [];
  do {
    const expr = parseExpression(cursor);
    let alias: Identifier | null = null;
    if (cursor.accept("AS")) alias = cursor.identifier("an alias");
    else if (cursor.isIdentifier()) alias = cursor.identifier();
    items.push({ expr, alias, span: cursor.spanFrom(expr.span) });
  } while (cursor.accept(","));
  let from: TableRef | null = null;
  if (cursor.accept("FROM")) {
    from = parseTableRef(cursor);
    while (cursor.accept(",")) {
      const right = parseTableRef(cursor);
      from = { kind: "join", type: "CROSS", natural: false, left: from, right, on: null, using: [], span: cover(from.span, right.span) };
    }
  }
  const where = cursor.accept("WHERE") ? parseExpression(cursor) : null;
  let groupBy: GroupItem[] | null = null;
  if (cursor.accept("GROUP")) {
    cursor.expect("BY");
    groupBy = parseGroupBy(cursor);
  }
  const having = cursor.accept("HAVING") ? parseExpression(cursor) : null;
  const windows: { name: Identifier; spec: WindowSpec }[] = [];
  if (cursor.accept("WINDOW")) {
    do {
      const name = cursor.identifier("a window name");
      cursor.expect("AS");
      windows.push({ name, spec: parseWindowSpec(cursor) });
    } while (cursor.accept(","));
  }
  const qualify = cursor.accept("QUALIFY") ? parseExpression(cursor) : null;
  return { kind: "select", distinct, hints, items, from, where, groupBy, having, windows, qualify, span: cursor.spanFrom(start) };
}

function parseHints(cursor: Cursor): string[] {
  const hints: string[] = [];
  for (let hint = cursor.acceptKind("hint"); hint !== null; hint = cursor.acceptKind("hint")) hints.push(hint.text.trim());
  return hints;
}

function parseGroupBy(cursor: Cursor): GroupItem[] {
  if (cursor.accept("(", ")")) return [];
  const items: GroupItem[] = [];
  do {
    const start = cursor.token;
    if (cursor.accept("GROUPING", "SETS")) {
      cursor.expect("(");
      const sets: Expr[][] = [];
      do sets.push(parseGroupingSet(cursor));
      while (cursor.accept(","));
      cursor.expect(")");
      items.push({ kind: "sets", sets, span: cursor.spanFrom(start) });
    } else if (cursor.is("ROLLUP", "(") || cursor.is("CUBE", "(")) {
      const kind = cursor.next().upper === "CUBE" ? "cube" : "rollup";
      cursor.expect("(");
      const sets: Expr[][] = [];
      do sets.push(parseGroupingSet(cursor));
      while (cursor.accept(","));
      cursor.expect(")");
      items.push({ kind, sets, span: cursor.spanFrom(start) });
    } else {
      const expr = parseExpression(cursor);
      if (expr.kind === "row") for (const part of expr.items) items.push({ kind: "expr", expr: part, span: part.span });
      else items.push({ kind: "expr", expr, span: expr.span });
    }
  } while (cursor.accept(","));
  return items;
}

function parseGroupingSet(cursor: Cursor): Expr[] {
  if (cursor.accept("(", ")")) return [];
  const expr = parseExpression(cursor);
  return expr.kind === "row" ? [...expr.items] : [expr];
}

const JOIN_STARTS = ["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"];

export function parseTableRef(cursor: Cursor): TableRef {
  let left = parseTablePrimary(cursor);
  while (cursor.token.kind === "word" && JOIN_STARTS.includes(cursor.token.upper)) {
    const natural = cursor.accept("NATURAL");
    let type: JoinType = "INNER";
    if (cursor.is("LEFT") || cursor.is("RIGHT") || cursor.is("FULL")) {
      type = cursor.next().upper as JoinType;
      cursor.accept("OUTER");
    } else if (cursor.accept("CROSS")) {
      type = "CROSS";
    } else {
      cursor.accept("INNER");
    }
    cursor.expect("JOIN");
    const right = parseTablePrimary(cursor);
    const on = cursor.accept("ON") ? parseExpression(cursor) : null;
    const using = on === null && cursor.accept("USING") ? cursor.identifierList() : [];
    left = { kind: "join", type, natural, left, right, on, using, span: cursor.spanFrom(left.span) };
  }
  return left;
}

function parseTablePrimary(cursor: Cursor): TableRef {
  let table = parseTableCore(cursor);
  if (cursor.is("MATCH_RECOGNIZE")) {
    const start = cursor.next();
    let depth = 0;
    cursor.expect("(");
    depth = 1;
    while (depth > 0) {
      const token = cursor.next();
      if (token.kind === "end") throw cursor.unexpected(")", "to close MATCH_RECOGNIZE");
      if (token.text === "(" && token.kind === "symbol") depth++;
      else if (token.text === ")" && token.kind === "symbol") depth--;
    }
    parseAlias(cursor);
    table = { kind: "matchRecognize", input: table, span: cursor.spanFrom(start) };
  }
  return table;
}

function parseTableCore(cursor: Cursor): TableRef {
  const start = cursor.token;
  const lateral = cursor.accept("LATERAL");
  if (cursor.is("TABLE", "(")) {
    cursor.next();
    cursor.expect("(");
    const call = parseCall(cursor);
    cursor.expect(")");
    return { kind: "function", call, alias: parseAlias(cursor), span: cursor.spanFrom(start) };
  }
  if (cursor.accept("UNNEST")) {
    cursor.expect("(");
    const expr = parseExpression(cursor);
    cursor.expect(")");
    const withOrdinality = cursor.accept("WITH", "ORDINALITY");
    return { kind: "unnest", expr, withOrdinality, alias: parseAlias(cursor), span: cursor.spanFrom(start) };
  }
  if (cursor.is("(")) {
    const mark = cursor.mark();
    cursor.next();
    if (cursor.is("SELECT") || cursor.is("WITH") || cursor.is("VALUES") || cursor.is("(")) {
      try {
        const query = parseQuery(cursor);
        cursor.expect(")");
        return { kind: "derived", query, alias: parseAlias(cursor), lateral, span: cursor.spanFrom(start) };
      } catch (error) {
        if (
          !(error instanceof SqlError) ||
          !cursor.text
            .slice(start.start + 1)
            .trimStart()
            .startsWith("(")
        )
          throw error;
        cursor.reset(mark);
        cursor.next();
      }
    }
    const inner = parseTableRef(cursor);
    cursor.expect(")");
    return inner;
  }
  if (cursor.isIdentifier() && cursor.token.kind === "word" && cursor.peek().text === "(") {
    const call = parseCall(cursor);
    return { kind: "function", call, alias: parseAlias(cursor), span: cursor.spanFrom(start) };
  }
  if (lateral) throw cursor.unexpected("TABLE( or a subquery", "after LATERAL");
  const path = cursor.path("a table");
  if (cursor.is("PIVOT", "(") || cursor.is("UNPIVOT", "(")) {
    throw new SqlError("validate", "SQL_UNSUPPORTED", `${cursor.token.upper} is not supported by Flink SQL.`, cursor.token);
  }
  const hints = parseHints(cursor);
  let asOf: Expr | null = null;
  if (cursor.accept("FOR", "SYSTEM_TIME")) {
    cursor.expect("AS");
    cursor.expect("OF");
    asOf = parseExpression(cursor);
  }
  return { kind: "table", path, alias: parseAlias(cursor), asOf, hints, span: cursor.spanFrom(start) };
}

function parseAlias(cursor: Cursor): Alias | null {
  if (!cursor.accept("AS") && !cursor.isIdentifier()) return null;
  const name = cursor.identifier("an alias");
  const columns = cursor.is("(") ? cursor.identifierList() : [];
  return { name, columns };
}

/** `TABLE t [PARTITION BY …] [ORDER BY …]` as a function argument. */
export function parseTableArgument(cursor: Cursor): TableArgument {
  const start = cursor.expect("TABLE");
  let table: TableRef;
  if (cursor.accept("(")) {
    const query = parseQuery(cursor);
    cursor.expect(")");
    table = { kind: "derived", query, alias: null, lateral: false, span: cursor.spanFrom(start) };
  } else {
    const path = cursor.path("a table");
    table = { kind: "table", path, alias: null, asOf: null, hints: [], span: cursor.spanFrom(start) };
  }
  let partitionBy: Expr[] = [];
  if (cursor.accept("PARTITION")) {
    cursor.expect("BY");
    if (cursor.accept("(")) {
      partitionBy = parseExpressionList(cursor);
      cursor.expect(")");
    } else {
      // Only one bare column: what follows a comma is the function's next argument.
      partitionBy = [parseExpression(cursor)];
      while (cursor.is(",") && cursor.isIdentifier(cursor.peek()) && cursor.peek().upper !== "DESCRIPTOR" && cursor.peek(2).text !== "=>") {
        cursor.next();
        partitionBy.push(parseExpression(cursor));
      }
    }
  }
  let orderBy: OrderItem[] = [];
  if (cursor.accept("ORDER")) {
    cursor.expect("BY");
    orderBy = parseOrderItems(cursor);
  }
  return { kind: "tableArgument", table, partitionBy, orderBy, span: cursor.spanFrom(start) };
}
