/**
 * The hash code that Flink's binary form of a row has (`BinaryRowData.hashCode`): where a row stands in a Java hash map, and so in which order the rows of a
 * join's state leave, can be seen by whoever adds them up.
 *
 * The form: 8 bytes and more of bits (the kind, which is that of an insert, then which fields are NULL), 8 bytes per field, then what does not fit into 8
 * bytes, each rounded up to words. Texts of up to 7 bytes stand in their field. The hash is Murmur's over words of 4 bytes with the seed 42.
 *
 * Limits: rows, arrays and maps within a row are not known; then there is no hash, and rows keep the order in which they came.
 */
import { bitMix } from "../../base/murmur.ts";
import type { LogicalType } from "../../types/logical-type.ts";
import { FIELD_OFFSET, type Row } from "../../types/row.ts";
import { utf8Encode } from "../functions/utf8.ts";

const SEED = 42;
const TWO_POW_32 = 2 ** 32;

/** null when a field's type has no known form. `fields` are those of the row that make up the hashed one. */
export function binaryRowHash(types: readonly LogicalType[], fields: readonly number[]): ((row: Row) => number) | null {
  const writers = fields.map((field) => writerOf(types[field]));
  if (writers.some((writer) => writer === null)) return null;
  const bitsBytes = ((fields.length + 63 + 8) >> 6) * 8;
  const form = new BinaryForm(bitsBytes + fields.length * 8);
  return (row) => {
    form.reset();
    for (let i = 0; i < fields.length; i++) {
      const value = row[fields[i] + FIELD_OFFSET];
      if (value === null) form.setNull(i + 8);
      (writers as FieldWriter[])[i](form, bitsBytes + i * 8, value);
    }
    return form.hash();
  };
}

type FieldWriter = (form: BinaryForm, at: number, value: unknown) => void;

class BinaryForm {
  private readonly fixedBytes: number;
  private bytes: Uint8Array;
  view: DataView;
  private end: number;

  constructor(fixedBytes: number) {
    this.fixedBytes = fixedBytes;
    this.bytes = new Uint8Array(fixedBytes + 64);
    this.view = new DataView(this.bytes.buffer);
    this.end = fixedBytes;
  }

  reset(): void {
    this.bytes.fill(0, 0, this.end);
    this.end = this.fixedBytes;
  }

  setNull(bit: number): void {
    this.bytes[bit >> 3] |= 1 << (bit & 7);
  }

  putLong(at: number, value: number | bigint): void {
    if (typeof value === "bigint") {
      this.view.setBigInt64(at, BigInt.asIntN(64, value), true);
      return;
    }
    const high = Math.floor(value / TWO_POW_32);
    this.view.setUint32(at, value - high * TWO_POW_32, true);
    this.view.setInt32(at + 4, high, true);
  }

  /** Room behind the fields; the field says where it is and, instead of its size, what it is told. */
  private reserve(at: number, size: number, told: number): number {
    const start = this.end;
    this.end += (size + 7) & ~7;
    if (this.end > this.bytes.length) {
      const larger = new Uint8Array(this.end * 2);
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    this.view.setUint32(at, told, true);
    this.view.setUint32(at + 4, start, true);
    return start;
  }

  putBytes(at: number, bytes: Uint8Array): void {
    if (bytes.length > 7) {
      this.bytes.set(bytes, this.reserve(at, bytes.length, bytes.length));
      return;
    }
    this.bytes.set(bytes, at);
    this.bytes[at + 7] = bytes.length | 0x80;
  }

  /** Finer than ms: the ms behind the fields, the rest in the field. */
  putFineTimestamp(at: number, epochMs: number): void {
    const wholeMs = Math.floor(epochMs);
    this.putLong(this.reserve(at, 8, Math.round((epochMs - wholeMs) * 1000) * 1000), wholeMs);
  }

  /** Of more than 18 digits: 16 bytes, as many of them used as the digits need. */
  putLongDecimal(at: number, unscaled: bigint): void {
    const bytes = bigEndian(unscaled);
    this.bytes.set(bytes, this.reserve(at, 16, bytes.length));
  }

  hash(): number {
    let hash = SEED;
    for (let at = 0; at < this.end; at += 4) {
      let word = Math.imul(this.view.getInt32(at, true), 0xcc9e_2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b87_3593);
      hash ^= word;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
    }
    return bitMix(hash ^ this.end);
  }
}

/** Two's complement in as few bytes as it takes, as `BigInteger.toByteArray`. */
function bigEndian(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    bytes.unshift(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
    if ((rest === 0n && bytes[0] < 0x80) || (rest === -1n && bytes[0] >= 0x80)) return Uint8Array.from(bytes);
  }
}

function unlessNull(write: (form: BinaryForm, at: number, value: never) => void): FieldWriter {
  return (form, at, value) => {
    if (value !== null) write(form, at, value as never);
  };
}

function writerOf(type: LogicalType): FieldWriter | null {
  switch (type.root) {
    case "BOOLEAN":
      return unlessNull((form, at, value: boolean) => form.view.setInt8(at, value ? 1 : 0));
    case "TINYINT":
      return unlessNull((form, at, value: number) => form.view.setInt8(at, value));
    case "SMALLINT":
      return unlessNull((form, at, value: number) => form.view.setInt16(at, value, true));
    case "INT":
    case "DATE":
    case "TIME":
    case "INTERVAL_YEAR_MONTH":
      return unlessNull((form, at, value: number) => form.view.setInt32(at, value, true));
    case "BIGINT":
    case "INTERVAL_DAY_TIME":
      return unlessNull((form, at, value: number | bigint) => form.putLong(at, value));
    case "FLOAT":
      return unlessNull((form, at, value: number) => form.view.setFloat32(at, value, true));
    case "DOUBLE":
      return unlessNull((form, at, value: number) => form.view.setFloat64(at, value, true));
    case "CHAR":
    case "VARCHAR":
      return unlessNull((form, at, value: string) => form.putBytes(at, utf8Encode(value)));
    case "BINARY":
    case "VARBINARY":
      return unlessNull((form, at, value: Uint8Array) => form.putBytes(at, value));
    case "DECIMAL":
      return (type.precision ?? 10) <= 18
        ? unlessNull((form, at, value: bigint) => form.putLong(at, value))
        : unlessNull((form, at, value: bigint) => form.putLongDecimal(at, value));
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return (type.precision ?? 6) <= 3
        ? unlessNull((form, at, value: number) => form.putLong(at, value))
        : unlessNull((form, at, value: number) => form.putFineTimestamp(at, value));
    default:
      return null;
  }
}

/** Where a hash code stands among as many entries, as `java.util.HashMap` has it. */
export function javaBucket(hash: number, entries: number): number {
  let capacity = 16;
  while (entries > capacity * 0.75) capacity *= 2;
  return (hash ^ (hash >>> 16)) & (capacity - 1);
}
