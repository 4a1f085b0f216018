/**
 * The binary form of plain values: one tag byte, then the contents. It is what values weigh in state, on channels and in
 * checkpoints, so sizes are numbers that a learner can follow: a small integer takes 2 bytes, a string its UTF-8 length plus 2.
 *
 * Object fields are written with their names (as JSON would, and unlike Flink's POJO serializer, which knows the class); class
 * instances lose their prototype here, but not in `copyValue`.
 */
import { ByteWriter, utf8Length, varintLength } from "./byte-buffer.ts";
import { isOpaque, MAX_NESTING, notSerializable } from "./unserializable.ts";
import { bigintDigits, CANNOT_ENCODE, TAG, writeScalar } from "./value-tags.ts";

export { copyValue } from "./value-copy.ts";

/** @throws Diagnostic TYPE_NOT_SERIALIZABLE naming the path of the part that has no binary form. */
export function encodeValue(value: unknown): Uint8Array {
  const writer = new ByteWriter();
  try {
    write(writer, value, 0);
  } catch (error) {
    throw error === CANNOT_ENCODE ? notSerializable(value) : error;
  }
  return writer.finish();
}

/** Length of `encodeValue(value)` without building it. */
export function serializedSize(value: unknown): number {
  switch (typeof value) {
    case "number":
      return numberSize(value);
    case "string":
      return textSize(value) + 1;
    case "boolean":
      return 1;
    default:
      break;
  }
  try {
    return sizeOf(value, 0);
  } catch (error) {
    throw error === CANNOT_ENCODE ? notSerializable(value) : error;
  }
}

function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function numberSize(value: number): number {
  if ((value | 0) === value && value !== 0) return 1 + varintLength(value < 0 ? -value : value);
  return isInteger(value) ? 1 + varintLength(Math.abs(value)) : 9;
}

function textSize(text: string): number {
  const bytes = utf8Length(text);
  return bytes + varintLength(bytes);
}

function sizeOf(value: unknown, depth: number): number {
  switch (typeof value) {
    case "number":
      return numberSize(value);
    case "string":
      return textSize(value) + 1;
    case "boolean":
    case "undefined":
      return 1;
    case "bigint":
      return 1 + textSize(bigintDigits(value));
    case "object":
      return value === null ? 1 : objectSize(value, depth);
    default:
      throw CANNOT_ENCODE;
  }
}

function objectSize(value: object, depth: number): number {
  if (depth > MAX_NESTING) throw CANNOT_ENCODE;
  if (Array.isArray(value)) {
    let bytes = 1 + varintLength(value.length);
    for (let index = 0; index < value.length; index++) bytes += sizeOf(value[index], depth + 1);
    return bytes;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return fieldsSize(value, depth);
  if (value instanceof Date) return 9;
  if (value instanceof Uint8Array) return 1 + varintLength(value.length) + value.length;
  if (value instanceof Map) {
    let bytes = 1 + varintLength(value.size);
    for (const [key, element] of value) bytes += sizeOf(key, depth + 1) + sizeOf(element, depth + 1);
    return bytes;
  }
  if (value instanceof Set) {
    let bytes = 1 + varintLength(value.size);
    for (const element of value) bytes += sizeOf(element, depth + 1);
    return bytes;
  }
  if (isOpaque(value)) throw CANNOT_ENCODE;
  return fieldsSize(value, depth);
}

function fieldsSize(value: object, depth: number): number {
  const fields = value as Record<string, unknown>;
  let bytes = 1;
  let count = 0;
  for (const field in fields) {
    if (!Object.hasOwn(fields, field)) continue;
    count++;
    bytes += textSize(field) + sizeOf(fields[field], depth + 1);
  }
  return bytes + varintLength(count);
}

function write(writer: ByteWriter, value: unknown, depth: number): void {
  if (typeof value === "object" && value !== null) writeObject(writer, value, depth);
  else writeScalar(writer, value);
}

function writeObject(writer: ByteWriter, value: object, depth: number): void {
  if (depth > MAX_NESTING) throw CANNOT_ENCODE;
  if (Array.isArray(value)) {
    writer.byte(TAG.array);
    writer.varint(value.length);
    for (let index = 0; index < value.length; index++) write(writer, value[index], depth + 1);
  } else if (value instanceof Date) {
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
      write(writer, key, depth + 1);
      write(writer, element, depth + 1);
    }
  } else if (value instanceof Set) {
    writer.byte(TAG.set);
    writer.varint(value.size);
    for (const element of value) write(writer, element, depth + 1);
  } else {
    if (isOpaque(value)) throw CANNOT_ENCODE;
    const fields = value as Record<string, unknown>;
    const names = Object.keys(fields);
    writer.byte(TAG.object);
    writer.varint(names.length);
    for (const name of names) {
      writer.text(name);
      write(writer, fields[name], depth + 1);
    }
  }
}
