// verdict: accepted
// prints not: worked
// Built-ins ask constructors for what to make: the engine's arrays, maps and promises must not be of another's kind.
import { honestly, tried } from "./given";
const tries = [
  () => Object.defineProperty(Array, Symbol.species, { value: class extends Array {} }),
  () => Object.defineProperty(Promise, Symbol.species, { value: null }),
  () => Object.defineProperty(Array.prototype, Symbol.iterator, { value: function* () {} }),
  () => Object.defineProperty(Array.prototype, "0", { set() {}, get: () => "stolen" }),
  () => Object.defineProperty(Object.prototype, "value", { set() {}, get: () => "stolen" }),
  () => Object.defineProperty(RegExp.prototype, "exec", { value: () => null }),
  () => Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => true }),
  () => Object.defineProperty(Map.prototype, "set", { value: () => undefined }),
  () => Object.setPrototypeOf(Array.prototype, { then: null }),
  () => Object.setPrototypeOf(Map.prototype, null),
  () => (Object.prototype as any).__defineGetter__("kind", () => "outcome"),
  () => (Array.prototype as any).__defineSetter__("push", () => undefined),
];
console.log(tries.map(tried).join(" "));
honestly();
