/** Text functions. Positions count characters (code points) from 1. */
import { BOOLEAN, INT, isBinary, MAX_LENGTH, STRING, varcharOf, withNullable } from "../../types/logical-type.ts";
import { indexOf, lengthOf, reversed, sliceOf } from "./code-points.ts";
import { declare } from "./declare-function.ts";
import { withoutLongs } from "./generated-code.ts";
import { type LogicalTypeResult, parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";
import { utf8Encode } from "./utf8.ts";

/** Longer texts fail: JavaScript could not hold them. */
const MAX_TEXT = 2 ** 28;

const first: LogicalTypeResult = (types) => types[0];
/** VARCHAR as long as the first argument. */
const varcharOfFirst: LogicalTypeResult = (types) => varcharOf(types[0].length ?? MAX_LENGTH);

function repeat(text: string, count: number): string {
  if (text.length * count > MAX_TEXT)
    throw new SqlRuntimeError("SQL_TEXT_TOO_LONG", `A text of ${text.length * count} characters is too long.`);
  return text.repeat(Math.max(0, count));
}

function pad(text: string, length: number, filler: string, left: boolean): string | null {
  // Flink counts UTF-16 units here.
  const missing = length - text.length;
  if (length < 0 || (filler === "" && missing > 0)) return null;
  if (missing <= 0) return text.slice(0, length);
  const padding = repeat(filler, Math.ceil(missing / filler.length)).slice(0, missing);
  return left ? padding + text : text + padding;
}

function trimStart(text: string, set: string): string {
  let at = 0;
  while (at < text.length && set.includes(text[at])) at++;
  return text.slice(at);
}

function trimEnd(text: string, set: string): string {
  let end = text.length;
  while (end > 0 && set.includes(text[end - 1])) end--;
  return text.slice(0, end);
}

function substring(text: string, start: number, length?: number): string | null {
  if (length !== undefined && length < 0) return null;
  const total = lengthOf(text);
  const from = start > 0 ? start - 1 : start < 0 ? total + start : 0;
  if (from < 0 || from >= total) return "";
  return sliceOf(text, from, length === undefined ? undefined : from + length);
}

function overlay(text: string, by: string, from: number, length = lengthOf(by)): string {
  const total = lengthOf(text);
  if (from <= 0 || from > total) return text;
  const rest = length < 0 || from + length > total ? "" : sliceOf(text, from - 1 + length);
  return sliceOf(text, 0, from - 1) + by + rest;
}

function initCap(text: string): string {
  return text.toLowerCase().replace(/[a-z0-9]+/g, (word) => word[0].toUpperCase() + word.slice(1));
}

/** NULL as `from` exchanges nothing, as `to` it takes away. */
function translate(text: string | null, from: string | null, to: string | null): string | null {
  if (text === null) return null;
  const source = Array.from(from ?? "");
  const target = Array.from(to ?? "");
  let translated = "";
  for (const char of text) {
    const at = source.indexOf(char);
    translated += at < 0 ? char : (target[at] ?? "");
  }
  return translated;
}

/** The n-th occurrence, from the start or (negative `from`) from the end. */
function instr(text: string, part: string, from = 1, nth = 1): number | null {
  if (nth <= 0) throw new SqlRuntimeError("SQL_INSTR", "The occurrence of INSTR must be positive.");
  if (from === 0) return 0;
  if (part === "") return 1;
  let at = from > 0 ? from - 2 : text.length + from + 1;
  for (let found = 0; found < nth; found++) {
    if (from < 0 && at <= 0) return 0;
    at = from > 0 ? text.indexOf(part, at + 1) : text.lastIndexOf(part, at - 1);
    if (at < 0) return 0;
  }
  return lengthOf(text.slice(0, at)) + 1;
}

/** TRIM, LTRIM and RTRIM: the two-argument forms differ from TRIM's own syntax only in the order of the words. */
const TRIM: ScalarFunction = {
  name: "TRIM",
  parameters: parameters("string", "string?"),
  result: varcharOfFirst,
  implement: ({ options }) => {
    const side = options.side ?? "BOTH";
    return (text: string, set = " ") => {
      const right = side === "LEADING" ? text : trimEnd(text, set);
      return side === "TRAILING" ? right : trimStart(right, set);
    };
  },
  description: "Takes blanks, or the given characters, off the ends: TRIM([LEADING | TRAILING | BOTH] [set FROM] text).",
  examples: [
    { sql: "TRIM('  a ')", value: "a" },
    { sql: "TRIM(LEADING 'x' FROM 'xxax')", value: "ax" },
  ],
};

function affix(name: string, test: (text: string, part: string) => boolean, says: string, sql: string): ScalarFunction {
  const startsWith = name === "STARTSWITH";
  const bytesTest = (bytes: Uint8Array, part: Uint8Array): boolean => {
    const offset = startsWith ? 0 : bytes.length - part.length;
    return offset >= 0 && part.every((byte, i) => bytes[offset + i] === byte);
  };
  return {
    ...declare({ name, takes: ["text-or-binary", "text-or-binary"], gives: BOOLEAN, apply: test, says, examples: [[sql, true]] }),
    refuse: ([a, b]) => (isBinary(a) === isBinary(b) || b.root === "NULL" ? null : {}),
    implement: ({ types }) => (isBinary(types[0]) ? bytesTest : test),
  };
}

export const STRING_FUNCTIONS: readonly ScalarFunction[] = [
  declare({
    name: "UPPER",
    takes: ["string"],
    gives: first,
    apply: (s: string) => s.toUpperCase(),
    says: "The text in capitals.",
    examples: [["UPPER('ab')", "AB"]],
  }),
  declare({
    name: "LOWER",
    takes: ["string"],
    gives: first,
    apply: (s: string) => s.toLowerCase(),
    says: "The text in small letters.",
    examples: [["LOWER('AB')", "ab"]],
  }),
  declare({
    name: "INITCAP",
    takes: ["string"],
    gives: first,
    apply: initCap,
    says: "Each word with a capital.",
    examples: [["INITCAP('hi you')", "Hi You"]],
  }),
  TRIM,
  declare({
    name: "LTRIM",
    takes: ["string", "string?"],
    gives: varcharOfFirst,
    apply: (s: string, set = " ") => trimStart(s, set),
    says: "Without blanks, or the given characters, at the start.",
    examples: [
      ["LTRIM(' a ')", "a "],
      ["LTRIM('xxa', 'x')", "a"],
    ],
  }),
  declare({
    name: "RTRIM",
    takes: ["string", "string?"],
    gives: varcharOfFirst,
    apply: (s: string, set = " ") => trimEnd(s, set),
    says: "Without blanks, or the given characters, at the end.",
    examples: [["RTRIM(' a ')", " a"]],
  }),
  declare({
    name: "BTRIM",
    takes: ["string", "string?"],
    apply: (s: string, set = " ") => trimStart(trimEnd(s, set), set),
    says: "Without blanks, or the given characters, at both ends.",
    examples: [["BTRIM(' a ')", "a"]],
  }),
  withoutLongs(
    declare({
      name: "LPAD",
      takes: ["string", "integer", "string"],
      apply: (s: string, n: number, f: string) => pad(s, n, f, true),
      says: "Filled up, or cut, to a length from the left.",
      examples: [["LPAD('a', 3, '*')", "**a"]],
    }),
  ),
  withoutLongs(
    declare({
      name: "RPAD",
      takes: ["string", "integer", "string"],
      apply: (s: string, n: number, f: string) => pad(s, n, f, false),
      says: "Filled up, or cut, to a length from the right.",
      examples: [["RPAD('a', 3, '*')", "a**"]],
    }),
  ),
  declare(
    { name: "REVERSE", takes: ["string"], apply: reversed, says: "The text backwards.", examples: [["REVERSE('abc')", "cba"]] },
    { alwaysNullable: true },
  ),
  withoutLongs(
    declare({
      name: "REPEAT",
      takes: ["string", "integer"],
      apply: repeat,
      says: "The text several times.",
      examples: [["REPEAT('ab', 2)", "abab"]],
    }),
  ),
  declare({
    name: "REPLACE",
    takes: ["string", "string", "string"],
    apply: (s: string, a: string, b: string) => s.replaceAll(a, () => b),
    says: "Each occurrence of the second text replaced by the third.",
    examples: [["REPLACE('a-b', '-', '+')", "a+b"]],
  }),
  withoutLongs(
    declare(
      {
        name: "SUBSTRING",
        takes: ["string", "integer", "integer?"],
        gives: varcharOfFirst,
        apply: substring,
        says: "Part of the text, from a position (negative: from the end): SUBSTRING(text FROM start [FOR length]) or with commas.",
        examples: [
          ["SUBSTRING('flink', 2, 3)", "lin"],
          ["SUBSTRING('flink' FROM 3)", "ink"],
        ],
      },
      { alwaysNullable: true },
    ),
  ),
  withoutLongs(
    declare(
      {
        name: "SUBSTR",
        takes: ["string", "integer", "integer?"],
        gives: varcharOfFirst,
        apply: substring,
        says: "Part of the text, from a position (negative: from the end).",
        examples: [["SUBSTR('flink', 2)", "link"]],
      },
      { alwaysNullable: true },
    ),
  ),
  withoutLongs(
    declare(
      {
        name: "LEFT",
        takes: ["string", "integer"],
        gives: varcharOfFirst,
        apply: (s: string, n: number) => sliceOf(s, 0, Math.max(0, n)),
        says: "The first characters.",
        examples: [["LEFT('flink', 2)", "fl"]],
      },
      { alwaysNullable: true },
    ),
  ),
  withoutLongs(
    declare(
      {
        name: "RIGHT",
        takes: ["string", "integer"],
        gives: varcharOfFirst,
        apply: (s: string, n: number) => (n <= 0 ? "" : sliceOf(s, Math.max(0, lengthOf(s) - n))),
        says: "The last characters.",
        examples: [["RIGHT('flink', 2)", "nk"]],
      },
      { alwaysNullable: true },
    ),
  ),
  declare({
    name: "CONCAT",
    takes: ["string", "string*"],
    apply: (...parts: string[]) => parts.join(""),
    says: "Texts one after the other; NULL when one is NULL.",
    examples: [["CONCAT('a', 'b')", "ab"]],
  }),
  declare(
    {
      name: "CONCAT_WS",
      takes: ["string", "string*"],
      gives: (types) => ({ ...STRING, nullable: types.some((type) => type.nullable) }),
      apply: (separator: string | null, ...parts: (string | null)[]) =>
        separator === null ? null : parts.filter((part) => part !== null).join(separator),
      says: "Texts with a separator between them; NULLs are left out.",
      examples: [["CONCAT_WS('-', 'a', 'b')", "a-b"]],
    },
    { nullAware: true },
  ),
  declare({
    name: "OVERLAY",
    takes: ["string", "string", "integer", "integer?"],
    gives: ([text, by]) => varcharOf(Math.min(MAX_LENGTH, (text.length ?? MAX_LENGTH) + (by.length ?? MAX_LENGTH))),
    apply: overlay,
    says: "Part of the text replaced: OVERLAY(text PLACING new FROM position [FOR length]).",
    examples: [["OVERLAY('xxxxxtest' PLACING 'xxxx' FROM 6)", "xxxxxxxxx"]],
  }),
  declare(
    {
      name: "TRANSLATE",
      takes: ["string", "string", "string"],
      gives: ([text]) => withNullable(STRING, text.nullable),
      apply: translate,
      says: "Characters exchanged one for one; those without a partner vanish.",
      examples: [["TRANSLATE('abc', 'ab', 'xy')", "xyc"]],
    },
    { nullAware: true },
  ),
  declare(
    {
      name: "TRANSLATE3",
      takes: ["string", "string", "string"],
      gives: ([text]) => withNullable(STRING, text.nullable),
      apply: translate,
      says: "Another name of TRANSLATE.",
      examples: [["TRANSLATE3('hello', 'l', 'x')", "hexxo"]],
    },
    { nullAware: true },
  ),
  declare(
    {
      name: "CHR",
      takes: ["long"],
      apply: (n: number | bigint) => (n < 0 ? "" : String.fromCharCode(Number(BigInt(n) & 255n))),
      says: "The character of a code from 0 to 255.",
      examples: [["CHR(65)", "A"]],
    },
    { alwaysNullable: true },
  ),
  declare({
    name: "ASCII",
    takes: ["string"],
    gives: INT,
    apply: (s: string) => (s === "" ? 0 : (utf8Encode(s.slice(0, 2))[0] << 24) >> 24),
    says: "The first byte of the text in UTF-8, as a signed number.",
    examples: [["ASCII('A')", 65]],
  }),
  declare({
    name: "CHAR_LENGTH",
    takes: ["string"],
    gives: INT,
    apply: lengthOf,
    says: "Number of characters.",
    examples: [["CHAR_LENGTH('abc')", 3]],
  }),
  declare({
    name: "CHARACTER_LENGTH",
    takes: ["string"],
    gives: INT,
    apply: lengthOf,
    says: "Number of characters.",
    examples: [["CHARACTER_LENGTH('abc')", 3]],
  }),
  withoutLongs(
    declare({
      name: "POSITION",
      takes: ["string", "string", "integer?"],
      gives: INT,
      apply: (part: string, s: string, from = 1) => indexOf(s, part, from - 1) + 1,
      says: "Where a text occurs, 0 when nowhere: POSITION(part IN text [FROM start]).",
      examples: [["POSITION('b' IN 'abc')", 2]],
    }),
  ),
  withoutLongs(
    declare({
      name: "INSTR",
      takes: ["string", "string", "integer?", "integer?"],
      gives: INT,
      apply: instr,
      says: "Where the second text occurs in the first, 0 when nowhere: INSTR(text, part [, start [, n-th]]); a negative start counts from the end, backwards.",
      examples: [
        ["INSTR('abcb', 'b')", 2],
        ["INSTR('abcb', 'b', -1)", 4],
      ],
    }),
  ),
  withoutLongs(
    declare({
      name: "LOCATE",
      takes: ["string", "string", "integer?"],
      gives: INT,
      apply: (part: string, s: string, from = 1) => indexOf(s, part, Math.max(0, from - 1)) + 1,
      says: "Where the first text occurs in the second, 0 when nowhere.",
      examples: [["LOCATE('b', 'abc')", 2]],
    }),
  ),
  affix("STARTSWITH", (s, part) => s.startsWith(part), "True when the text, or the bytes, begin so.", "STARTSWITH('abc', 'a')"),
  affix("ENDSWITH", (s, part) => s.endsWith(part), "True when the text, or the bytes, end so.", "ENDSWITH('abc', 'c')"),
];
