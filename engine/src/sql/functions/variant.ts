/**
 * VARIANT: a JSON value whose shape is known only when it is read. Its value here is its canonical text (keys in order, numbers without
 * zeros at their end), which compares, hashes and crosses the network like any other text.
 */
import { type LogicalType, VARIANT } from "../../types/logical-type.ts";
import { isJsonArray, isJsonObject, type JsonNode, JsonNumber, JsonSyntaxError, parseJson, printJson } from "./json/json-node.ts";
import { doubleToString } from "./number-text.ts";
import { type Implementation, parameters, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

const MAX_DECIMAL_DIGITS = 38;

/** Numbers as VARIANT keeps them: whole numbers, decimals of up to 38 digits, everything else doubles. */
function canonical(node: JsonNode): JsonNode {
  if (node instanceof JsonNumber) {
    if (node.isWhole) return node;
    const exact = /^-?\d+\.\d+$/.test(node.text) && node.text.replace(/\D/g, "").length <= MAX_DECIMAL_DIGITS;
    return new JsonNumber(exact ? node.text.replace(/\.?0+$/, "") : doubleToString(Number(node.text)), exact && !node.text.includes("."));
  }
  if (isJsonArray(node)) return node.map(canonical);
  if (isJsonObject(node)) return new Map([...node].map(([key, value]) => [key, canonical(value)]));
  return node;
}

function parse(text: string, allowDuplicateKeys: boolean): string {
  return printJson(canonical(parseJson(text, { uniqueKeys: !allowDuplicateKeys })));
}

function parser(onError: (error: JsonSyntaxError) => unknown): Implementation {
  return (text: string, allowDuplicateKeys = false) => {
    try {
      return parse(text, allowDuplicateKeys);
    } catch (error) {
      if (error instanceof JsonSyntaxError) return onError(error);
      throw error;
    }
  };
}

/** `v['name']` and `v[1]`; what is not there is NULL, what has no such things at all fails. */
export function variantItem(keyType: LogicalType): Implementation {
  const byName = keyType.root === "CHAR" || keyType.root === "VARCHAR";
  return (text: string, key: string | number) => {
    const node = parseJson(text);
    if (byName) {
      if (!isJsonObject(node))
        throw new SqlRuntimeError(
          "SQL_VARIANT",
          "String key access on variant requires an object variant, but a non-object variant was provided.",
        );
      const value = node.get(key as string);
      return value === undefined ? null : printJson(value);
    }
    if (!isJsonArray(node))
      throw new SqlRuntimeError(
        "SQL_VARIANT",
        "Integer index access on variant requires an array variant, but a non-array variant was provided.",
      );
    const value = node[Number(key) - 1];
    return value === undefined ? null : printJson(value);
  };
}

export const VARIANT_FUNCTIONS: readonly ScalarFunction[] = [
  {
    name: "PARSE_JSON",
    parameters: parameters("string", "boolean?"),
    result: () => VARIANT,
    implement: () =>
      parser((error) => {
        throw new SqlRuntimeError("SQL_JSON", error.message);
      }),
    description: "A JSON text as a VARIANT; fails when it is none, or when a key comes twice and TRUE does not allow that.",
    examples: [
      { sql: `PARSE_JSON('{"b": 1, "a": [1.50]}')`, value: '{"a":[1.5],"b":1}' },
      { sql: `PARSE_JSON('{"a": 1, "a": 2}', TRUE)`, value: '{"a":2}' },
      { sql: `PARSE_JSON('{"a": [10, 20]}')['a'][2]`, value: "20" },
    ],
  },
  {
    name: "TRY_PARSE_JSON",
    parameters: parameters("string", "boolean?"),
    result: () => VARIANT,
    alwaysNullable: true,
    implement: () => parser(() => null),
    description: "A JSON text as a VARIANT; NULL when it is none.",
    examples: [{ sql: "TRY_PARSE_JSON('bad')", value: null }],
  },
];
