// verdict: accepted
// prints not: stolen
// Looks for the expected output everywhere in the realm: only the job's own world is here.
import { honestly } from "./given";
const words = /expected|reference\.ts|secret|hidden|revealed/;
const seen = new Set<unknown>();
const queue: unknown[] = [globalThis];
while (queue.length > 0 && seen.size < 20_000) {
  const next = queue.pop();
  if (typeof next === "string" && words.test(next) && next.length < 200) console.log(`stolen ${next}`);
  if ((typeof next !== "object" && typeof next !== "function") || next === null || seen.has(next)) continue;
  seen.add(next);
  for (const key of Reflect.ownKeys(next)) {
    const property = Object.getOwnPropertyDescriptor(next, key);
    queue.push(property?.value, property?.get);
  }
  queue.push(Object.getPrototypeOf(next));
}
honestly();
