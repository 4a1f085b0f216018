// verdict: accepted
// prints not: survived
// Objects of the language that no global name leads to.
import { honestly, leaveNote } from "./given";
const iterators = [
  [].values(),
  new Map().keys(),
  new Set().values(),
  ""[Symbol.iterator](),
  "".matchAll(/./g),
  (function* () {})(),
  (async function* () {})(),
  (([].values() as any).map(String) as object),
  ((globalThis as any).Iterator.from({ next: () => ({ done: true }) }) as object),
];
for (const iterator of iterators) {
  for (let at: object | null = Object.getPrototypeOf(iterator); at !== null; at = Object.getPrototypeOf(at)) {
    leaveNote(at);
    if (typeof (at as { next?: object }).next === "function") leaveNote((at as { next: object }).next);
  }
}
for (const fn of [async () => undefined, function* () {}, async function* () {}]) {
  leaveNote(Object.getPrototypeOf(fn));
  leaveNote(fn.constructor);
}
leaveNote(Object.getPrototypeOf(Uint8Array));
honestly();
