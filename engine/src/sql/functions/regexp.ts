/** Regular expressions. Java and JavaScript agree on what is common; a bad pattern gives NULL. */
import { arrayOf, BOOLEAN, INT, STRING } from "../../types/logical-type.ts";
import { patternCache } from "./java-regexp.ts";
import { type Implementation, type LogicalTypeResult, parameters, type ScalarFunction } from "./scalar-function.ts";

function regexp(
  name: string,
  families: readonly string[],
  result: LogicalTypeResult,
  make: () => Implementation,
  description: string,
  sql: string,
  value: unknown,
  alwaysNullable = true,
): ScalarFunction {
  return {
    name,
    parameters: parameters(...families),
    result,
    alwaysNullable,
    implement: make,
    description,
    examples: [{ sql, value }],
  };
}

/** How many groups an expression has. */
function groupsOf(expression: RegExp): number {
  return new RegExp(`${expression.source}|`, expression.flags).exec("")!.length - 1;
}

export const REGEXP: readonly ScalarFunction[] = [
  regexp(
    "REGEXP",
    ["string", "string"],
    () => BOOLEAN,
    () => {
      const compile = patternCache("");
      return (text: string, pattern: string) => pattern !== "" && (compile(pattern)?.test(text) ?? false);
    },
    "True when the pattern occurs in the text.",
    "REGEXP('ab1', '[0-9]')",
    true,
    false,
  ),
  regexp(
    "REGEXP_REPLACE",
    ["string", "string", "string"],
    () => STRING,
    () => {
      const compile = patternCache("g");
      // The replacement is taken literally, as Flink does.
      return (text: string, pattern: string, by: string) => {
        const expression = compile(pattern);
        return expression === null ? null : text.replace(expression, () => by);
      };
    },
    "Each match replaced.",
    "REGEXP_REPLACE('a1b2', '[0-9]', '#')",
    "a#b#",
    false,
  ),
  regexp(
    "REGEXP_EXTRACT",
    ["string", "string", "integer?"],
    () => STRING,
    () => {
      const compile = patternCache("");
      return (text: string, pattern: string, group = 0) => compile(pattern)?.exec(text)?.[group] ?? null;
    },
    "A group of the first match.",
    "REGEXP_EXTRACT('a12', '([a-z])([0-9]+)', 2)",
    "12",
  ),
  regexp(
    "REGEXP_EXTRACT_ALL",
    ["string", "string", "integer?"],
    () => arrayOf(STRING),
    () => {
      const compile = patternCache("g");
      return (text: string, pattern: string, group = 1) => {
        const expression = compile(pattern);
        if (expression === null || group < 0 || group > groupsOf(expression)) return null;
        return Array.from(text.matchAll(expression), (match) => match[group] ?? null);
      };
    },
    "A group of every match.",
    "REGEXP_EXTRACT_ALL('a1b2', '([a-z])', 1)",
    ["a", "b"],
  ),
  regexp(
    "REGEXP_COUNT",
    ["string", "string"],
    () => INT,
    () => {
      const compile = patternCache("g");
      return (text: string, pattern: string) => {
        const expression = compile(pattern);
        return expression === null ? null : Array.from(text.matchAll(expression)).length;
      };
    },
    "How many matches there are.",
    "REGEXP_COUNT('a1b2', '[a-z]')",
    2,
  ),
  regexp(
    "REGEXP_INSTR",
    ["string", "string"],
    () => INT,
    () => {
      const compile = patternCache("");
      return (text: string, pattern: string) => {
        const expression = compile(pattern);
        return expression === null ? null : text.search(expression) + 1;
      };
    },
    "Where the first match begins, 0 when nowhere.",
    "REGEXP_INSTR('ab1', '[0-9]')",
    3,
  ),
  regexp(
    "REGEXP_SUBSTR",
    ["string", "string"],
    () => STRING,
    () => {
      const compile = patternCache("");
      return (text: string, pattern: string) => compile(pattern)?.exec(text)?.[0] ?? null;
    },
    "The first match.",
    "REGEXP_SUBSTR('ab12', '[0-9]+')",
    "12",
  ),
];
