/** Regular expressions. Java and JavaScript agree on what is common; a bad pattern gives NULL. */
import { arrayOf, BOOLEAN, INT, STRING } from "../../types/logical-type.ts";
import { type Implementation, type LogicalTypeResult, parameters, type ScalarFunction } from "./scalar-function.ts";

/** Compiles a pattern once for as long as it stays the same; null when it is malformed. */
function compiler(flags: string): (pattern: string) => RegExp | null {
  let last: string | undefined;
  let compiled: RegExp | null = null;
  return (pattern) => {
    if (pattern !== last) {
      last = pattern;
      try {
        compiled = new RegExp(pattern, flags);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        compiled = null;
      }
    }
    return compiled;
  };
}

function regexp(
  name: string,
  families: readonly string[],
  result: LogicalTypeResult,
  make: () => Implementation,
  description: string,
  sql: string,
  value: unknown,
): ScalarFunction {
  return {
    name,
    parameters: parameters(...families),
    result,
    alwaysNullable: true,
    implement: make,
    description,
    examples: [{ sql, value }],
  };
}

export const REGEXP: readonly ScalarFunction[] = [
  regexp(
    "REGEXP",
    ["string", "string"],
    () => BOOLEAN,
    () => {
      const compile = compiler("");
      return (text: string, pattern: string) => compile(pattern)?.test(text) ?? false;
    },
    "True when the pattern occurs in the text.",
    "REGEXP('ab1', '[0-9]')",
    true,
  ),
  regexp(
    "REGEXP_REPLACE",
    ["string", "string", "string"],
    () => STRING,
    () => {
      const compile = compiler("g");
      // The replacement is taken literally, as Flink does.
      return (text: string, pattern: string, by: string) => {
        const expression = compile(pattern);
        return expression === null ? null : text.replace(expression, () => by);
      };
    },
    "Each match replaced.",
    "REGEXP_REPLACE('a1b2', '[0-9]', '#')",
    "a#b#",
  ),
  regexp(
    "REGEXP_EXTRACT",
    ["string", "string", "integer?"],
    () => STRING,
    () => {
      const compile = compiler("");
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
      const compile = compiler("g");
      return (text: string, pattern: string, group = 1) => {
        const expression = compile(pattern);
        return expression === null ? null : Array.from(text.matchAll(expression), (match) => match[group] ?? null);
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
      const compile = compiler("g");
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
      const compile = compiler("");
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
      const compile = compiler("");
      return (text: string, pattern: string) => compile(pattern)?.exec(text)?.[0] ?? null;
    },
    "The first match.",
    "REGEXP_SUBSTR('ab12', '[0-9]+')",
    "12",
  ),
];
