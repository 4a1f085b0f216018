/**
 * Makes a realm fit for other people's code, after the engine has been loaded into it.
 *
 * 1. Sources of indeterminism and of shared memory go (see permits.ts); `Date.now()` and `Math.random()` become functions of the world.
 * 2. Everything reachable from the global object is frozen, so that no program can change what the engine's own code relies on.
 *    Freezing has a side effect, known as the override mistake: assigning `error.name = …` fails when `Error.prototype.name` is a
 *    frozen data property. The properties that programs do assign are therefore turned into accessors that define on the receiver.
 * 3. The engine's classes and their prototypes are frozen (the bundler lists them, see engine's bundle/bundle-parts.ts); those of the tables when these are attached.
 *
 * The functions captured below are the realm's originals: nobody else's code has run before.
 */
import { FORBIDDEN_GLOBALS } from "./permits.ts";

const { freeze, defineProperty, getOwnPropertyDescriptor, getOwnPropertyDescriptors, getPrototypeOf, preventExtensions } = Object;
const { ownKeys, construct } = Reflect;

/** What the world decides about the ambient functions. */
export interface Ambient {
  /** What `Date.now()` says, epoch ms. */
  nowMs: number;
  /** What `Math.random()` draws from. */
  random: () => number;
}

class StrongRef<T> {
  readonly #target: T;

  constructor(target: T) {
    this.#target = target;
  }

  deref(): T {
    return this.#target;
  }
}

export function removeForbiddenGlobals(): void {
  for (const name of FORBIDDEN_GLOBALS) Reflect.deleteProperty(globalThis, name);
}

/** Replaces the wall clock and the random generator. */
export function virtualise(ambient: Ambient): void {
  const RealDate = Date;
  function VirtualDate(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(ambient.nowMs).toString();
    return construct(RealDate, args.length === 0 ? [ambient.nowMs] : args, new.target);
  }
  defineProperty(VirtualDate, "name", { value: "Date" });
  VirtualDate.prototype = RealDate.prototype;
  VirtualDate.UTC = RealDate.UTC;
  VirtualDate.parse = RealDate.parse;
  VirtualDate.now = () => ambient.nowMs;
  defineProperty(RealDate.prototype, "constructor", { value: VirtualDate, writable: true, configurable: true });
  defineProperty(globalThis, "Date", { value: VirtualDate, writable: true, configurable: true });
  // When a weak reference lets go depends on the garbage collector, so ours never does.
  defineProperty(globalThis, "WeakRef", { value: StrongRef, writable: true, configurable: true });
  defineProperty(Math, "random", { value: () => ambient.random(), writable: true, configurable: true });
}

/** Freezes the language's own objects and closes the global object. */
export function freezePrimordials(): void {
  allowOverriding(Object.prototype);
  allowOverriding(Function.prototype);
  for (const type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError]) {
    allowOverriding(type.prototype);
  }
  const hidden = [
    getPrototypeOf(async () => undefined),
    getPrototypeOf(function* () {}),
    getPrototypeOf(async function* () {}),
    getPrototypeOf([][Symbol.iterator]()),
    getPrototypeOf(new Map()[Symbol.iterator]()),
    getPrototypeOf(new Set()[Symbol.iterator]()),
    getPrototypeOf(""[Symbol.iterator]()),
    getPrototypeOf("".matchAll(/./g)),
    getPrototypeOf(Int8Array),
  ];
  const seen = new Set<object>();
  const queue: unknown[] = [globalThis, ...hidden];
  for (let next = queue.pop(); queue.length > 0 || next !== undefined; next = queue.pop()) {
    if ((typeof next !== "object" && typeof next !== "function") || next === null || seen.has(next)) continue;
    seen.add(next);
    queue.push(getPrototypeOf(next));
    for (const key of ownKeys(next)) {
      const property = getOwnPropertyDescriptor(next, key);
      if (property !== undefined) queue.push(property.value, property.get, property.set);
    }
    if (next !== globalThis) freeze(next);
  }
  // The global object of a context cannot be frozen as a whole (V8 adds to it lazily); its properties can be fixed one by one.
  for (const key of ownKeys(globalThis)) {
    const property = getOwnPropertyDescriptor(globalThis, key);
    if (property?.configurable === true && "value" in property) {
      defineProperty(globalThis, key, { value: property.value, writable: false, configurable: false });
    }
  }
  preventExtensions(globalThis);
}

/** Freezes prototypes and fixes the static methods of classes; static fields stay writable, the engine's own code may count in them. */
export function freezeClasses(classes: readonly unknown[]): void {
  for (const value of classes) {
    if (typeof value !== "function") continue;
    for (const key of ownKeys(value)) {
      const property = getOwnPropertyDescriptor(value, key);
      if (typeof property?.value === "function" && property.configurable === true) {
        defineProperty(value, key, { value: property.value, writable: false, configurable: false });
      }
    }
    const prototype: unknown = (value as { prototype?: unknown }).prototype;
    if (typeof prototype === "object" && prototype !== null) freeze(prototype);
  }
}

/** Data properties become accessors whose setter defines an own property on whatever is assigned to. */
function allowOverriding(prototype: object): void {
  const properties: Record<PropertyKey, PropertyDescriptor> = getOwnPropertyDescriptors(prototype);
  for (const key of ownKeys(properties)) {
    const property = properties[key as string]!;
    if (!("value" in property) || property.configurable !== true) continue;
    const value: unknown = property.value;
    defineProperty(prototype, key, {
      get: () => value,
      set(this: unknown, next: unknown) {
        if (this === prototype) throw new TypeError(`Cannot assign to read only property '${String(key)}' of a built-in prototype`);
        defineProperty(this as object, key, { value: next, writable: true, enumerable: true, configurable: true });
      },
      enumerable: property.enumerable ?? false,
      configurable: false,
    });
  }
}
