import { describe, expect, it } from "vitest";
import { hiddenContents } from "../../src/base/hidden-contents.ts";

class Counter {
  #count = 0;
  next(): number {
    return ++this.#count;
  }
}
class NamedCounter extends Counter {
  readonly name = "clicks";
}
class WithSecretMethod {
  readonly value = 1;
  #twice(): number {
    return 2 * this.value;
  }
  get both(): number {
    return this.#twice();
  }
}
class WithStatic {
  static #made = 0;
  readonly id = ++WithStatic.#made;
}
class WithTexts {
  readonly color = "#fff;";
  readonly template = ` #x = 1; `;
  /* #count = 0; */
  readonly private = true;
}

// Rules BAD-5 and BAD-6 of SEMANTICS.md.
describe("contents that no copy can reach", () => {
  it.each<[string, object, string | null]>([
    ["a private field", new Counter(), "a Counter with a private member #count"],
    ["an inherited private field", new NamedCounter(), "a NamedCounter with a private member #count"],
    ["a private method", new WithSecretMethod(), "a WithSecretMethod with a private member #twice"],
    ["a private field of the class, not of its instances", new WithStatic(), null],
    ["a # in texts and comments", new WithTexts(), null],
    ["a promise", Promise.resolve(1), "a Promise"],
    ["a regular expression", /x/, "a RegExp"],
    ["an error", new RangeError("late"), "a RangeError"],
    ["an iterator", [1][Symbol.iterator](), "an Iterator"],
    ["a boxed number", Object(5) as object, "a Number"],
    ["a view of a buffer", new Float64Array(2), "a Float64Array"],
    ["a weak map", new WeakMap(), "a WeakMap"],
    ["a plain object", { a: 1 }, null],
    ["an object without a prototype", Object.create(null) as object, null],
    ["a date", new Date(0), null],
    ["a map", new Map(), null],
  ])("%s", (_what, value, expected) => {
    expect(hiddenContents(value)).toBe(expected);
  });
});
