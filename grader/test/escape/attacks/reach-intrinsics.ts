// verdict: accepted
// prints: push: TypeError
// prints not: heard
// Puts functions of its own where the engine uses the language's: they would be called with its data.
import { honestly, tried } from "./given";
const hear = (name: string, original: any) => function (this: unknown, ...args: unknown[]) { console.log(`heard ${name}`); return original.apply(this, args); };
const tries: [string, object, PropertyKey][] = [
  ["push", Array.prototype, "push"], ["iterate", Array.prototype, Symbol.iterator], ["get", Map.prototype, "get"], ["set", Map.prototype, "set"], ["add", Set.prototype, "add"],
  ["weak", WeakMap.prototype, "get"], ["weakset", WeakMap.prototype, "set"], ["then", Promise.prototype, "then"], ["call", Function.prototype, "call"], ["apply", Function.prototype, "apply"], ["bind", Function.prototype, "bind"],
  ["keys", Object, "keys"], ["assign", Object, "assign"], ["own", Reflect, "ownKeys"], ["parse", JSON, "parse"], ["floor", Math, "floor"], ["sort", Array.prototype, "sort"], ["test", RegExp.prototype, "exec"],
];
for (const [name, holder, key] of tries) {
  const original = (holder as any)[key];
  console.log(`${name}: ${tried(() => Object.defineProperty(holder, key, { value: hear(name, original) }))}`);
  tried(() => { (holder as any)[key] = hear(name, original); });
}
for (const name of ["outside", "context", "builder", "broker", "then", "get", "value", "handle"]) {
  tried(() => Object.defineProperty(Object.prototype, name, { set: () => console.log(`heard ${name}`), get: () => void console.log(`heard ${name}`), configurable: true }));
}
for (const holder of [Array.prototype, Function.prototype, Map.prototype] as any[]) tried(() => Object.setPrototypeOf(holder, { get heard() { console.log("heard"); return 1; } }));
honestly();
