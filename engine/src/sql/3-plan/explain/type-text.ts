/** Types in Calcite's spelling, as EXPLAIN shows them. */
import type { LogicalType } from "../../../types/logical-type.ts";
import type { RelColumn } from "../../2-analyze/rel.ts";

const CHARSET = ' CHARACTER SET "UTF-16LE"';

/** `charset` false = as the execution plan and row types write texts. */
export function typeText(type: LogicalType, charset = true): string {
  const suffix = charset ? CHARSET : "";
  switch (type.root) {
    case "CHAR":
      return `CHAR(${type.length})${suffix}`;
    case "VARCHAR":
      return `VARCHAR(${type.length})${suffix}`;
    case "BINARY":
    case "VARBINARY":
      return `${type.root}(${type.length})`;
    case "INT":
      return "INTEGER";
    case "DECIMAL":
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case "TIME":
      return `TIME(${type.precision})`;
    case "TIMESTAMP":
      return `TIMESTAMP(${type.precision})`;
    case "TIMESTAMP_LTZ":
      return `TIMESTAMP_WITH_LOCAL_TIME_ZONE(${type.precision})`;
    case "INTERVAL_DAY_TIME":
      return "INTERVAL SECOND(3)";
    case "INTERVAL_YEAR_MONTH":
      return "INTERVAL MONTH";
    case "ARRAY":
      return `${typeText(type.element!, charset)} ARRAY`;
    case "MULTISET":
      return `${typeText(type.element!, charset)} MULTISET`;
    case "MAP":
      return `(${typeText(type.key!, charset)}, ${typeText(type.value!, charset)}) MAP`;
    case "ROW":
      return `RecordType:peek_no_expand(${type.fields!.map((field) => `${typeText(field.type, charset)} ${field.name}`).join(", ")})`;
    default:
      return type.root;
  }
}

/** `RecordType(INTEGER a, TIMESTAMP(3) *ROWTIME* ts)`. */
export function rowTypeText(columns: readonly RelColumn[]): string {
  const fields = columns.map(({ name, type }) => {
    if (type.timeAttribute === undefined) return `${typeText(type, false)} ${name}`;
    const root = type.root === "TIMESTAMP_LTZ" ? "TIMESTAMP_LTZ" : "TIMESTAMP";
    return `${root}(${type.precision}) *${type.timeAttribute}* ${name}`;
  });
  return `RecordType(${fields.join(", ")})`;
}
