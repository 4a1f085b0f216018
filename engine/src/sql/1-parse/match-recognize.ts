/** MATCH_RECOGNIZE in full; which of it Flink can run is decided later. */
import type { AfterMatch, Expr, Identifier, MatchRecognizeRef, PatternNode, TableRef } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parseExpressionList, parseNonQueryExpression, parseOrderBy } from "./expression.ts";
import { parseInterval } from "./interval.ts";
import { acceptUnsignedNumber } from "./literal.ts";

/** `[AS alias] MATCH_RECOGNIZE (…)` behind a table, or null when none comes. */
export function acceptMatchRecognize(cursor: Cursor, table: TableRef): MatchRecognizeRef | null {
  let input = table;
  const words = cursor.is("AS") ? 2 : 0;
  if (cursor.peek(words).upper !== "MATCH_RECOGNIZE") return null;
  if (words > 0) {
    cursor.accept("AS");
    const name = cursor.identifier("an alias");
    if (table.kind !== "table" && table.kind !== "derived") throw cursor.unexpected("a table", "before MATCH_RECOGNIZE");
    input = { ...table, alias: { name, columns: [] }, span: cursor.spanFrom(table.span) };
  }
  if (table.kind === "join")
    throw cursor.refusal("MATCH_RECOGNIZE takes no join.", cursor.token, { hint: "Put the join into a subquery." });
  if (table.kind !== "table" && table.kind !== "derived") return null;
  const start = cursor.next();
  cursor.expect("(", "after MATCH_RECOGNIZE");
  const partitionBy = acceptPartitionBy(cursor);
  const orderBy = cursor.accept("ORDER") ? parseOrderBy(cursor) : [];
  const measures = cursor.accept("MEASURES") ? parseMeasures(cursor) : [];
  const rowsPerMatch = parseRowsPerMatch(cursor);
  const afterMatch = parseAfterMatch(cursor);
  cursor.expect("PATTERN", "in MATCH_RECOGNIZE");
  cursor.expect("(", "after PATTERN");
  const anchoredStart = cursor.accept("^");
  const pattern = parsePattern(cursor);
  const anchoredEnd = cursor.accept("$");
  cursor.expect(")", "to close PATTERN");
  const within = parseWithin(cursor);
  const subsets = cursor.accept("SUBSET") ? parseSubsets(cursor) : [];
  cursor.expect("DEFINE", "in MATCH_RECOGNIZE");
  const define = parseDefinitions(cursor);
  cursor.expect(")", "to close MATCH_RECOGNIZE");
  const clauses = {
    partitionBy,
    orderBy,
    measures,
    rowsPerMatch,
    afterMatch,
    pattern,
    anchoredStart,
    anchoredEnd,
    within,
    subsets,
    define,
  };
  return { kind: "matchRecognize", input, ...clauses, alias: null, span: cursor.spanFrom(start) };
}

function acceptPartitionBy(cursor: Cursor): Expr[] {
  if (!cursor.accept("PARTITION")) return [];
  cursor.expect("BY", "after PARTITION");
  return parseExpressionList(cursor, parseNonQueryExpression);
}

function parseMeasures(cursor: Cursor): { expr: Expr; alias: Identifier }[] {
  const measures: { expr: Expr; alias: Identifier }[] = [];
  do {
    const expr = parseNonQueryExpression(cursor);
    cursor.expect("AS", "behind a measure");
    measures.push({ expr, alias: cursor.identifier("the measure's name") });
  } while (cursor.accept(","));
  return measures;
}

function parseRowsPerMatch(cursor: Cursor): "ONE" | "ALL" | null {
  const word = cursor.acceptOneOf(["ONE", "ALL"]);
  if (word === null) return null;
  cursor.expect(word === "ONE" ? "ROW" : "ROWS", `after ${word}`);
  cursor.expect("PER");
  cursor.expect("MATCH");
  return word;
}

function parseAfterMatch(cursor: Cursor): AfterMatch | null {
  if (!cursor.accept("AFTER")) return null;
  cursor.expect("MATCH", "after AFTER");
  cursor.expect("SKIP", "after AFTER MATCH");
  if (cursor.accept("PAST")) {
    cursor.expect("LAST");
    cursor.expect("ROW");
    return { kind: "pastLastRow" };
  }
  cursor.expect("TO", "or PAST after SKIP");
  if (cursor.accept("NEXT", "ROW")) return { kind: "toNextRow" };
  if (cursor.is("FIRST") && cursor.isIdentifier(cursor.peek())) {
    cursor.next();
    return { kind: "toFirst", variable: cursor.identifier("a pattern variable") };
  }
  if (cursor.is("LAST") && cursor.isIdentifier(cursor.peek())) cursor.next();
  return { kind: "toLast", variable: cursor.identifier("a pattern variable") };
}

/** `A B | C`. */
function parsePattern(cursor: Cursor): PatternNode {
  const parts = [parseSequence(cursor)];
  while (cursor.accept("|")) parts.push(parseSequence(cursor));
  return parts.length === 1 ? parts[0] : { kind: "alternation", parts };
}

function parseSequence(cursor: Cursor): PatternNode {
  const parts = parseFactor(cursor);
  while (beginsPatternPrimary(cursor)) parts.push(...parseFactor(cursor));
  return parts.length === 1 ? parts[0] : { kind: "sequence", parts };
}

function beginsPatternPrimary(cursor: Cursor): boolean {
  return cursor.isIdentifier() || cursor.is("(") || cursor.is("PERMUTE") || cursor.is("{", "-");
}

/** A part of the pattern with its quantifier; `A {- B -}` gives two. */
function parseFactor(cursor: Cursor): PatternNode[] {
  const part = parsePatternPrimary(cursor);
  if (cursor.is("{", "-")) return [part];
  const bounds = acceptQuantifier(cursor);
  if (bounds === null) return [part];
  const greedy = !cursor.accept("?");
  return [{ kind: "quantified", part, ...bounds, greedy }];
}

function acceptQuantifier(cursor: Cursor): { readonly min: number; readonly max: number | null } | null {
  if (cursor.accept("*")) return { min: 0, max: null };
  if (cursor.accept("+")) return { min: 1, max: null };
  if (cursor.accept("?")) return { min: 0, max: 1 };
  if (!cursor.accept("{")) return null;
  if (cursor.accept(",")) {
    const max = parseCount(cursor);
    cursor.expect("}");
    return { min: -1, max };
  }
  const min = parseCount(cursor);
  let max: number | null = min;
  if (cursor.accept(",")) max = cursor.is("}") ? null : parseCount(cursor);
  cursor.expect("}");
  return { min, max };
}

function parseCount(cursor: Cursor): number {
  const number = acceptUnsignedNumber(cursor);
  if (number === null) throw cursor.unexpected("a number", "in the quantifier");
  return Number(number.text);
}

function parsePatternPrimary(cursor: Cursor): PatternNode {
  if (cursor.isIdentifier()) return { kind: "variable", name: cursor.identifier() };
  if (cursor.accept("(")) {
    const inner = cursor.nested(parsePattern);
    cursor.expect(")", "in PATTERN");
    return inner;
  }
  if (cursor.accept("{", "-")) {
    const part = cursor.nested(parsePattern);
    cursor.expect("-", "to close {- … -}");
    cursor.expect("}", "to close {- … -}");
    return { kind: "exclude", part };
  }
  if (!cursor.accept("PERMUTE")) throw cursor.unexpected("a pattern variable");
  cursor.expect("(", "after PERMUTE");
  const parts = [cursor.nested(parsePattern)];
  while (cursor.accept(",")) parts.push(cursor.nested(parsePattern));
  cursor.expect(")", "to close PERMUTE");
  return { kind: "permute", parts };
}

function parseWithin(cursor: Cursor): Expr | null {
  if (!cursor.accept("WITHIN")) return null;
  const start = cursor.expect("INTERVAL", "after WITHIN");
  const interval = parseInterval(cursor, start);
  const written = cursor.text.slice(interval.span.start, interval.span.end);
  if (interval.kind === "interval" && written.includes("'")) return interval;
  throw cursor.refusal("WITHIN takes an interval in quotes.", interval.span, { found: written, expected: "WITHIN INTERVAL '10' SECOND" });
}

function parseSubsets(cursor: Cursor): { name: Identifier; members: Expr[] }[] {
  const subsets: { name: Identifier; members: Expr[] }[] = [];
  do {
    const name = cursor.identifier("the subset's name");
    cursor.expect("=", "in SUBSET");
    cursor.expect("(", "in SUBSET");
    const members = parseExpressionList(cursor, parseNonQueryExpression);
    cursor.expect(")", "to close SUBSET");
    subsets.push({ name, members });
  } while (cursor.accept(","));
  return subsets;
}

function parseDefinitions(cursor: Cursor): { variable: Identifier; condition: Expr }[] {
  const define: { variable: Identifier; condition: Expr }[] = [];
  do {
    const variable = cursor.identifier("a pattern variable");
    cursor.expect("AS", "in DEFINE");
    define.push({ variable, condition: parseExpression(cursor) });
  } while (cursor.accept(","));
  return define;
}
