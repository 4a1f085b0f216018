/** The inverse of `encodeValue`, written independently of it: nothing in the engine has to read that form, but it must be possible. */
import { TAG } from "../../src/types/value-tags.ts";

/** The value, up to prototypes of class instances. */
export function decodeValue(bytes: Uint8Array): unknown {
  return read(new ByteReader(bytes));
}

function read(reader: ByteReader): unknown {
  const tag = reader.byte();
  switch (tag) {
    case TAG.null:
      return null;
    case TAG.undefined:
      return undefined;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.naturalNumber:
      return reader.varint();
    case TAG.negativeInteger:
      return -reader.varint();
    case TAG.double:
      return reader.double();
    case TAG.naturalBigint:
      return BigInt(`0x${reader.text()}`);
    case TAG.negativeBigint:
      return -BigInt(`0x${reader.text()}`);
    case TAG.string:
      return reader.text();
    case TAG.array: {
      const length = reader.varint();
      const list: unknown[] = [];
      for (let index = 0; index < length; index++) list.push(read(reader));
      return list;
    }
    case TAG.object: {
      const count = reader.varint();
      const fields: Record<string, unknown> = {};
      for (let index = 0; index < count; index++) {
        const name = reader.text();
        Object.defineProperty(fields, name, { value: read(reader), enumerable: true, writable: true, configurable: true });
      }
      return fields;
    }
    case TAG.map: {
      const count = reader.varint();
      const map = new Map<unknown, unknown>();
      for (let index = 0; index < count; index++) {
        const key = read(reader);
        map.set(key, read(reader));
      }
      return map;
    }
    case TAG.set: {
      const count = reader.varint();
      const set = new Set<unknown>();
      for (let index = 0; index < count; index++) set.add(read(reader));
      return set;
    }
    case TAG.date:
      return new Date(reader.double());
    case TAG.bytes:
      return reader.raw(reader.varint());
    default:
      throw new RangeError(`unknown tag ${tag} in encoded value`);
  }
}

/** Reads what ByteWriter wrote. */
class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    return this.view.getUint8(this.position++);
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const digit = this.byte();
      value += (digit & 0x7f) * unit;
      if (digit < 0x80) return value;
      unit *= 0x80;
    }
  }

  double(): number {
    const value = this.view.getFloat64(this.position);
    this.position += 8;
    return value;
  }

  raw(length: number): Uint8Array {
    if (this.position + length > this.bytes.length) throw new RangeError("unexpected end of bytes");
    this.position += length;
    return this.bytes.slice(this.position - length, this.position);
  }

  text(): string {
    const end = this.varint() + this.position;
    let text = "";
    while (this.position < end) {
      const lead = this.byte();
      let code = lead;
      if (lead >= 0xf0) code = ((lead & 0x07) << 18) | (this.tail() << 12) | (this.tail() << 6) | this.tail();
      else if (lead >= 0xe0) code = ((lead & 0x0f) << 12) | (this.tail() << 6) | this.tail();
      else if (lead >= 0xc0) code = ((lead & 0x1f) << 6) | this.tail();
      text += String.fromCodePoint(code);
    }
    return text;
  }

  private tail(): number {
    return this.byte() & 0x3f;
  }
}
