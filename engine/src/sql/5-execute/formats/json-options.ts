/** The options that `json` and the change formats built on it have in common. */
import { SqlError } from "../../1-parse/sql-error.ts";
import { choice, type OptionDeclaration, optional, type TableOptions } from "../connectors/table-options.ts";
import type { JsonDecoding, JsonEncoding } from "./json-value.ts";

const TIMESTAMP_FORMAT: OptionDeclaration = {
  ...choice("timestamp-format.standard", "sql", "iso-8601"),
  refusal: (value) => `Unsupported value '${value}' for timestamp-format.standard. Supported values are [SQL, ISO-8601].`,
};

export const DECODING_OPTIONS: readonly OptionDeclaration[] = [optional("ignore-parse-errors", "boolean"), TIMESTAMP_FORMAT];

export const ENCODING_OPTIONS: readonly OptionDeclaration[] = [
  {
    ...choice("map-null-key.mode", "fail", "drop", "literal"),
    refusal: (value) => `Unsupported value '${value}' for option map-null-key.mode. Supported values are [LITERAL, FAIL, DROP].`,
  },
  optional("map-null-key.literal"),
  optional("encode.decimal-as-plain-number", "boolean"),
  optional("encode.ignore-null-fields", "boolean"),
];

export function decodingOf(options: TableOptions): JsonDecoding {
  return { failsOnMissing: options.boolean("fail-on-missing-field", false), ignoresErrors: options.boolean("ignore-parse-errors", false) };
}

export function encodingOf(options: TableOptions): JsonEncoding {
  return {
    iso: options.choice("timestamp-format.standard") === "iso-8601",
    plainDecimals: options.boolean("encode.decimal-as-plain-number", false),
    leavesNullsOut: options.boolean("encode.ignore-null-fields", false),
    nullKeys: options.choice("map-null-key.mode", "fail") as JsonEncoding["nullKeys"],
    nullKeyLiteral: options.text("map-null-key.literal", "null"),
  };
}

/** Both at once contradict each other. */
export function checkErrorOptions(options: TableOptions): void {
  const { failsOnMissing, ignoresErrors } = decodingOf(options);
  if (!failsOnMissing || !ignoresErrors) return;
  throw new SqlError(
    "validate",
    "SQL_FORMAT",
    "fail-on-missing-field and ignore-parse-errors shouldn't both be true.",
    options.span("ignore-parse-errors"),
  );
}
