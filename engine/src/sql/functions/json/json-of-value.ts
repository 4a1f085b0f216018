/** SQL values as JSON, by their type: chosen once, when the query is planned. */
import { isCharacter, type LogicalType, typeSummary } from "../../../types/logical-type.ts";
import type { Timestamp } from "../../../types/timestamp.ts";
import { base64Encode } from "../base64.ts";
import { decimalToString } from "../decimal.ts";
import { doubleToString } from "../number-text.ts";
import { formatIsoTimestamp } from "../temporal-text.ts";
import { bigDecimalText, type JsonNode, JsonNumber, parseJson } from "./json-node.ts";

export type ToJson = (value: unknown) => JsonNode;

/** null when the type has no JSON form in Flink (DATE, TIME, intervals …). The converter takes NULL too. */
export function jsonOf(type: LogicalType): ToJson | null {
  const plain = notNull(type);
  return plain === null ? null : (value) => (value === null ? null : plain(value));
}

function notNull(type: LogicalType): ToJson | null {
  switch (type.root) {
    case "CHAR":
    case "VARCHAR":
      return (value) => value as string;
    case "BOOLEAN":
      return (value) => value as boolean;
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "BIGINT":
      return (value) => new JsonNumber(String(value), true);
    case "FLOAT":
    case "DOUBLE":
      return (value) => (Number.isFinite(value) ? new JsonNumber(bigDecimalText(doubleToString(value as number)), false) : String(value));
    case "DECIMAL":
      return (value) => new JsonNumber(bigDecimalText(decimalToString(value as bigint, type.scale!)), false);
    case "TIMESTAMP":
      return (value) => formatIsoTimestamp(value as Timestamp);
    case "TIMESTAMP_LTZ":
      return (value) => `${formatIsoTimestamp(value as Timestamp)}Z`;
    case "BINARY":
    case "VARBINARY":
      return (value) => base64Encode(value as Uint8Array);
    case "VARIANT":
      return (value) => parseJson(value as string);
    case "ARRAY": {
      const element = jsonOf(type.element!);
      return element === null ? null : (value) => (value as unknown[]).map(element);
    }
    case "MAP":
    case "MULTISET": {
      const key = type.root === "MAP" ? type.key! : type.element!;
      const item = type.root === "MAP" ? jsonOf(type.value!) : (value: unknown): JsonNode => new JsonNumber(String(value), true);
      if (item === null || (key.root !== "CHAR" && key.root !== "VARCHAR")) return null;
      return (value) => new Map((value as [string, unknown][]).map(([name, content]) => [name, item(content)]));
    }
    case "ROW":
    case "STRUCTURED": {
      const fields = type.fields!.map((field) => ({ name: field.name, toJson: jsonOf(field.type) }));
      if (fields.some((field) => field.toJson === null)) return null;
      return (value) => new Map(fields.map(({ name, toJson }, i) => [name, toJson!((value as unknown[])[i])]));
    }
    default:
      return null;
  }
}

/** What Flink says of a type without JSON form: it names the innermost one that has none. null = it has one. */
export function whyNoJson(type: LogicalType): string | null {
  switch (type.root) {
    case "ARRAY":
      return whyNoJson(type.element!);
    case "MAP":
    case "MULTISET": {
      const key = type.root === "MAP" ? type.key! : type.element!;
      if (!isCharacter(key))
        return `Type '${typeSummary(key)}' is not supported for JSON conversion. The key type must be a character string.`;
      return type.root === "MAP" ? whyNoJson(type.value!) : null;
    }
    case "ROW":
    case "STRUCTURED":
      return type.fields!.map((field) => whyNoJson(field.type)).find((reason) => reason !== null) ?? null;
    default:
      return jsonOf(type) === null ? `Type '${typeSummary(type)}' is not scalar or cannot be converted into JSON.` : null;
  }
}
