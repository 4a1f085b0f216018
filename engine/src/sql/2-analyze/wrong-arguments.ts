/** Functions that Flink refuses arguments of in words of their own, each after the checker of its signature. */
import { typeName, typeSummary } from "../../types/logical-type.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { calciteName } from "./calcite-name.ts";
import type { Rex } from "./rex.ts";

type Words = (args: readonly Rex[], name: string) => string;

const invalid: Words = () => "Invalid input arguments.";

/** Of the first argument. */
const notText: Words = ([arg]) =>
  `Unsupported argument type. Expected type of family 'CHARACTER_STRING' but actual type was '${typeName(arg.type)}'.`;

function cannotApply(shown: (args: readonly Rex[]) => string, forms: string): Words {
  return (args, name) => `Cannot apply '${name}' to arguments of type '${shown(args)}'. Supported form(s): ${forms}`;
}

const json = (name: string, parts: string): Words =>
  cannotApply((args) => `${name}(${args.map(({ type }) => `<${calciteName(type)}>`).join(", ")})`, `${name}(json_doc, path ${parts})`);

/** What the functions for parts of a time stand for. */
const PARTS: Readonly<Record<string, string>> = {
  YEAR: "YEAR",
  QUARTER: "QUARTER",
  MONTH: "MONTH",
  WEEK: "WEEK",
  DAYOFYEAR: "DOY",
  DAYOFMONTH: "DAY",
  DAYOFWEEK: "DOW",
  HOUR: "HOUR",
  MINUTE: "MINUTE",
  SECOND: "SECOND",
};

function noPart(unit: string, from: Rex): string {
  return `Cannot apply 'EXTRACT' to arguments of type 'EXTRACT(<INTERVAL ${unit}> FROM <${calciteName(from.type)}>)'. Supported form(s): 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)'`;
}

/** The unit that a call was given as a word. */
function unitOf(rex: Rex): string {
  return rex.kind === "literal" ? String(rex.value) : "";
}

const notRounded: Words = (args, name) => {
  const shown = args.map((arg, i) => (i === 0 ? `<${calciteName(arg.type)}>` : `<INTERVAL ${unitOf(arg)}>`)).join(", ");
  return `Cannot apply '${name}' to arguments of type '${name}(${shown})'. Supported form(s): '${name}(<NUMERIC>)'`;
};

const WORDS: Readonly<Record<string, Words>> = {
  STARTSWITH: invalid,
  ENDSWITH: invalid,
  PARSE_JSON: invalid,
  TRY_PARSE_JSON: invalid,
  BITMAP_BUILD: invalid,
  JSON_QUOTE: notText,
  JSON_UNQUOTE: notText,
  EXTRACT: ([unit, from]) => noPart(unitOf(unit), from),
  FLOOR: notRounded,
  CEIL: notRounded,
  TRIM: cannotApply(() => "TRIM([BOTH|LEADING|TRAILING] <SYMBOL> FROM <CHAR(1)>)", "'TRIM([BOTH|LEADING|TRAILING] <ANY> FROM <STRING>)'"),
  CARDINALITY: cannotApply(([arg]) => `CARDINALITY(<${calciteName(arg.type)}>)`, "'CARDINALITY(<MULTISET>)'"),
  JSON_VALUE: json("JSON_VALUE", "[RETURNING type] [{NULL | ERROR | DEFAULT value} ON EMPTY] [{NULL | ERROR | DEFAULT value} ON ERROR]"),
};

/** null = the words of everybody. */
export function wrongArguments(name: string, args: readonly Rex[], span: Span): SqlError | null {
  const words = name in PARTS ? (): string => noPart(PARTS[name], args[0]) : WORDS[name];
  return words === undefined ? null : new SqlError("validate", "SQL_ARGUMENT_TYPE", words(args, name), span);
}

/** Arguments that must be of one type and are not; null = the words of everybody. */
export function noCommonType(name: string, args: readonly Rex[], span: Span): SqlError | null {
  const names = args.map(({ type }) => typeSummary(type));
  switch (name) {
    case "GREATEST":
    case "LEAST": {
      const message = `All types in a comparison should support both 'EQUALS' and 'ORDER' comparison with each other. Can not compare ${names[0]} with ${names.find((other) => other !== names[0])}`;
      return new SqlError("validate", "SQL_ARGUMENT_TYPE", message, span);
    }
    case "ARRAY_UNION":
    case "ARRAY_EXCEPT":
    case "ARRAY_INTERSECT":
    case "ARRAY_CONCAT":
    case "MAP_UNION":
      return new SqlError("validate", "SQL_ARGUMENT_TYPE", `Could not find a common type for arguments: [${names.join(", ")}]`, span);
    default:
      return null;
  }
}
