// verdict: (accepted|compile-error)
// prints not: worked
// The judge's own require, with names that are not in the table of modules.
import { honestly, tried } from "./given";
const load = new Function("return typeof require === 'undefined' ? null : require")() as ((name: string) => unknown) | null;
for (const name of ["fs", "node:fs", "__proto__", "constructor", "isolated-vm", "../judge", "./solution"]) {
  if (load !== null) console.log(tried(() => load(name)));
}
honestly();
