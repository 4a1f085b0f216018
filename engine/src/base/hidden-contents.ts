/**
 * Which objects keep something where no copy can reach it: built-in objects with internal slots (promises, regular expressions, errors,
 * iterators …) and instances of classes with `#private` members. A copy of them would be an object of the right class that fails, or is
 * empty, as soon as it is used, far from the place where it went wrong. (In Java the serializer fails in its place.)
 *
 * A class does not tell that it has private members, but its text does. Classes are looked at once each.
 */

/** In what is said about them. */
export const PRIVATE_FIELD = "a private member #";

/** `Uint8Array`, `Date`, `Map` and `Set` are copied whole and never asked about. */
const BUILT_IN: readonly object[] = [
  Promise.prototype,
  WeakMap.prototype,
  WeakSet.prototype,
  WeakRef.prototype,
  RegExp.prototype,
  Error.prototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  Number.prototype,
  String.prototype,
  Boolean.prototype,
  Symbol.prototype,
  BigInt.prototype,
  // What all typed arrays, and what all iterators and generators have in common.
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object,
];

const textOf = Function.prototype.toString;
const found = new WeakMap<object, string | null>();

/** "a Promise", "a Counter with a private member #count"; null when all there is are the fields. */
export function hiddenContents(value: object): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || typeof prototype !== "object") return null;
  let hidden = found.get(prototype);
  if (hidden === undefined) {
    hidden = lookAt(prototype);
    found.set(prototype, hidden);
  }
  return hidden;
}

function lookAt(prototype: object): string | null {
  const name = nameOf(prototype);
  for (
    let step: object | null = prototype;
    step !== null && step !== Object.prototype;
    step = Object.getPrototypeOf(step) as object | null
  ) {
    if (BUILT_IN.includes(step)) return withArticle(name);
    const member = privateMember(step);
    if (member !== null) return `${withArticle(name)} with ${PRIVATE_FIELD}${member}`;
  }
  return null;
}

function withArticle(name: string): string {
  return `${/^[AEIO]/i.test(name) ? "an" : "a"} ${name}`;
}

function nameOf(prototype: object): string {
  const { constructor: type } = prototype as { constructor?: unknown };
  return typeof type === "function" && type.name !== "" ? type.name : "host object";
}

/** Strings and comments, in which a # means nothing. */
const TEXTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
/** The declaration of a member of the instance; static ones belong to the class, which is never copied. */
const PRIVATE_MEMBER = /[\s;{}](static\s+)?(?:(?:get|set|async)\s+|\*\s*)?#([A-Za-z_$][\w$]*)\s*(?=[=;({}]|$|\n)/gm;

function privateMember(prototype: object): string | null {
  const { constructor: type } = prototype as { constructor?: unknown };
  if (typeof type !== "function" || !Object.hasOwn(prototype, "constructor")) return null;
  const text = textOf.call(type);
  if (!text.startsWith("class") || !text.includes("#")) return null;
  for (const [, isStatic, member] of text.replaceAll(TEXTS, '""').matchAll(PRIVATE_MEMBER)) if (isStatic === undefined) return member;
  return null;
}
