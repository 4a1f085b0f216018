/** What the binary forms of values (value-codec.ts, shaped-codec.ts) have in common: the tag in front of each value, and all values that have no parts. */
import type { ByteWriter } from "./byte-buffer.ts";

export const TAG = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  naturalNumber: 4,
  negativeInteger: 5,
  double: 6,
  naturalBigint: 7,
  negativeBigint: 8,
  string: 9,
  array: 10,
  object: 11,
  map: 12,
  set: 13,
  date: 14,
  bytes: 15,
  /** Of shaped-codec.ts alone: an object with the names of its fields. */
  open: 16,
} as const;

/** Thrown inside the recursion only. */
export const CANNOT_ENCODE = Symbol("cannot encode");

/** Anything but an object. */
export function writeScalar(writer: ByteWriter, value: unknown): void {
  switch (typeof value) {
    case "number":
      writeNumber(writer, value);
      break;
    case "string":
      writer.byte(TAG.string);
      writer.text(value);
      break;
    case "boolean":
      writer.byte(value ? TAG.true : TAG.false);
      break;
    case "undefined":
      writer.byte(TAG.undefined);
      break;
    case "bigint":
      writer.byte(value < 0n ? TAG.negativeBigint : TAG.naturalBigint);
      writer.text(bigintDigits(value));
      break;
    default:
      if (value !== null) throw CANNOT_ENCODE;
      writer.byte(TAG.null);
  }
}

function writeNumber(writer: ByteWriter, value: number): void {
  if ((Number.isSafeInteger(value) && value > 0) || Object.is(value, 0)) {
    writer.byte(TAG.naturalNumber);
    writer.varint(value);
  } else if (Number.isSafeInteger(value) && value < 0) {
    writer.byte(TAG.negativeInteger);
    writer.varint(-value);
  } else {
    writer.byte(TAG.double);
    writer.double(value);
  }
}

/** Hexadecimal digits of the magnitude. */
export function bigintDigits(value: bigint): string {
  return (value < 0n ? -value : value).toString(16);
}
