/**
 * Copies the records of one edge fast.
 *
 * The problem: a generic deep copy reads and writes every field by a name that the machine code does not know, some 70 ns per field. The
 * records of an edge, though, nearly all have one shape (the same fields in the same order), and a function written for that shape is five
 * times as fast. So the copier writes such a function, as Flink generates a serializer per type: it checks that the record really has
 * the shape, reads the fields into variables and builds the copy from them.
 *
 * Limits: an edge with many shapes, fields that would call code when set, values that are no plain objects, and hosts that forbid
 * `new Function` (a page with a strict content security policy) get the generic copy. Both give equal copies; a property test holds them together.
 *
 * For `new Click("u1", 5)` the function reads, in essence:
 *
 * ```js
 * function Shape(v0, v1) { this["user"] = v0; this["at"] = v1; }
 * Shape.prototype = Click.prototype;
 * (value) => {
 *   let i = 0;
 *   for (const field in value) if (field !== fields[i++]) return miss;
 *   if (i !== 2) return miss;
 *   let v0 = value["user"], v1 = value["at"];
 *   if (mustCopy(v0)) v0 = copyNested(v0); …
 *   return new Shape(v0, v1);
 * }
 * ```
 */
import { copyNested, copyValue } from "./value-copy.ts";

/** Shapes of one prototype that get a function of their own; an edge with more goes the generic way. */
const MAX_SHAPES = 8;
const MAX_FIELDS = 40;

/** Answers `MISS` when the value has another shape. */
type ShapeCopy = (value: object) => object;

const MISS: object = Object.freeze({});

/** Captured at load time: a sandbox may take `Function` away from the programs that run later. */
const CompiledFunction = Function;

export class ValueCopier {
  private prototype: object | null | undefined = undefined;
  private copyShape: ShapeCopy = () => MISS;
  private readonly shapes: { readonly prototype: object | null; readonly copy: ShapeCopy }[] = [];
  private generic = false;

  /**
   * A deep copy, equal to that of `copyValue`.
   * @throws Diagnostic TYPE_NOT_SERIALIZABLE as `copyValue` does.
   */
  copy<T>(value: T): T {
    if (typeof value !== "object" || value === null || this.generic) return copyValue(value);
    if (Object.getPrototypeOf(value) === this.prototype) {
      const copy = this.copyShape(value);
      if (copy !== MISS) return copy as T;
    }
    return this.copyOther(value);
  }

  private copyOther<T extends object>(value: T): T {
    const prototype = Object.getPrototypeOf(value) as object | null;
    for (const shape of this.shapes) {
      if (shape.prototype !== prototype) continue;
      const copy = shape.copy(value);
      if (copy === MISS) continue;
      this.prototype = prototype;
      this.copyShape = shape.copy;
      return copy as T;
    }
    if (isRecord(value, prototype)) this.learn(value, prototype);
    return copyValue(value);
  }

  private learn(value: object, prototype: object | null): void {
    const copy = this.shapes.length < MAX_SHAPES ? shapeCopyOf(value, prototype) : null;
    if (copy === null) {
      this.generic = true;
      return;
    }
    this.shapes.push({ prototype, copy });
    this.prototype = prototype;
    this.copyShape = copy;
  }
}

/** Objects whose own fields are all there is to copy. */
function isRecord(value: object, prototype: object | null): boolean {
  if (prototype === Object.prototype) return true;
  if (prototype === null || Array.isArray(value)) return false;
  return !BUILT_IN.some((type) => value instanceof type);
}

/** Those whose copy needs more than their fields; views of buffers have `Uint8Array`'s parent in common. */
const BUILT_IN: readonly (new (...args: never[]) => object)[] = [
  Date,
  Map,
  Set,
  Promise,
  WeakMap,
  WeakSet,
  WeakRef,
  RegExp,
  ArrayBuffer,
  DataView,
  Object.getPrototypeOf(Uint8Array) as new () => object,
];

/** Null when no function can be written for this shape. */
function shapeCopyOf(value: object, prototype: object | null): ShapeCopy | null {
  const fields = Object.keys(value);
  if (fields.length > MAX_FIELDS || fields.some((field) => !settable(field, prototype))) return null;
  const names = fields.map((field) => JSON.stringify(field));
  const variables = fields.map((_, index) => `v${index}`);
  const plain = prototype === Object.prototype;
  const source = `"use strict";
    ${plain ? "" : `function Shape(${variables}) { ${names.map((name, index) => `this[${name}] = v${index};`).join(" ")} } Shape.prototype = prototype;`}
    return (value) => {
      let i = 0;
      for (const field in value) if (field !== fields[i++]) return miss;
      if (i !== ${fields.length}) return miss;
      ${names.map((name, index) => `let v${index} = value[${name}];`).join("\n")}
      ${variables.map((v) => `if (typeof ${v} === "object" ? ${v} !== null : typeof ${v} === "function" || typeof ${v} === "symbol") ${v} = copyNested(value, ${v});`).join("\n")}
      return ${plain ? `{ ${names.map((name, index) => `${name}: v${index}`).join(", ")} }` : `new Shape(${variables})`};
    };`;
  try {
    const make = new CompiledFunction("prototype", "fields", "miss", "copyNested", source);
    return make(prototype, fields, MISS, copyNested) as ShapeCopy;
  } catch (error) {
    // The host forbids code from strings.
    if (error instanceof EvalError) return null;
    throw error;
  }
}

/** Whether assigning the field makes an own field and nothing else; an inherited accessor or read-only field would interfere. */
function settable(field: string, prototype: object | null): boolean {
  if (field === "__proto__") return false;
  // Index-like fields come first in any object, whatever the order in which they are set.
  if (String(Number(field)) === field) return false;
  return prototype === Object.prototype || prototype === null || !(field in prototype);
}
