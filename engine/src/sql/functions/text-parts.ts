/** Texts taken apart and put together: separators, pairs, choices, formats. */
import { arrayOf, isBinary, isCharacter, type LogicalType, mapOf, STRING } from "../../types/logical-type.ts";
import { mapEntries } from "./collection.ts";
import { declare } from "./declare-function.ts";
import { printf, printfArgument } from "./printf.ts";
import { withoutLongs } from "./generated-code.ts";
import { parameters, type ScalarFunction } from "./scalar-function.ts";
import { javaRegExp } from "./java-regexp.ts";

function splitIndex(text: string, by: string | number, index: number): string | null {
  const separator = typeof by === "number" ? String.fromCharCode(by) : by;
  if (index < 0) return null;
  // As Java's StringUtils: without a separator it is white space, each of which cuts.
  return text.split(separator === "" ? /\s/ : separator)[index] ?? null;
}

/** Separators are regular expressions; a key without value has NULL. */
function strToMap(text: string, listSeparator = ",", keySeparator = "="): [unknown, unknown][] {
  if (text === "") return [];
  const list = javaRegExp(listSeparator, "") ?? listSeparator;
  const key = javaRegExp(keySeparator, "");
  const entries = withoutEmptyTail(text.split(list)).map((pair): [string, string | null] => {
    const match = key === null ? null : key.exec(pair);
    if (match === null || match[0] === "") return match === null ? [pair, null] : [pair.slice(0, 1), pair.slice(1)];
    return [pair.slice(0, match.index), pair.slice(match.index + match[0].length)];
  });
  return mapEntries(entries);
}

/** Java's split drops empty parts at the end. */
function withoutEmptyTail(parts: string[]): string[] {
  let end = parts.length;
  while (end > 0 && parts[end - 1] === "") end--;
  return parts.slice(0, end);
}

/** Same family, the longest: CHAR only when all are equally long. */
function commonOfChoices(types: readonly LogicalType[]): LogicalType {
  const [head, ...tail] = types;
  const length = Math.max(...types.map((type) => type.length!));
  const fixed = tail.every((type) => type.root === head.root && type.length === head.length);
  if (fixed) return head;
  return { root: isCharacter(head) ? "VARCHAR" : "VARBINARY", nullable: true, length };
}

const PRINTF: ScalarFunction = {
  name: "PRINTF",
  parameters: parameters("string", "any*"),
  result: () => STRING,
  nullAware: true,
  nullArguments: true,
  implement: ({ types }) => {
    const toArgument = types.slice(1).map(printfArgument);
    return (format: string | null, ...values: unknown[]) =>
      format === null
        ? null
        : printf(
            format,
            values.map((value, i) => (value === null ? null : toArgument[i](value))),
          );
  },
  description: "The values in a format of Java's Formatter; NULL when format and values do not go together.",
  examples: [
    { sql: "PRINTF('%d %s', 1, 'a')", value: "1 a" },
    { sql: "PRINTF('%05d|%,d', 42, 1234567)", value: "00042|1,234,567" },
  ],
};

export const TEXT_PARTS: readonly ScalarFunction[] = [
  withoutLongs(
    declare(
      {
        name: "SPLIT_INDEX",
        takes: ["string", "long-or-text", "integer"],
        apply: splitIndex,
        says: "The n-th part, counted from 0, of a text cut at a separator (a text, or the code of a character).",
        examples: [["SPLIT_INDEX('a,b', ',', 1)", "b"]],
      },
      { alwaysNullable: true },
    ),
  ),
  declare(
    {
      name: "SPLIT",
      takes: ["string", "string"],
      gives: arrayOf(STRING),
      apply: (s: string, by: string) => (s === "" ? [] : by === "" ? Array.from(s) : s.split(by)),
      says: "The parts of a text cut at a separator.",
      examples: [["SPLIT('a,b', ',')", ["a", "b"]]],
    },
    { nullArguments: true },
  ),
  declare(
    {
      name: "STR_TO_MAP",
      takes: ["string", "string?", "string?"],
      gives: mapOf(STRING, STRING),
      apply: strToMap,
      says: "The map in a text of pairs; separators between pairs and within them are , and = unless given, as regular expressions.",
      examples: [
        [
          "STR_TO_MAP('a=1,b=2')",
          {
            $map: [
              ["a", "1"],
              ["b", "2"],
            ],
          },
        ],
      ],
    },
    { alwaysNullable: true },
  ),
  declare(
    {
      name: "ELT",
      takes: ["long", "text-or-binary", "text-or-binary*"],
      gives: (types) => commonOfChoices(types.slice(1)),
      apply: (n: number, ...choices: unknown[]) => choices[Number(n) - 1] ?? null,
      says: "The n-th of the texts, or of the byte strings, that follow.",
      examples: [["ELT(2, 'a', 'b')", "b"]],
    },
    {
      nullAware: true,
      refuse: (types) => (types.slice(1).every((type) => isBinary(type) === isBinary(types[1])) ? null : {}),
      result: (types) => ({ ...commonOfChoices(types.slice(1)), nullable: true }),
    },
  ),
  PRINTF,
];
