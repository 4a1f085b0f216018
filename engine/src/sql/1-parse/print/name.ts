import type { Identifier } from "../ast.ts";
import { RESERVED, RESERVED_FUNCTIONS, SPECIAL_CALLS } from "../keywords.ts";

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Not reserved, yet read as the beginning of something else where a name may stand. */
const CONFUSABLE = new Set(["MAP", "MODEL", "FINAL"]);

export function printName({ name }: Identifier): string {
  const upper = name.toUpperCase();
  return PLAIN.test(name) && !RESERVED.has(upper) && !CONFUSABLE.has(upper) ? name : backQuoted(name);
}

export function printPath(path: readonly Identifier[]): string {
  return path.map(printName).join(".");
}

/** Some reserved words may be called, in upper case, as they stand in the tree. */
export function printFunctionName(path: readonly Identifier[]): string {
  const [{ name }] = path;
  return path.length === 1 && (RESERVED_FUNCTIONS.has(name) || SPECIAL_CALLS.has(name)) ? name : printPath(path);
}

/** ` (a, b)`, or nothing. */
export function printColumnList(columns: readonly Identifier[]): string {
  return columns.length === 0 ? "" : ` (${columns.map(printName).join(", ")})`;
}

function backQuoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

export function printString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
