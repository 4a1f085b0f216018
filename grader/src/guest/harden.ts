/**
 * Makes a realm fit for other people's code, after the engine has been loaded into it.
 *
 * 1. Sources of indeterminism and of shared memory go (see permits.ts); `Date.now()` and `Math.random()` become functions of the world.
 * 2. Everything reachable from the global object is frozen, so that no program can change what the engine's own code relies on.
 *    Freezing has a side effect, known as the override mistake: assigning `error.name = …` fails when `Error.prototype.name` is a
 *    frozen data property. The properties that programs do assign are therefore turned into accessors that define on the receiver.
 * 3. The engine's classes and their prototypes are frozen (the bundler lists them, see engine's bundle/bundle-parts.ts), and all that "flink" exports; those of the
 *    tables when these are attached.
 *
 * The functions captured below are the realm's originals: nobody else's code has run before.
 */
import { FORBIDDEN_GLOBALS, FORBIDDEN_PROPERTIES } from "./permits.ts";

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
  for (const [owner, names] of FORBIDDEN_PROPERTIES) for (const name of names) Reflect.deleteProperty(owner, name);
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

/** Prototypes of what `iterator.map(…)` and `Iterator.from(…)` give. Newer than the language that we compile for. */
function iteratorHelpers(): unknown[] {
  const { Iterator } = globalThis as unknown as { Iterator: { from(value: object): { map(map: () => void): object } } };
  const wrapped = Iterator.from({ next: () => ({ done: true }) });
  return [getPrototypeOf(wrapped), getPrototypeOf(wrapped.map(() => undefined))];
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
    ...iteratorHelpers(),
    // Every error has accessors of its own for its stack, made of two functions that all errors share.
    ...Object.values(getOwnPropertyDescriptor(new Error(), "stack") ?? {}),
  ];
  for (const value of [globalThis, ...hidden]) freezeReachable(value);
  // The global object of a context cannot be frozen as a whole (V8 adds to it lazily); its properties can be fixed one by one.
  for (const key of ownKeys(globalThis)) {
    const property = getOwnPropertyDescriptor(globalThis, key);
    if (property?.configurable === true && "value" in property) {
      defineProperty(globalThis, key, { value: property.value, writable: false, configurable: false });
    }
  }
  preventExtensions(globalThis);
}

/** Freezes classes with their statics, and their prototypes. */
export function freezeClasses(classes: readonly unknown[]): void {
  for (const value of classes) {
    if (typeof value !== "function") continue;
    freeze(value);
    const prototype: unknown = (value as { prototype?: unknown }).prototype;
    if (typeof prototype === "object" && prototype !== null) freeze(prototype);
  }
}

const frozen = new Set<object>();
const { has: isIn, add: addTo } = Set.prototype;

/**
 * Freezes an object and all that leads on from it: properties, accessors, prototypes. What is shared by all programs of an isolate must not take
 * anything up, or a job could leave itself a note there for the time after a crash.
 */
export function freezeReachable(value: unknown): void {
  const queue: unknown[] = [value];
  while (queue.length > 0) {
    const next = queue.pop();
    if ((typeof next !== "object" && typeof next !== "function") || next === null || isIn.call(frozen, next)) continue;
    addTo.call(frozen, next);
    queue.push(getPrototypeOf(next));
    for (const key of ownKeys(next)) {
      const property = getOwnPropertyDescriptor(next, key);
      if (property !== undefined) queue.push(property.value, property.get, property.set);
    }
    // Elements of typed arrays cannot be frozen, and the global object is closed below.
    if (next !== globalThis && !ArrayBuffer.isView(next)) freeze(next);
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
