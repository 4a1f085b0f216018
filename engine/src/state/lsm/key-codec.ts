/**
 * Keys as bytes that are equal exactly when the keys are (base/canonical-key.ts says when), that tell where they end, and that sort as Flink's
 * serializers would have them sorted: numbers from 0 upwards, then the negative ones; shorter strings before longer ones.
 *
 * An address in a state is: key group (2 bytes), key, namespace, and in map state the key in the map.
 */
import { hiddenContents } from "../../base/hidden-contents.ts";
import { canonicalKey } from "../../base/canonical-key.ts";
import { ByteWriter } from "../../types/byte-buffer.ts";
import { ShapedReader, writeShaped } from "../../types/shaped-codec.ts";
import type { ValueShapes } from "../../types/value-shapes.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../namespace.ts";

export const GROUP_BYTES = 2;

const TAG = {
  /** An int is tag and 4 bytes, any other number tag and 8. */
  naturalInt: 1,
  naturalNumber: 2,
  negativeNumber: 3,
  negativeInt: 4,
  false: 5,
  true: 6,
  string: 7,
  bigint: 8,
  array: 9,
  object: 10,
  date: 11,
  bytes: 12,
  map: 13,
  set: 14,
  null: 15,
  /** An object with the names of its fields, sorted. */
  open: 16,
} as const;

/** First byte of the namespace of state that belongs to the key alone; others begin with the tag of an object. */
const VOID = 0;

/** @throws Diagnostic KEY_NOT_HASHABLE */
export function writeKey(writer: ByteWriter, shapes: ValueShapes, key: unknown): void {
  switch (typeof key) {
    case "number":
      writeNumber(writer, key);
      break;
    case "string":
      writer.byte(TAG.string);
      writer.text(key);
      break;
    case "boolean":
      writer.byte(key ? TAG.true : TAG.false);
      break;
    case "bigint":
      writer.byte(TAG.bigint);
      writer.text(key.toString(16));
      break;
    case "undefined":
      writer.byte(TAG.null);
      break;
    default:
      if (key === null) writer.byte(TAG.null);
      else writeObject(writer, shapes, key as object);
  }
}

function writeNumber(writer: ByteWriter, key: number): void {
  const int = key | 0;
  if (int === key) {
    writer.byte(int < 0 ? TAG.negativeInt : TAG.naturalInt);
    writer.byte(int >>> 24);
    writer.byte((int >>> 16) & 0xff);
    writer.byte((int >>> 8) & 0xff);
    writer.byte(int & 0xff);
  } else {
    writer.byte(key < 0 ? TAG.negativeNumber : TAG.naturalNumber);
    writer.double(key);
  }
}

function writeObject(writer: ByteWriter, shapes: ValueShapes, key: object): void {
  if (Array.isArray(key)) {
    writer.byte(TAG.array);
    writer.varint(key.length);
    for (let index = 0; index < key.length; index++) writeKey(writer, shapes, key[index]);
    return;
  }
  // Functions and what hides its contents are refused with the reason.
  if (typeof key !== "object" || hiddenContents(key) !== null) canonicalKey(key);
  if (key instanceof Date) {
    writer.byte(TAG.date);
    writer.double(key.getTime());
  } else if (key instanceof Uint8Array) {
    writer.byte(TAG.bytes);
    writer.varint(key.length);
    writer.raw(key);
  } else if (key instanceof Map) {
    writer.byte(TAG.map);
    writeSorted(
      writer,
      [...key].map(([field, element]) =>
        encoded((part) => {
          writeKey(part, shapes, field);
          writeKey(part, shapes, element);
        }),
      ),
    );
  } else if (key instanceof Set) {
    writer.byte(TAG.set);
    writeSorted(
      writer,
      [...key].map((element) => encoded((part) => writeKey(part, shapes, element))),
    );
  } else {
    const shape = shapes.ofKey(key);
    if (shape === null) {
      writeOpen(writer, shapes, key as Record<string, unknown>);
      return;
    }
    writer.byte(TAG.object);
    writer.varint(shape.id);
    for (const field of shape.fields) writeKey(writer, shapes, (key as Record<string, unknown>)[field]);
  }
}

function writeOpen(writer: ByteWriter, shapes: ValueShapes, key: Record<string, unknown>): void {
  const fields = shapes.fieldsOf(key).filter((field) => key[field] !== undefined);
  writer.byte(TAG.open);
  // Equal keys may be of different classes, and must be equal bytes: these keys come back as plain objects.
  writer.varint(shapes.openOf({}).id);
  writer.varint(fields.length);
  for (const field of fields.sort()) {
    writer.text(field);
    writeKey(writer, shapes, key[field]);
  }
}

function encoded(write: (part: ByteWriter) => void): Uint8Array {
  const part = new ByteWriter();
  write(part);
  return part.finish();
}

function writeSorted(writer: ByteWriter, parts: Uint8Array[]): void {
  parts.sort((a, b) => compareBytes(a, 0, a.length, b, 0, b.length));
  writer.varint(parts.length);
  for (const part of parts) writer.raw(part);
}

export function writeNamespace(writer: ByteWriter, shapes: ValueShapes, namespace: StateNamespace): void {
  if (namespace.namespaceKey === VOID_NAMESPACE.namespaceKey) writer.byte(VOID);
  else writeShaped(writer, shapes, namespace);
}

/** Reads addresses; point it with `at`, to the beginning of one. */
export class AddressReader {
  private readonly shapes: ValueShapes;
  private readonly reader: ShapedReader;
  private bytes: Uint8Array = new Uint8Array(0);

  constructor(shapes: ValueShapes) {
    this.shapes = shapes;
    this.reader = new ShapedReader(shapes);
  }

  /** Points behind the key group. */
  at(bytes: Uint8Array, start: number): this {
    this.bytes = bytes;
    this.reader.at(bytes, start + GROUP_BYTES);
    return this;
  }

  get position(): number {
    return this.reader.position;
  }

  /** The next key: that of the state, or, behind the namespace, that in the map. */
  key(): unknown {
    const { reader } = this;
    const tag = reader.byte();
    switch (tag) {
      case TAG.naturalInt:
      case TAG.negativeInt:
        return (reader.byte() << 24) | (reader.byte() << 16) | (reader.byte() << 8) | reader.byte();
      case TAG.naturalNumber:
      case TAG.negativeNumber:
        return reader.double();
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.string:
        return reader.text();
      case TAG.bigint: {
        const digits = reader.text();
        return digits.startsWith("-") ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
      }
      case TAG.array: {
        const list = new Array<unknown>(reader.varint());
        for (let index = 0; index < list.length; index++) list[index] = this.key();
        return list;
      }
      case TAG.object: {
        const shape = this.shapes.at(reader.varint());
        const object = shape.create();
        for (const field of shape.fields) {
          Object.defineProperty(object, field, { value: this.key(), enumerable: true, writable: true, configurable: true });
        }
        return object;
      }
      case TAG.open: {
        const object = this.shapes.at(reader.varint()).create();
        for (let count = reader.varint(); count > 0; count--) {
          const field = reader.text();
          Object.defineProperty(object, field, { value: this.key(), enumerable: true, writable: true, configurable: true });
        }
        return object;
      }
      case TAG.date:
        return new Date(reader.double());
      case TAG.bytes: {
        const length = reader.varint();
        reader.position += length;
        return this.bytes.slice(reader.position - length, reader.position);
      }
      case TAG.map: {
        const map = new Map<unknown, unknown>();
        for (let count = reader.varint(); count > 0; count--) {
          const key = this.key();
          map.set(key, this.key());
        }
        return map;
      }
      case TAG.set: {
        const set = new Set<unknown>();
        for (let count = reader.varint(); count > 0; count--) set.add(this.key());
        return set;
      }
      case TAG.null:
        return null;
      default:
        throw new RangeError(`unknown tag ${tag} in an encoded key`);
    }
  }

  namespace(): StateNamespace {
    const { reader } = this;
    if (this.bytes[reader.position] !== VOID) return reader.value() as StateNamespace;
    reader.position++;
    return VOID_NAMESPACE;
  }
}

/** The key group at the beginning of an address. */
export function groupAt(bytes: Uint8Array, start: number): number {
  return (bytes[start] << 8) | bytes[start + 1];
}

/** Negative, 0 or positive as the first is smaller, equal or greater; a beginning of the other is smaller. */
export function compareBytes(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const common = aLength < bLength ? aLength : bLength;
  for (let index = 0; index < common; index++) {
    const difference = a[aStart + index] - b[bStart + index];
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** Spreads addresses over the places of a hash table. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index], 0x0100_0193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85eb_ca6b);
  return hash ^ (hash >>> 13);
}
