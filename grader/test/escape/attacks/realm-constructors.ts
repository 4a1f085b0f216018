// verdict: accepted
// prints not: object
// Every kind of function constructor makes code, but in this realm, which has nothing of Node's.
import { honestly } from "./given";
const constructors = [Function, (async () => undefined).constructor, (function* () {}).constructor, (async function* () {}).constructor] as FunctionConstructor[];
for (const name of ["process", "require", "module", "Buffer", "ivm", "isolate", "_ivm", "__millraceGuest", "Worker", "SharedArrayBuffer", "Atomics", "gc", "d8", "print", "read", "load", "quit"]) {
  for (const constructor of constructors) {
    const made = constructor(`return typeof ${name} === 'undefined' ? '' : 'object ${name}'`)();
    if (made === "object") console.log(name);
    if (typeof made === "string" && made !== "") console.log(made);
  }
}
honestly();
