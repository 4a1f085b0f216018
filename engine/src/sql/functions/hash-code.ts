/**
 * `HASH_CODE(x)`: Java's hash code of a value as Flink keeps it. No query can call it; the planner does, to deal out the values of a distinct
 * aggregation (4-optimize/rules/split-distinct-aggregates.ts). The numbers are Flink's, since the order of a batch's keys follows from them.
 */
import { bigIntegerHashCode, doubleHashCode, longHashCode, stringHashCode } from "../../base/java-hash.ts";
import { INT, type LogicalType } from "../../types/logical-type.ts";
import { msOf, nanosOfMs, type Timestamp } from "../../types/timestamp.ts";
import { murmurOfBytes } from "./murmur-bytes.ts";
import { type Implementation, parameters, type ScalarFunction } from "./scalar-function.ts";

const COMPACT_DECIMAL_PRECISION = 18;
const TRUE_HASH = 1231;
const FALSE_HASH = 1237;

const floatBits = new DataView(new ArrayBuffer(4));

function hashOfFloat(value: number): number {
  floatBits.setFloat32(0, value);
  return floatBits.getInt32(0);
}

/** `BigDecimal.hashCode`: of the digits, then of the scale. */
function hashOfDecimal(digits: bigint, { precision, scale }: LogicalType): number {
  if (precision! > COMPACT_DECIMAL_PRECISION) return (Math.imul(31, bigIntegerHashCode(digits)) + scale!) | 0;
  const size = digits < 0n ? -digits : digits;
  const folded = (Math.imul(Number(size >> 32n), 31) + Number(size & 0xffff_ffffn)) | 0;
  return (Math.imul(31, digits < 0n ? -folded : folded) + scale!) | 0;
}

/** `TimestampData.hashCode`: of the ms, then of the nanoseconds in the ms. */
function hashOfTimestamp(value: Timestamp): number {
  return (Math.imul(31, longHashCode(BigInt(msOf(value)))) + nanosOfMs(value)) | 0;
}

function implementHashCode(type: LogicalType): Implementation {
  switch (type.root) {
    case "BOOLEAN":
      return (value: boolean) => (value ? TRUE_HASH : FALSE_HASH);
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "DATE":
    case "TIME":
    case "INTERVAL_YEAR_MONTH":
      return (value: number) => value;
    case "BIGINT":
    case "INTERVAL_DAY_TIME":
      return (value: number | bigint) => longHashCode(BigInt(value));
    case "FLOAT":
      return (value: number) => hashOfFloat(value);
    case "DOUBLE":
      return (value: number) => doubleHashCode(value);
    case "DECIMAL":
      return (value: bigint) => hashOfDecimal(value, type);
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return hashOfTimestamp as Implementation;
    case "CHAR":
    case "VARCHAR":
      // Not that of the text's bytes: Flink asks the Java string.
      return (value: string) => stringHashCode(value);
    case "BINARY":
    case "VARBINARY":
      return (value: Uint8Array) => murmurOfBytes(value);
    default:
      // One bucket for all is slow, but right.
      return () => 0;
  }
}

export const HASH_CODE: ScalarFunction = {
  name: "HASH_CODE",
  parameters: parameters("any"),
  result: () => INT,
  implement: ({ types }) => implementHashCode(types[0]),
  description: "Java's hash code of a value. Flink's planner deals out the values of a distinct aggregation by it.",
  examples: [],
};
