// verdict: accepted
// prints not: worked
// V8's own syntax, and the doors that other sandboxes have left open.
import { honestly, tried } from "./given";
console.log(
  [
    () => new Function("%DebugPrint(1)"),
    () => new Function("%GetOptimizationStatus(()=>1)"),
    () => (globalThis as any).WebAssembly.Memory,
    () => (globalThis as any).constructor.constructor("return process")().pid,
    () => new Function("return import.meta")(),
    () => (Reflect.getPrototypeOf(globalThis) as any).note.note,
  ].map(tried).join(" "),
);
honestly();
