/**
 * What Flink says of arguments that a function does not take. Its functions come from two libraries with words of their own: Calcite's operators
 * ("Cannot apply 'F' to arguments of type …", "Invalid number of arguments to function 'F'"), and Flink's definitions, whose input strategies speak
 * for themselves ("Invalid input arguments.", "Unsupported argument type. …") and which are not found at all with another number of arguments.
 * Recorded from Flink 2.3 by calling each function with each argument wrong.
 */
import { isCharacter, isNumeric, type LogicalType, typeSummary } from "../../types/logical-type.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { calciteArgument, calciteName } from "./calcite-name.ts";
import type { Rex } from "./rex.ts";

/** Functions that Flink defines itself; those of the second list name the family that an argument should have had. */
const GENERAL =
  "CURRENT_DATE BTRIM STARTSWITH ENDSWITH REGEXP_EXTRACT_ALL TO_TIMESTAMP_LTZ MAP_KEYS MAP_VALUES MAP_ENTRIES MAP_UNION MAP_FROM_ARRAYS ARRAY_CONTAINS ARRAY_POSITION ARRAY_DISTINCT " +
  "ARRAY_REVERSE ARRAY_CONCAT ARRAY_APPEND ARRAY_PREPEND ARRAY_REMOVE ARRAY_SLICE ARRAY_SORT ARRAY_UNION ARRAY_EXCEPT ARRAY_INTERSECT ARRAY_JOIN PARSE_JSON " +
  "TRY_PARSE_JSON BITMAP_BUILD BITMAP_TO_BYTES BITMAP_TO_ARRAY BITMAP_TO_STRING BITMAP_CARDINALITY BITMAP_AND BITMAP_OR BITMAP_XOR BITMAP_ANDNOT " +
  "COALESCE IFNULL GREATEST LEAST TYPEOF PI ELT OBJECT_OF OBJECT_UPDATE ARRAY_MAX ARRAY_MIN PERCENTILE";
const BY_FAMILY =
  "TRANSLATE TRANSLATE3 SPLIT PRINTF REGEXP_COUNT REGEXP_INSTR REGEXP_SUBSTR UNHEX URL_ENCODE URL_DECODE JSON_QUOTE JSON_UNQUOTE JSON_STRING BITMAP_FROM_BYTES";
const OWN = new Set(`${GENERAL} ${BY_FAMILY}`.split(" "));
const NAMES_FAMILY = new Set(BY_FAMILY.split(" "));
/** Functions that are another one to the validator. */
const KNOWN_AS: Readonly<Record<string, string>> = { TRANSLATE: "TRANSLATE3" };
/** To Calcite these take a precision; Flink has no code for one. */
const WITH_PRECISION = new Set(["NOW", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_ROW_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"]);
const OF_COMMON_TYPE: Readonly<Record<string, "ARRAY" | "MAP">> = {
  ARRAY_UNION: "ARRAY",
  ARRAY_EXCEPT: "ARRAY",
  ARRAY_INTERSECT: "ARRAY",
  ARRAY_CONCAT: "ARRAY",
  MAP_UNION: "MAP",
};
const ELEMENT_OF_ARRAY = new Set(["ARRAY_MAX", "ARRAY_MIN"]);

/** Calcite rewrites these to EXTRACT before it looks at their argument. */
const UNITS: Readonly<Record<string, string>> = {
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
const TRIM = "TRIM([BOTH|LEADING|TRAILING] <SYMBOL> FROM <CHAR(1)>)";
/** Forms that Calcite writes in another way than the families of our parameters. */
const FORMS: Readonly<Record<string, string>> = {
  FLOOR: "'FLOOR(<NUMERIC>)'",
  CEIL: "'CEIL(<NUMERIC>)'",
  TRIM: "'TRIM([BOTH|LEADING|TRAILING] <ANY> FROM <STRING>)'",
  TO_BASE64: "'TO_BASE64(<STRING>)'",
  FROM_BASE64: "'FROM_BASE64(<STRING>)'",
  SHA2: "'SHA2(<STRING>, <INTEGER>)'",
  CARDINALITY: "'CARDINALITY(<MULTISET>)'",
  ELEMENT: "'ELEMENT(<MULTISET>)'",
  JSON_EXISTS: "JSON_EXISTS(json_doc, path [{TRUE | FALSE| UNKNOWN | ERROR} ON ERROR])",
  JSON_VALUE:
    "JSON_VALUE(json_doc, path [RETURNING type] [{NULL | ERROR | DEFAULT value} ON EMPTY] [{NULL | ERROR | DEFAULT value} ON ERROR])",
};

/** Arguments of a wrong type. @param wrong the first of them. @param forms all forms of a call, as `signatureOf` gives them. */
export function wrongArguments(
  name: string,
  args: readonly Rex[],
  wrong: { readonly index: number; readonly family: string },
  { span, forms }: { readonly span: Span; readonly forms: string },
): SqlError {
  const refuse = (message: string): SqlError =>
    new SqlError("validate", "SQL_ARGUMENT_TYPE", message, span, { found: calciteName(args[wrong.index].type), expected: forms });
  const types = args.map((arg) => `<${calciteArgument(arg)}>`);
  const unit = UNITS[name] ?? (name === "EXTRACT" ? extractedUnit(args[0]) : undefined);
  if (unit !== undefined) {
    const call = `EXTRACT(<INTERVAL ${unit}> FROM ${types[types.length - 1]})`;
    return refuse(
      `Cannot apply 'EXTRACT' to arguments of type '${call}'. Supported form(s): 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)'`,
    );
  }
  if (name === "ELT") {
    return refuse(wrong.index === 0 ? "Index can only be an INTEGER NUMERIC type." : "Could not infer arguments in range: [1, null].");
  }
  if (ELEMENT_OF_ARRAY.has(name)) return refuse("The argument requires to be an ARRAY type");
  if (NAMES_FAMILY.has(name)) {
    const family = wrong.family === "binary" ? "BINARY_STRING" : "CHARACTER_STRING";
    const actual = typeSummary(args[wrong.index].type);
    return refuse(`Unsupported argument type. Expected type of family '${family}' but actual type was '${actual}'.`);
  }
  const container = OF_COMMON_TYPE[name];
  if (container !== undefined) {
    if (args.some(({ type }) => type.root !== container)) return refuse(`All arguments requires to be a ${container} type`);
    return refuse(`Could not find a common type for arguments: [${args.map(({ type }) => typeSummary(type)).join(", ")}]`);
  }
  if (OWN.has(name)) return refuse("Invalid input arguments.");
  const shown = name === "TRIM" ? TRIM : `${name}(${types.join(", ")})`;
  return refuse(`Cannot apply '${name}' to arguments of type '${shown}'. Supported form(s): ${FORMS[name] ?? `'${forms}'`}`);
}

/** Too few or too many arguments. */
export function wrongArgumentCount(
  name: string,
  args: readonly Rex[],
  { span, forms }: { readonly span: Span; readonly forms: string },
): SqlError {
  const details = { found: `${args.length} arguments`, expected: forms };
  if (args.length === 1 && WITH_PRECISION.has(name)) {
    if (args[0].kind !== "literal")
      return new SqlError("validate", "SQL_ARGUMENT_COUNT", `Argument to function '${name}' must be a literal`, span, details);
    return new SqlError("plan", "SQL_ARGUMENT_COUNT", `Unsupported call: ${name}(${typeSummary(args[0].type)})`, span, details);
  }
  const kinds = args.map(({ type }) => `<${kindName(type)}>`).join(", ");
  const message = OWN.has(name)
    ? `No match found for function signature ${KNOWN_AS[name] ?? name}(${kinds}).`
    : `Invalid number of arguments to function '${name}'. Was ${args.length}.`;
  return new SqlError("validate", "SQL_ARGUMENT_COUNT", message, span, details);
}

/** Of which kind a value is, as signatures of unknown functions say it. */
export function kindName(type: LogicalType): string {
  if (isNumeric(type)) return "NUMERIC";
  if (isCharacter(type)) return "CHARACTER";
  if (type.root.startsWith("TIMESTAMP")) return "TIMESTAMP";
  if (type.root === "VARBINARY") return "BINARY";
  if (type.root === "ROW") return `RecordType(${type.fields!.map((field) => `${calciteName(field.type)} ${field.name}`).join(", ")})`;
  if (type.root === "STRUCTURED") return typeSummary({ ...type, nullable: true });
  if (type.root === "ARRAY" || type.root === "MAP" || type.root === "MULTISET") return calciteName(type);
  return type.root === "BITMAP" ? "BITMAP NOT NULL" : type.root;
}

function extractedUnit(unit: Rex): string | undefined {
  return unit.kind === "literal" ? String(unit.value) : undefined;
}
