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
 *   if (value.constructor !== Click) return miss;
 *   let i = 0;
 *   for (const field in value) if (field !== fields[i++]) return miss;
 *   if (i !== 2) return miss;
 *   let v0 = value["user"], v1 = value["at"];
 *   if (mustCopy(v0)) v0 = copyNested(v0); …
 *   return new Shape(v0, v1);
 * }
 * ```
 */
import { evaluateCode } from "../base/generated-code.ts";
import { copyNested, copyValue } from "./value-copy.ts";

/** Shapes of one prototype that get a function of their own; an edge with more goes the generic way. */
const MAX_SHAPES = 8;
const MAX_FIELDS = 40;

/** Answers `MISS` when the value has another shape. */
type ShapeCopy = (value: object) => object;

const MISS: object = Object.freeze({});

export class ValueCopier {
  /** That of the last value. */
  private copyShape: ShapeCopy = () => MISS;
  private readonly shapes: ShapeCopy[] = [];
  private generic = false;

  /**
   * A deep copy, equal to that of `copyValue`.
   * @throws Diagnostic TYPE_NOT_SERIALIZABLE as `copyValue` does.
   */
  copy<T>(value: T): T {
    if (typeof value !== "object" || value === null || this.generic) return copyValue(value);
    const copy = this.copyShape(value);
    return copy === MISS ? this.copyOther(value) : (copy as T);
  }

  private copyOther<T extends object>(value: T): T {
    for (const copyShape of this.shapes) {
      const copy = copyShape(value);
      if (copy === MISS) continue;
      this.copyShape = copyShape;
      return copy as T;
    }
    if (isRecord(value)) this.learn(value);
    return copyValue(value);
  }

  private learn(value: object): void {
    const copy = this.shapes.length < MAX_SHAPES ? shapeCopyOf(value) : null;
    if (copy === null) {
      this.generic = true;
      return;
    }
    this.shapes.push(copy);
    this.copyShape = copy;
  }
}

/** Objects whose own fields are all there is to copy, and whose prototype is known by its constructor. */
function isRecord(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype) return true;
  if (prototype === null || Array.isArray(value) || !Object.hasOwn(prototype, "constructor")) return false;
  return prototype.constructor.prototype === prototype && !BUILT_IN.some((type) => value instanceof type);
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
function shapeCopyOf(value: object): ShapeCopy | null {
  const prototype = Object.getPrototypeOf(value) as object;
  const fields = Object.keys(value);
  if (fields.length > MAX_FIELDS || fields.some((field) => !settable(field, prototype))) return null;
  const names = fields.map((field) => JSON.stringify(field));
  const variables = fields.map((_, index) => `v${index}`);
  const plain = prototype === Object.prototype;
  // The prototype is recognised by its constructor: reading that is an ordinary property access, asking for the prototype is a call.
  const source = `
    const { prototype } = constructor;
    ${plain ? "" : `function Shape(${variables}) { ${names.map((name, index) => `this[${name}] = v${index};`).join(" ")} } Shape.prototype = prototype;`}
    return (value) => {
      if (value.constructor !== constructor) return miss;
      let i = 0;
      for (const field in value) if (field !== fields[i++]) return miss;
      if (i !== ${fields.length}) return miss;
      ${names.map((name, index) => `let v${index} = value[${name}];`).join("\n")}
      ${variables.map((v) => `if (typeof ${v} === "object" ? ${v} !== null : typeof ${v} === "function" || typeof ${v} === "symbol") ${v} = copyNested(value, ${v});`).join("\n")}
      return ${plain ? `{ ${names.map((name, index) => `${name}: v${index}`).join(", ")} }` : `new Shape(${variables})`};
    };`;
  const values = new Map<string, unknown>([
    ["constructor", prototype.constructor],
    ["fields", fields],
    ["miss", MISS],
    ["copyNested", copyNested],
  ]);
  return evaluateCode(values, source) as ShapeCopy | null;
}

/** Whether assigning the field makes an own field and nothing else; an inherited accessor or read-only field would interfere. */
function settable(field: string, prototype: object): boolean {
  if (field === "__proto__" || field === "constructor") return false;
  // Index-like fields come first in any object, whatever the order in which they are set.
  if (String(Number(field)) === field) return false;
  return prototype === Object.prototype || !(field in prototype);
}
