// verdict: accepted
// prints not: found
// The function that answers the judge, by its name on the global object and its prototypes, symbols included.
import { honestly } from "./given";
for (let at: object | null = globalThis; at !== null; at = Object.getPrototypeOf(at)) {
  for (const key of Reflect.ownKeys(at)) {
    if (/guest|answer|attach|seal|ivm|millrace/i.test(String(key))) console.log(`found ${String(key)}`);
  }
}
honestly();
