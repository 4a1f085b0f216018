/** JSON_OBJECTAGG and JSON_ARRAYAGG: the rows of a group as one JSON text. */
import { isCharacter, type LogicalType, varcharOf, withNullable } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import type { Accumulation, AggregateFunction } from "./aggregate-function.ts";
import { innerJson, isRawJson, refuseValues } from "./json.ts";
import { type JsonNode, printJson } from "./json/json-node.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

const JSON_TEXT = withNullable(varcharOf(2000), false);

/** Values in order of arrival. */
function arrayAggregate(type: LogicalType, raw: boolean, keepNulls: boolean): Accumulation {
  const toJson = innerJson(type, raw);
  const remove = (list: unknown[], value: unknown): unknown[] => {
    const digest = valueDigest(value);
    const at = list.findIndex((item) => valueDigest(item) === digest);
    if (at >= 0) list.splice(at, 1);
    return list;
  };
  return {
    showsOrder: true,
    create: (): unknown[] => [],
    add: (list, value) => {
      if (value !== null || keepNulls) (list as unknown[]).push(value);
      return list;
    },
    retract: (list, value) => (value !== null || keepNulls ? remove(list as unknown[], value) : list),
    merge: (into, from) => {
      (into as unknown[]).push(...(from as unknown[]));
      return into;
    },
    result: (list) => printJson((list as unknown[]).map((value): JsonNode => toJson(value))),
  };
}

/** Keys with their values; a key may be there once only. */
function objectAggregate(type: LogicalType, raw: boolean, keepNulls: boolean): Accumulation {
  const toJson = innerJson(type, raw);
  const put = (fields: Map<string, unknown>, key: string, value: unknown): void => {
    if (fields.has(key)) {
      throw new SqlRuntimeError(
        "SQL_JSON_DUPLICATE_KEY",
        `Key '${key}' is already present. Duplicate keys are not allowed in JSON_OBJECTAGG. Please ensure that keys are unique.`,
      );
    }
    fields.set(key, value);
  };
  return {
    create: (): Map<string, unknown> => new Map(),
    add: (fields, key, value) => {
      if (key === null) throw new SqlRuntimeError("SQL_JSON_NULL_KEY", "Map views don't support null keys.");
      put(fields as Map<string, unknown>, key as string, value);
      return fields;
    },
    retract: (fields, key) => {
      (fields as Map<string, unknown>).delete(key as string);
      return fields;
    },
    merge: (into, from) => {
      for (const [key, value] of from as Map<string, unknown>) put(into as Map<string, unknown>, key, value);
      return into;
    },
    result: (fields) => {
      const shown = [...(fields as Map<string, unknown>)].filter(([, value]) => value !== null || keepNulls);
      return printJson(new Map(shown.map(([key, value]): [string, JsonNode] => [key, toJson(value)])));
    },
  };
}

function jsonArrayAgg(name: string, keepNulls: boolean, raw: boolean): AggregateFunction {
  return {
    name,
    parameters: ["any"],
    result: () => JSON_TEXT,
    nullAware: true,
    nullArgument: 0,
    neverNullable: true,
    refuse: (_types, args) => refuseValues(args),
    implement: (types) => arrayAggregate(types[0], raw, keepNulls),
    description: "The values as a JSON array: JSON_ARRAYAGG(value [{ NULL | ABSENT } ON NULL]); NULLs are left out unless told otherwise.",
    examples: [{ sql: "JSON_ARRAYAGG(v)", value: "[1,2,4]" }],
  };
}

function jsonObjectAgg(name: string, keepNulls: boolean, raw: boolean): AggregateFunction {
  return {
    name,
    parameters: ["any", "any"],
    result: () => JSON_TEXT,
    nullAware: true,
    nullArgument: 1,
    neverNullable: true,
    refuse: ([key], args) => {
      if (!isCharacter(key)) return { expected: `${name}(<CHARACTER>, <ANY>)` };
      return refuseValues(args.slice(1));
    },
    implement: (types) => objectAggregate(types[1], raw, keepNulls),
    description:
      "Keys and values as a JSON object: JSON_OBJECTAGG([KEY] key VALUE value [{ NULL | ABSENT } ON NULL]); a key that comes twice fails the job.",
    examples: [{ sql: "JSON_OBJECTAGG(KEY CAST(v AS STRING) VALUE s)", value: '{"1":"a","2":"b","4":"b"}' }],
  };
}

export const JSON_AGGREGATES: readonly AggregateFunction[] = [
  {
    ...jsonArrayAgg("JSON_ARRAYAGG", false, false),
    withOptions: ({ onNull }, args) =>
      jsonArrayAgg(`JSON_ARRAYAGG_${onNull === "NULL" ? "NULL" : "ABSENT"}_ON_NULL`, onNull === "NULL", isRawJson(args[0])),
  },
  {
    ...jsonObjectAgg("JSON_OBJECTAGG", true, false),
    withOptions: ({ onNull }, args) =>
      jsonObjectAgg(`JSON_OBJECTAGG_${onNull === "ABSENT" ? "ABSENT" : "NULL"}_ON_NULL`, onNull !== "ABSENT", isRawJson(args[1])),
  },
];
