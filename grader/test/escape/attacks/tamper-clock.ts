// verdict: accepted
// prints: TypeError TypeError TypeError TypeError
// prints not: real
// The clock and the dice are the world's: they can neither be replaced, nor is the machine's clock anywhere.
import { honestly, tried } from "./given";
console.log(
  [
    () => Object.assign(Date, { now: () => 0 }),
    () => Object.assign(Math, { random: () => 0 }),
    () => Object.defineProperty(globalThis, "Date", { value: null }),
    () => Object.assign(Date.prototype, { getTime: () => 0 }),
  ].map(tried).join(" "),
);
const year = 2026;
const clocks = [Date.now(), new Date().getTime(), new (new Date(0).constructor as DateConstructor)().getTime(), Date.parse(Date()), Reflect.construct(Date, []).getTime()];
if (clocks.some((ms) => new Date(ms).toISOString() !== `${year}-01-05T10:00:00.000Z`)) console.log("real");
for (const name of ["performance", "process", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "Temporal", "Intl"]) if (name in globalThis) console.log(`real ${name}`);
honestly();
