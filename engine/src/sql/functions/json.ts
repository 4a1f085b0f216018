/** JSON: reading documents by path, testing them, and making them of SQL values. */
import {
  BOOLEAN,
  isCharacter,
  isInterval,
  type LogicalType,
  STRING,
  typeName,
  typeSummary,
  withNullable,
} from "../../types/logical-type.ts";
import type { Rex } from "../2-analyze/rex.ts";
import { decimalToString } from "./decimal.ts";
import { type JsonNode, JsonNumber, JsonSyntaxError, parseJson, printJson, quoteJson, scalarText } from "./json/json-node.ts";
import { jsonOf, whyNoJson } from "./json/json-of-value.ts";
import { isScalar, JsonReader } from "./json/json-query.ts";
import { type Implementation, parameters, type Refusal, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

// ---- IS JSON ----

const KINDS: Readonly<Record<string, (node: JsonNode) => boolean>> = {
  JSON: () => true,
  "JSON VALUE": () => true,
  "JSON OBJECT": (node) => node instanceof Map,
  "JSON ARRAY": (node) => Array.isArray(node),
  "JSON SCALAR": (node) => node === null || isScalar(node),
};

export const IS_JSON: ScalarFunction = {
  name: "IS JSON",
  parameters: parameters("string"),
  result: () => withNullable(BOOLEAN, false),
  nullAware: true,
  implement: ({ options }) => {
    const test = KINDS[String(options.kind ?? "JSON")];
    return (text: string | null) => {
      if (text === null) return false;
      try {
        return test(parseJson(text));
      } catch (error) {
        if (error instanceof JsonSyntaxError) return false;
        throw error;
      }
    };
  },
  operator: true,
  description: "True when the text is a JSON document: IS [NOT] JSON [VALUE | OBJECT | ARRAY | SCALAR].",
  examples: [
    { sql: `'{"a": 1}' IS JSON OBJECT`, value: true },
    { sql: "'abc' IS JSON", value: false },
  ],
};

// ---- JSON_EXISTS, JSON_VALUE, JSON_QUERY ----

/** What Java keeps as primitive values, of which the generated code cannot make a text. */
const PRIMITIVE: ReadonlySet<string> = new Set(["BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DATE", "TIME"]);

function refuseDocument([type]: readonly LogicalType[]): Refusal | null {
  const primitive = PRIMITIVE.has(type.root) || isInterval(type);
  const message = 'A method named "toString" is not declared in any enclosing class nor any supertype, nor through a static import';
  return primitive ? { phase: "plan", message } : null;
}

/**
 * The text that Flink takes for a document: any value's Java text will do. That of a number is JSON, that of a container names its class and is none.
 */
function documentOf(type: LogicalType): (value: unknown) => string {
  if (isCharacter(type)) return (value) => value as string;
  if (type.root === "DECIMAL") return (value) => decimalToString(value as bigint, type.scale!);
  return () => "org.apache.flink.table.data";
}

function fail(message: string): never {
  throw new SqlRuntimeError("SQL_JSON", message);
}

const JSON_EXISTS: ScalarFunction = {
  name: "JSON_EXISTS",
  parameters: parameters("any", "string"),
  result: () => BOOLEAN,
  // Only the code generator looks: it knows texts with a path that is a literal.
  refuse: (types, args) =>
    isCharacter(types[0]) && args[1].kind === "literal"
      ? null
      : { phase: "plan", message: `Unsupported call: JSON_EXISTS(${types.map(typeSummary).join(", ")})` },
  alwaysNullable: true,
  implement: ({ options }) => {
    const reader = new JsonReader();
    const onError = options.onError ?? "FALSE";
    return (document: string, path: string) => {
      const { error, node } = reader.read(document, path);
      if (error === null) return node !== null;
      if (onError === "ERROR") return fail(error);
      return onError === "UNKNOWN" ? null : onError === "TRUE";
    };
  },
  description: "True when the path leads somewhere: JSON_EXISTS(json, path [{ TRUE | FALSE | UNKNOWN | ERROR } ON ERROR]).",
  examples: [
    { sql: `JSON_EXISTS('{"a": [{"b": 1}]}', '$.a[0].b')`, value: true },
    { sql: `JSON_EXISTS('{"a": 1}', 'strict $.b' TRUE ON ERROR)`, value: true },
  ],
};

/** What happens instead of a value: nothing, a failure, or a value given in the call. */
type Otherwise = (reason: string) => unknown;

function otherwise(option: unknown, toResult: (rex: Rex) => unknown): Otherwise {
  if (option === undefined || option === "NULL") return () => null;
  if (option === "ERROR") return fail;
  const value = toResult(option as Rex);
  return () => value;
}

function returningOf(options: Readonly<Record<string, unknown>>): LogicalType {
  return options.returning === undefined ? STRING : (options.returning as Rex).type;
}

function refuseReturning(options: Readonly<Record<string, unknown>>, allows: (type: LogicalType) => boolean): Refusal | null {
  const type = returningOf(options);
  for (const option of [options.onEmpty, options.onError]) {
    if (typeof option === "object" && option !== null && (option as Rex).kind !== "literal")
      return { phase: "plan", message: "The DEFAULT of a JSON function must be a literal." };
  }
  if (type.root === "ARRAY" && !allows(type))
    return {
      message: `Unsupported array element type '${type.element!.root === "INT" ? "INTEGER" : typeName(type.element!)}' for RETURNING ARRAY in JSON_QUERY().`,
    };
  return allows(type) ? null : { phase: "plan", message: `Unsupported type '${typeName(type)}' for RETURNING in JSON_VALUE().` };
}

function scalarReturning(node: JsonNode, type: LogicalType): unknown {
  const mismatch = (): never => fail(`The JSON value ${printJson(node)} is no ${typeName(type)}.`);
  switch (type.root) {
    case "BOOLEAN":
      return typeof node === "boolean" ? node : mismatch();
    case "INT": {
      if (!(node instanceof JsonNumber) || !node.isWhole) return mismatch();
      const value = Number(node.text);
      return value === (value | 0) ? value : mismatch();
    }
    case "DOUBLE":
      return node instanceof JsonNumber && !node.isWhole ? Number(node.text) : mismatch();
    default:
      return scalarText(node);
  }
}

/** A DEFAULT in the type that is returned; text of numbers and truth values as JSON writes them, of others as Flink keeps them: a day by its number. */
function defaultOf(rex: Rex, type: LogicalType): unknown {
  if (rex.kind !== "literal" || rex.value === null) return null;
  if (isCharacter(type)) return scalarText(jsonOf(rex.type)?.(rex.value) ?? String(rex.value));
  return type.root === "DOUBLE" && rex.type.root === "DECIMAL" ? Number(rex.value) / 10 ** rex.type.scale! : rex.value;
}

const JSON_VALUE: ScalarFunction = {
  name: "JSON_VALUE",
  parameters: parameters("any", "string"),
  result: (_types, _args, options) => returningOf(options),
  refuse: (types, _args, options) =>
    refuseDocument(types) ?? refuseReturning(options, (type) => ["VARCHAR", "BOOLEAN", "INT", "DOUBLE"].includes(type.root)),
  alwaysNullable: true,
  implement: ({ options, result, types }) => {
    const reader = new JsonReader();
    const textOf = documentOf(types[0]);
    const onEmpty = otherwise(options.onEmpty, (rex) => defaultOf(rex, result));
    const onError = otherwise(options.onError, (rex) => defaultOf(rex, result));
    return (document: unknown, path: string) => {
      const { lax, error, node } = reader.read(textOf(document), path);
      if (error !== null) return onError(error);
      if (isScalar(node)) return scalarReturning(node, result);
      if (lax) return onEmpty("Empty result of JSON_VALUE function is not allowed");
      return onError(`Strict jsonpath mode requires scalar value, and the actual value is: '${printJson(node)}'`);
    };
  },
  description:
    "The scalar at a path: JSON_VALUE(json, path [RETURNING type] [{ NULL | ERROR | DEFAULT v } ON EMPTY] [… ON ERROR]); the type is STRING, BOOLEAN, INTEGER or DOUBLE.",
  examples: [
    { sql: `JSON_VALUE('{"a": {"b": true}}', '$.a.b')`, value: "true" },
    { sql: `JSON_VALUE('{"a": 1}', '$.a' RETURNING INTEGER)`, value: 1 },
    { sql: `JSON_VALUE('{"a": 1}', 'lax $.b' DEFAULT 'none' ON EMPTY)`, value: "none" },
  ],
};

function emptyContainer(option: unknown, asArray: boolean): Otherwise {
  if (option === "EMPTY ARRAY") return () => (asArray ? [] : "[]");
  if (option === "EMPTY OBJECT") return () => "{}";
  return otherwise(option, () => null);
}

function wrapped(node: JsonNode, wrapper: unknown): JsonNode {
  if (node === null || wrapper === undefined || wrapper === "WITHOUT") return node;
  return wrapper === "CONDITIONAL" && Array.isArray(node) ? node : [node];
}

const JSON_QUERY: ScalarFunction = {
  name: "JSON_QUERY",
  parameters: parameters("any", "string"),
  result: (_types, _args, options) => returningOf(options),
  refuse: (types, _args, options) =>
    refuseDocument(types) ??
    refuseReturning(options, (type) => type.root === "VARCHAR" || (type.root === "ARRAY" && isCharacter(type.element!))),
  alwaysNullable: true,
  implement: ({ options, result, types }) => {
    const reader = new JsonReader();
    const textOf = documentOf(types[0]);
    const asArray = result.root === "ARRAY";
    const onEmpty = emptyContainer(options.onEmpty, asArray);
    const onError = emptyContainer(options.onError, asArray);
    return (document: unknown, path: string) => {
      const { lax, error, node } = reader.read(textOf(document), path);
      if (error !== null) return onError(error);
      const found = wrapped(node, options.wrapper);
      if (found === null || (lax && isScalar(found))) return onEmpty("Empty result of JSON_QUERY function is not allowed");
      if (isScalar(found))
        return onError(`Strict jsonpath mode requires array or object value, and the actual value is: '${printJson(found)}'`);
      if (!asArray) return printJson(found);
      if (!Array.isArray(found)) return onError("An array is wanted");
      return found.map((item) => (item === null ? null : scalarText(item)));
    };
  },
  description:
    "The array or object at a path, as JSON text: JSON_QUERY(json, path [RETURNING type] [{ WITHOUT | WITH [CONDITIONAL] } WRAPPER] [{ NULL | EMPTY ARRAY | EMPTY OBJECT | ERROR } ON EMPTY] [… ON ERROR]); the type is STRING or ARRAY<STRING>.",
  examples: [
    { sql: `JSON_QUERY('{"a": {"b": 1}}', '$.a')`, value: '{"b":1}' },
    { sql: `JSON_QUERY('{"a": 1}', '$.a' WITH WRAPPER)`, value: "[1]" },
    { sql: `JSON_QUERY('{"a": [1, 2]}', '$.a' RETURNING ARRAY<STRING>)`, value: ["1", "2"] },
  ],
};

// ---- JSON_STRING, JSON_OBJECT, JSON_ARRAY, JSON ----

/** Calls whose result stands inside another JSON value as it is, not as a text. The binder notes them: later they may be constants. */
const RAW = new Set(["JSON_OBJECT", "JSON_ARRAY", "JSON"]);

export function isRawJson(arg: Rex): boolean {
  return arg.kind === "call" && RAW.has(arg.fn.name);
}

/** A value's JSON form inside JSON_OBJECT, JSON_ARRAY and JSON_STRING. */
export function innerJson(type: LogicalType, raw: boolean): (value: unknown) => JsonNode {
  if (raw) return (value) => (value === null ? null : parseOrFail(value as string));
  return jsonOf(type)!;
}

const rawOf = (options: Readonly<Record<string, unknown>>): readonly boolean[] => (options.raw as readonly boolean[] | undefined) ?? [];

function parseOrFail(text: string): JsonNode {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return fail(error.message);
    throw error;
  }
}

/** Refuses values that have no JSON form. */
export function refuseValues(args: readonly Rex[]): Refusal | null {
  for (const { type } of args) {
    const message = type.root === "NULL" ? "Type is not supported: ANY" : whyNoJson(type);
    if (message !== null) return { phase: "plan", message };
  }
  return null;
}

const JSON_STRING_FORM =
  "JSON_STRING([<CHARACTER_STRING> | <BINARY_STRING> | <TIMESTAMP> | <CONSTRUCTED> | <NUMERIC> | <BOOLEAN> | <VARIANT>])";

/** The validator knows the families; what is inside of arrays, maps and rows the code generator sees. */
function refuseJsonString(type: LogicalType): Refusal | null {
  const message = type.root === "NULL" ? null : whyNoJson(type);
  if (message === null) return null;
  if (["ARRAY", "MAP", "MULTISET", "ROW", "STRUCTURED"].includes(type.root)) return { phase: "plan", message };
  // An interval may be cast to some number, so that Flink tries the first type of the numbers.
  if (isInterval(type))
    return { message: `Unsupported cast from '${typeSummary(type)}' to 'TINYINT NOT NULL'.`, expected: JSON_STRING_FORM };
  return {
    message: `Unsupported argument type. Expected type of family 'CHARACTER_STRING' but actual type was '${typeSummary(type)}'.`,
    expected: JSON_STRING_FORM,
  };
}

const JSON_STRING: ScalarFunction = {
  name: "JSON_STRING",
  parameters: parameters("any"),
  result: () => STRING,
  nullArguments: true,
  refuse: ([type]) => refuseJsonString(type),
  implement: ({ types, options }) => {
    const toJson = types[0].root === "NULL" ? (): JsonNode => null : innerJson(types[0], rawOf(options)[0]);
    return (value: unknown) => printJson(toJson(value));
  },
  description: "The value as a JSON text.",
  examples: [
    { sql: "JSON_STRING(ARRAY[1, 2])", value: "[1,2]" },
    { sql: "JSON_STRING('Hello')", value: '"Hello"' },
  ],
};

const JSON_OBJECT: ScalarFunction = {
  name: "JSON_OBJECT",
  parameters: parameters("any*"),
  result: () => withNullable(STRING, false),
  nullAware: true,
  nullArguments: true,
  refuse: (_types, args) => refuseValues(args.filter((_, i) => i % 2 === 1)),
  implement: ({ types, options }) => {
    const toJson = types.map((type, i) => (i % 2 === 1 ? innerJson(type, rawOf(options)[i]) : null));
    const keepNulls = options.onNull !== "ABSENT";
    return (...values: unknown[]) => {
      const fields = new Map<string, JsonNode>();
      for (let i = 0; i < values.length; i += 2) {
        if (values[i + 1] !== null || keepNulls) fields.set(values[i] as string, toJson[i + 1]!(values[i + 1]));
      }
      return printJson(fields);
    };
  },
  description: "A JSON object: JSON_OBJECT([KEY] key VALUE value, … [{ NULL | ABSENT } ON NULL]); NULLs are kept unless told otherwise.",
  examples: [
    { sql: "JSON_OBJECT('a' VALUE 1, 'b' VALUE 'x')", value: '{"a":1,"b":"x"}' },
    { sql: "JSON_OBJECT('a' VALUE CAST(NULL AS INT) ABSENT ON NULL)", value: "{}" },
  ],
};

const JSON_ARRAY: ScalarFunction = {
  name: "JSON_ARRAY",
  parameters: parameters("any*"),
  result: () => withNullable(STRING, false),
  nullAware: true,
  nullArguments: true,
  refuse: (_types, args) => refuseValues(args),
  implement: ({ types, options }) => {
    const toJson = types.map((type, i) => innerJson(type, rawOf(options)[i]));
    const keepNulls = options.onNull === "NULL";
    return (...values: unknown[]) => {
      const items: JsonNode[] = [];
      values.forEach((value, i) => {
        if (value !== null || keepNulls) items.push(toJson[i](value));
      });
      return printJson(items);
    };
  },
  description: "A JSON array: JSON_ARRAY(value, … [{ NULL | ABSENT } ON NULL]); NULLs are left out unless told otherwise.",
  examples: [
    { sql: "JSON_ARRAY(1, '2', TRUE)", value: '[1,"2",true]' },
    { sql: "JSON_ARRAY(JSON_OBJECT('a' VALUE 1))", value: '[{"a":1}]' },
  ],
};

/** The text goes through as it is; JSON_OBJECT and JSON_ARRAY read it. */
const RAW_JSON: ScalarFunction = {
  name: "JSON",
  parameters: parameters("string"),
  result: () => STRING,
  implement: () => (text: string) => text,
  description: "A text as the JSON it holds, inside JSON_OBJECT and JSON_ARRAY.",
  examples: [{ sql: `JSON_ARRAY(JSON('{"a": [1]}'))`, value: '[{"a":[1]}]' }],
};

// ---- JSON_QUOTE, JSON_UNQUOTE ----

/** As Flink writes it: beyond the basic plane a code point and its second half both appear. */
function jsonQuote(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    const char = text[i];
    if (code > 0x7e) quoted += `\\u${code.toString(16).padStart(4, "0")}`;
    else if (char === "/") quoted += "\\/";
    else if ('"\\\b\f\n\r\t'.includes(char)) quoted += quoteJson(char).slice(1, -1);
    else quoted += char;
  }
  return `${quoted}"`;
}

const UNESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", "/": "/" };

/** The text within quotes with its escapes read; anything else, or a bad escape, comes back as it is. */
function jsonUnquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  let unquoted = "";
  for (let i = 1; i < text.length - 1; i++) {
    if (text[i] !== "\\") {
      unquoted += text[i];
      continue;
    }
    const char = text[++i];
    if (char === "u") {
      const digits = text.slice(i + 1, i + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return text;
      unquoted += String.fromCharCode(Number.parseInt(digits, 16));
      i += 4;
    } else if (UNESCAPED[char] === undefined || i === text.length - 1) return text;
    else unquoted += UNESCAPED[char];
  }
  return unquoted;
}

function textFunction(name: string, apply: Implementation, description: string, sql: string, value: string): ScalarFunction {
  return { name, parameters: parameters("string"), result: () => STRING, implement: () => apply, description, examples: [{ sql, value }] };
}

export const JSON_FUNCTIONS: readonly ScalarFunction[] = [
  JSON_EXISTS,
  JSON_VALUE,
  JSON_QUERY,
  JSON_STRING,
  JSON_OBJECT,
  JSON_ARRAY,
  RAW_JSON,
  textFunction(
    "JSON_QUOTE",
    jsonQuote,
    "The text as a JSON string: in quotes, special characters escaped.",
    `JSON_QUOTE('a"b')`,
    '"a\\"b"',
  ),
  textFunction(
    "JSON_UNQUOTE",
    jsonUnquote,
    "The text behind a JSON string; other texts stay as they are.",
    `JSON_UNQUOTE('"a\\/b"')`,
    "a/b",
  ),
];
