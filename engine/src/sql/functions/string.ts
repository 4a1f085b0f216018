/** Text functions. Positions count from 1. */
import { arrayOf, BOOLEAN, INT, STRING } from "../../types/logical-type.ts";
import { type Implementation, type LogicalTypeResult, parameters, type ScalarFunction } from "./scalar-function.ts";

type Example = readonly [sql: string, value: unknown];

function text(
  name: string,
  families: readonly string[],
  implementation: Implementation,
  description: string,
  ...examples: Example[]
): ScalarFunction {
  return declare(name, families, () => STRING, implementation, description, examples);
}

function declare(
  name: string,
  families: readonly string[],
  result: LogicalTypeResult,
  implementation: Implementation,
  description: string,
  examples: readonly Example[],
  more: Partial<ScalarFunction> = {},
): ScalarFunction {
  return {
    name,
    parameters: parameters(...families),
    result,
    implement: () => implementation,
    description,
    examples: examples.map(([sql, value]) => ({ sql, value })),
    ...more,
  };
}

const characters = (value: string): string[] => Array.from(value);

function pad(value: string, length: number, filler: string, left: boolean): string | null {
  const missing = length - value.length;
  if (length < 0 || (filler === "" && missing > 0)) return null;
  if (missing <= 0) return value.slice(0, length);
  const padding = filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing);
  return left ? padding + value : value + padding;
}

function trimStart(value: string, set: string): string {
  let at = 0;
  while (at < value.length && set.includes(value[at])) at++;
  return value.slice(at);
}

function trimEnd(value: string, set: string): string {
  let end = value.length;
  while (end > 0 && set.includes(value[end - 1])) end--;
  return value.slice(0, end);
}

function substring(value: string, start: number, length?: number): string | null {
  if (length !== undefined && length < 0) return null;
  const from = start > 0 ? start - 1 : start < 0 ? value.length + start : 0;
  if (from < 0 && length !== undefined && from + length <= 0) return "";
  const begin = Math.max(0, from);
  return value.slice(begin, length === undefined ? undefined : Math.max(begin, (from < 0 ? 0 : from) + length));
}

const TRIM: ScalarFunction = {
  name: "TRIM",
  parameters: parameters("string", "string?"),
  result: () => STRING,
  implement: ({ options }) => {
    const side = options.side ?? "BOTH";
    return (value: string, set = " ") => {
      const right = side === "LEADING" ? value : trimEnd(value, set);
      return side === "TRAILING" ? right : trimStart(right, set);
    };
  },
  description: "Takes blanks, or the given characters, off the ends: TRIM([LEADING | TRAILING | BOTH] [set FROM] text).",
  examples: [{ sql: "TRIM('  a ')", value: "a" }],
};

export const STRING_FUNCTIONS: readonly ScalarFunction[] = [
  text("UPPER", ["string"], (s: string) => s.toUpperCase(), "The text in capitals.", ["UPPER('ab')", "AB"]),
  text("LOWER", ["string"], (s: string) => s.toLowerCase(), "The text in small letters.", ["LOWER('AB')", "ab"]),
  text(
    "INITCAP",
    ["string"],
    (s: string) => s.toLowerCase().replace(/[a-z0-9]+/g, (word) => word[0].toUpperCase() + word.slice(1)),
    "Each word with a capital.",
    ["INITCAP('hi you')", "Hi You"],
  ),
  TRIM,
  text("LTRIM", ["string", "string?"], (s: string, set = " ") => trimStart(s, set), "Without blanks at the start.", ["LTRIM(' a ')", "a "]),
  text("RTRIM", ["string", "string?"], (s: string, set = " ") => trimEnd(s, set), "Without blanks at the end.", ["RTRIM(' a ')", " a"]),
  text("BTRIM", ["string", "string?"], (s: string, set = " ") => trimStart(trimEnd(s, set), set), "Without blanks at both ends.", [
    "BTRIM(' a ')",
    "a",
  ]),
  text("LPAD", ["string", "integer", "string"], (s: string, n: number, f: string) => pad(s, n, f, true), "Filled up from the left.", [
    "LPAD('a', 3, '*')",
    "**a",
  ]),
  text("RPAD", ["string", "integer", "string"], (s: string, n: number, f: string) => pad(s, n, f, false), "Filled up from the right.", [
    "RPAD('a', 3, '*')",
    "a**",
  ]),
  text("REVERSE", ["string"], (s: string) => characters(s).reverse().join(""), "The text backwards.", ["REVERSE('abc')", "cba"]),
  text("REPEAT", ["string", "integer"], (s: string, n: number) => s.repeat(Math.max(0, n)), "The text several times.", [
    "REPEAT('ab', 2)",
    "abab",
  ]),
  text(
    "REPLACE",
    ["string", "string", "string"],
    (s: string, a: string, b: string) => (a === "" ? s : s.replaceAll(a, b)),
    "Each occurrence replaced.",
    ["REPLACE('a-b', '-', '+')", "a+b"],
  ),
  text("SUBSTRING", ["string", "integer", "integer?"], substring, "Part of the text, from a position counted from 1.", [
    "SUBSTRING('flink', 2, 3)",
    "lin",
  ]),
  text("SUBSTR", ["string", "integer", "integer?"], substring, "Part of the text, from a position counted from 1.", [
    "SUBSTR('flink', 2)",
    "link",
  ]),
  text("LEFT", ["string", "integer"], (s: string, n: number) => s.slice(0, Math.max(0, n)), "The first characters.", [
    "LEFT('flink', 2)",
    "fl",
  ]),
  text("RIGHT", ["string", "integer"], (s: string, n: number) => (n <= 0 ? "" : s.slice(-n)), "The last characters.", [
    "RIGHT('flink', 2)",
    "nk",
  ]),
  text("CONCAT", ["string", "string*"], (...parts: string[]) => parts.join(""), "Texts one after the other; NULL when one is NULL.", [
    "CONCAT('a', 'b')",
    "ab",
  ]),
  declare(
    "CONCAT_WS",
    ["string", "string*"],
    () => STRING,
    (separator: string | null, ...parts: (string | null)[]) =>
      separator === null ? null : parts.filter((part) => part !== null).join(separator),
    "Texts with a separator between them; NULLs are left out.",
    [["CONCAT_WS('-', 'a', 'b')", "a-b"]],
    { nullAware: true },
  ),
  text(
    "OVERLAY",
    ["string", "string", "integer", "integer?"],
    (s: string, by: string, from: number, length?: number) =>
      from <= 0 || from > s.length ? s : s.slice(0, from - 1) + by + s.slice(from - 1 + (length ?? by.length)),
    "Part of the text replaced: OVERLAY(text PLACING new FROM position [FOR length]).",
    ["OVERLAY('xxxxxtest' PLACING 'xxxx' FROM 6)", "xxxxxxxxx"],
  ),
  text(
    "TRANSLATE",
    ["string", "string", "string"],
    (s: string, from: string, to: string) =>
      characters(s)
        .map((c) => {
          const at = from.indexOf(c);
          return at < 0 ? c : (to[at] ?? "");
        })
        .join(""),
    "Characters exchanged one for one.",
    ["TRANSLATE('abc', 'ab', 'xy')", "xyc"],
  ),
  text("CHR", ["integer"], (n: number) => (n < 0 ? "" : String.fromCharCode(n % 256)), "The character of a code.", ["CHR(65)", "A"]),
  text("SPLIT_INDEX", ["string", "any", "integer"], splitIndex, "The n-th part, counted from 0, of a text cut at a separator.", [
    "SPLIT_INDEX('a,b', ',', 1)",
    "b",
  ]),
  text("ELT", ["integer", "string", "string*"], (n: number, ...parts: string[]) => parts[n - 1] ?? null, "The n-th of the texts.", [
    "ELT(2, 'a', 'b')",
    "b",
  ]),
  declare(
    "SPLIT",
    ["string", "string"],
    () => arrayOf(STRING),
    (s: string, by: string) => (s === "" ? [] : by === "" ? characters(s) : s.split(by)),
    "The parts of a text cut at a separator.",
    [["SPLIT('a,b', ',')", ["a", "b"]]],
  ),
  declare(
    "CHAR_LENGTH",
    ["string"],
    () => INT,
    (s: string) => characters(s).length,
    "Number of characters.",
    [["CHAR_LENGTH('abc')", 3]],
  ),
  declare(
    "CHARACTER_LENGTH",
    ["string"],
    () => INT,
    (s: string) => characters(s).length,
    "Number of characters.",
    [["CHARACTER_LENGTH('abc')", 3]],
  ),
  declare(
    "ASCII",
    ["string"],
    () => INT,
    (s: string) => (s === "" ? 0 : s.charCodeAt(0) & 0xff),
    "Code of the first character.",
    [["ASCII('A')", 65]],
  ),
  declare(
    "POSITION",
    ["string", "string"],
    () => INT,
    (part: string, s: string) => s.indexOf(part) + 1,
    "Where a text occurs, 0 when nowhere: POSITION(part IN text).",
    [["POSITION('b' IN 'abc')", 2]],
  ),
  declare(
    "INSTR",
    ["string", "string"],
    () => INT,
    (s: string, part: string) => s.indexOf(part) + 1,
    "Where the second text occurs in the first, 0 when nowhere.",
    [["INSTR('abc', 'b')", 2]],
  ),
  declare(
    "LOCATE",
    ["string", "string", "integer?"],
    () => INT,
    (part: string, s: string, from = 1) => s.indexOf(part, from - 1) + 1,
    "Where the first text occurs in the second, 0 when nowhere.",
    [["LOCATE('b', 'abc')", 2]],
  ),
  declare(
    "STARTSWITH",
    ["string", "string"],
    () => BOOLEAN,
    (s: string, part: string) => s.startsWith(part),
    "True when the text begins so.",
    [["STARTSWITH('abc', 'a')", true]],
  ),
  declare(
    "ENDSWITH",
    ["string", "string"],
    () => BOOLEAN,
    (s: string, part: string) => s.endsWith(part),
    "True when the text ends so.",
    [["ENDSWITH('abc', 'c')", true]],
  ),
];

function splitIndex(s: string, by: string | number, index: number): string | null {
  const separator = typeof by === "number" ? String.fromCharCode(by) : by;
  return index < 0 ? null : (s.split(separator)[index] ?? null);
}
