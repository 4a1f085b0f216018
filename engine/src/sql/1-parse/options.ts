/** `('key' = 'value', …)`, lists of keys, partition values, and other small parts that many statements share. */
import type { Identifier, OptionKey, PartitionValue, TableOption } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { isStringToken, parseLiteral, parseStringLiteral } from "./literal.ts";

/** WITH (…), or no options. */
export function acceptOptions(cursor: Cursor): TableOption[] {
  return cursor.accept("WITH") ? parseOptions(cursor) : [];
}

/** `('key' = 'value', …)`, perhaps empty. */
export function parseOptions(cursor: Cursor): TableOption[] {
  cursor.expect("(", "before the options");
  const options: TableOption[] = [];
  if (!cursor.is(")")) {
    do options.push(parseOption(cursor));
    while (cursor.accept(","));
  }
  cursor.expect(")", "after the options");
  return options;
}

function parseOption(cursor: Cursor): TableOption {
  const start = cursor.token;
  if (!isStringToken(start))
    throw cursor.unexpected("an option in quotes", undefined, "Keys and values stand in single quotes: 'connector' = 'kafka'.");
  const key = parseStringLiteral(cursor);
  cursor.expect("=", "between an option and its value");
  const value = parseStringLiteral(cursor, "the option's value in quotes");
  return { key: key.text, value: value.text, keySpan: key.span, valueSpan: value.span, span: cursor.spanFrom(start) };
}

/** `('key', …)`, perhaps empty. */
export function parseOptionKeys(cursor: Cursor): OptionKey[] {
  cursor.expect("(", "before the options");
  const keys: OptionKey[] = [];
  if (!cursor.is(")")) {
    do {
      const key = parseStringLiteral(cursor, "an option in quotes");
      keys.push({ key: key.text, span: key.span });
    } while (cursor.accept(","));
  }
  cursor.expect(")", "after the options");
  return keys;
}

/** `(p = 'a', q = 1)`; with `optional`, a column may stand without its value. */
export function parsePartition(cursor: Cursor, { optional = false } = {}): PartitionValue[] {
  cursor.expect("(", "after PARTITION");
  const values: PartitionValue[] = [];
  do {
    const column = cursor.identifier("a partition column");
    if (!optional && !cursor.is("=")) throw cursor.unexpected("=", "behind the partition column");
    const value = cursor.accept("=") ? parseLiteral(cursor) : null;
    values.push({ column, value, span: cursor.spanFrom(column.span) });
  } while (cursor.accept(","));
  cursor.expect(")", "to close PARTITION");
  return values;
}

/** COMMENT '…', or null. */
export function acceptComment(cursor: Cursor): string | null {
  return cursor.accept("COMMENT") ? cursor.string("the comment in quotes").text : null;
}

export function acceptIfExists(cursor: Cursor): boolean {
  return cursor.accept("IF", "EXISTS");
}

export function acceptIfNotExists(cursor: Cursor): boolean {
  return cursor.accept("IF", "NOT", "EXISTS");
}

/** `(a.b, c)`: each as its path. */
export function parsePathList(cursor: Cursor): Identifier[][] {
  cursor.expect("(");
  const paths = [cursor.path("a column name")];
  while (cursor.accept(",")) paths.push(cursor.path("a column name"));
  cursor.expect(")");
  return paths;
}
