// verdict: accepted
// prints not: survived
// What the judge has put into the realm itself.
import { honestly, leaveNote } from "./given";
for (const holder of [console, console.log, Date, Date.now, Math.random, globalThis, (globalThis as any).WeakRef, (globalThis as any).WeakRef.prototype]) leaveNote(holder);
honestly();
