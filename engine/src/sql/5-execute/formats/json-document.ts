import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";

/** The document in a value: a text is parsed, everything else is taken as it is. Throws SqlRuntimeError. */
export function jsonDocument(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw failedToDeserialize(value);
  }
}

export function failedToDeserialize(value: unknown): SqlRuntimeError {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return new SqlRuntimeError("SQL_JSON_VALUE", `Failed to deserialize JSON '${text}'.`);
}
