/**
 * Values as bytes in a store that keeps many of them: the form of value-codec.ts, but objects are written by their shape (value-shapes.ts), so they
 * take less and keep their class. Both directions work in place: values are written behind one another into one writer, and read out of the
 * middle of a table.
 */
import type { ByteWriter } from "./byte-buffer.ts";
import { isOpaque, MAX_NESTING, notSerializable } from "./unserializable.ts";
import type { ValueShapes } from "./value-shapes.ts";
import { CANNOT_ENCODE, TAG, writeScalar } from "./value-tags.ts";

/** @throws Diagnostic TYPE_NOT_SERIALIZABLE naming the path of the part that has no binary form. */
export function writeShaped(writer: ByteWriter, shapes: ValueShapes, value: unknown): void {
  try {
    write(writer, shapes, value, 0);
  } catch (error) {
    throw error === CANNOT_ENCODE ? notSerializable(value) : error;
  }
}

function write(writer: ByteWriter, shapes: ValueShapes, value: unknown, depth: number): void {
  if (typeof value === "object" && value !== null) writeObject(writer, shapes, value, depth);
  else writeScalar(writer, value);
}

function writeObject(writer: ByteWriter, shapes: ValueShapes, value: object, depth: number): void {
  if (depth > MAX_NESTING) throw CANNOT_ENCODE;
  if (Array.isArray(value)) {
    writer.byte(TAG.array);
    writer.varint(value.length);
    for (let index = 0; index < value.length; index++) write(writer, shapes, value[index], depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && writeBuiltIn(writer, shapes, value, depth)) return;
  const shape = shapes.of(value);
  if (shape === null) {
    writeOpen(writer, shapes, value, depth);
    return;
  }
  const { fields } = shape;
  writer.byte(TAG.object);
  writer.varint(shape.id);
  for (let index = 0; index < fields.length; index++) write(writer, shapes, (value as Record<string, unknown>)[fields[index]], depth + 1);
}

function writeOpen(writer: ByteWriter, shapes: ValueShapes, value: object, depth: number): void {
  const fields = shapes.fieldsOf(value);
  writer.byte(TAG.open);
  writer.varint(shapes.openOf(value).id);
  writer.varint(fields.length);
  for (const field of fields) {
    writer.text(field);
    write(writer, shapes, (value as Record<string, unknown>)[field], depth + 1);
  }
}

/** False when it is an instance of a class with fields. */
function writeBuiltIn(writer: ByteWriter, shapes: ValueShapes, value: object, depth: number): boolean {
  if (value instanceof Date) {
    writer.byte(TAG.date);
    writer.double(value.getTime());
  } else if (value instanceof Uint8Array) {
    writer.byte(TAG.bytes);
    writer.varint(value.length);
    writer.raw(value);
  } else if (value instanceof Map) {
    writer.byte(TAG.map);
    writer.varint(value.size);
    for (const [key, element] of value) {
      write(writer, shapes, key, depth + 1);
      write(writer, shapes, element, depth + 1);
    }
  } else if (value instanceof Set) {
    writer.byte(TAG.set);
    writer.varint(value.size);
    for (const element of value) write(writer, shapes, element, depth + 1);
  } else if (isOpaque(value)) {
    throw CANNOT_ENCODE;
  } else {
    return false;
  }
  return true;
}

/** Eight bytes turned into a number, and back. */
const DOUBLE = new DataView(new ArrayBuffer(8));

/** Reads bytes from anywhere in an array; point it with `at`. */
export class ShapedReader {
  position = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly shapes: ValueShapes;

  constructor(shapes: ValueShapes) {
    this.shapes = shapes;
  }

  at(bytes: Uint8Array, position: number): this {
    this.bytes = bytes;
    this.position = position;
    return this;
  }

  /** The next value; what is read is nobody else's. */
  value(): unknown {
    const tag = this.byte();
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
        return this.varint();
      case TAG.negativeInteger:
        return -this.varint();
      case TAG.double:
        return this.double();
      case TAG.naturalBigint:
        return BigInt(`0x${this.text()}`);
      case TAG.negativeBigint:
        return -BigInt(`0x${this.text()}`);
      case TAG.string:
        return this.text();
      case TAG.array: {
        const list = new Array<unknown>(this.varint());
        for (let index = 0; index < list.length; index++) list[index] = this.value();
        return list;
      }
      case TAG.object:
        return this.object();
      case TAG.open:
        return this.open();
      case TAG.map: {
        const count = this.varint();
        const map = new Map<unknown, unknown>();
        for (let index = 0; index < count; index++) {
          const key = this.value();
          map.set(key, this.value());
        }
        return map;
      }
      case TAG.set: {
        const count = this.varint();
        const set = new Set<unknown>();
        for (let index = 0; index < count; index++) set.add(this.value());
        return set;
      }
      case TAG.date:
        return new Date(this.double());
      case TAG.bytes: {
        const length = this.varint();
        this.position += length;
        return this.bytes.slice(this.position - length, this.position);
      }
      default:
        throw new RangeError(`unknown tag ${tag} in encoded value`);
    }
  }

  byte(): number {
    return this.bytes[this.position++];
  }

  varint(): number {
    let digit = this.bytes[this.position++];
    if (digit < 0x80) return digit;
    let value = digit & 0x7f;
    let unit = 0x80;
    do {
      digit = this.bytes[this.position++];
      value += (digit & 0x7f) * unit;
      unit *= 0x80;
    } while (digit >= 0x80);
    return value;
  }

  double(): number {
    const { bytes } = this;
    for (let index = 0; index < 8; index++) DOUBLE.setUint8(index, bytes[this.position++]);
    return DOUBLE.getFloat64(0);
  }

  text(): string {
    const length = this.varint();
    const end = this.position + length;
    const { bytes } = this;
    let text = "";
    while (this.position < end) {
      const lead = bytes[this.position++];
      let code = lead;
      if (lead >= 0xf0) code = ((lead & 0x07) << 18) | (this.tail() << 12) | (this.tail() << 6) | this.tail();
      else if (lead >= 0xe0) code = ((lead & 0x0f) << 12) | (this.tail() << 6) | this.tail();
      else if (lead >= 0xc0) code = ((lead & 0x1f) << 6) | this.tail();
      text += code < 0x1_0000 ? String.fromCharCode(code) : String.fromCodePoint(code);
    }
    return text;
  }

  private tail(): number {
    return this.bytes[this.position++] & 0x3f;
  }

  private object(): Record<string, unknown> {
    const shape = this.shapes.at(this.varint());
    const { fields } = shape;
    const object = shape.create();
    for (let index = 0; index < fields.length; index++) setField(object, fields[index], this.value());
    return object;
  }

  private open(): Record<string, unknown> {
    const object = this.shapes.at(this.varint()).create();
    for (let count = this.varint(); count > 0; count--) setField(object, this.text(), this.value());
    return object;
  }
}

function setField(object: Record<string, unknown>, field: string, value: unknown): void {
  if (field === "__proto__") Object.defineProperty(object, field, { value, enumerable: true, writable: true, configurable: true });
  else object[field] = value;
}
