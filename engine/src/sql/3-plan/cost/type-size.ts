/** Bytes of a value, by its type alone (Flink: `FlinkRelMdSize.averageTypeValueSize`). */
import type { LogicalType } from "../../../types/logical-type.ts";

/** A guess at the number of elements of a collection. */
const ELEMENTS = 16;

export function typeSize(type: LogicalType): number {
  switch (type.root) {
    case "TINYINT":
    case "BOOLEAN":
    case "CHAR":
      return 1;
    case "SMALLINT":
      return 2;
    case "INT":
    case "FLOAT":
    case "INTERVAL_DAY_TIME":
      return 4;
    case "BIGINT":
    case "DOUBLE":
    case "INTERVAL_YEAR_MONTH":
      return 8;
    case "BINARY":
    case "VARBINARY":
    case "VARIANT":
      return 16;
    case "ROW":
    case "STRUCTURED":
      return (type.fields ?? []).reduce((sum, field) => sum + typeSize(field.type), 0);
    case "ARRAY":
      return typeSize(type.element!) * ELEMENTS;
    case "MAP":
      return (typeSize(type.key!) + typeSize(type.value!)) * ELEMENTS;
    case "MULTISET":
      return (typeSize(type.element!) + 4) * ELEMENTS;
    case "BITMAP":
    case "NULL":
    case "DESCRIPTOR":
      return 128;
    default:
      return 12;
  }
}
