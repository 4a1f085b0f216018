// verdict: (runtime-error|memory-limit|time-limit|wrong-output)
// Deep recursion where V8 itself recurses: JSON, sort, toString, regular expressions, proxies of proxies.
const deep: { a?: unknown } = {};
let at = deep;
for (let i = 0; i < 1_000_000; i++) at = (at.a = {}) as typeof deep;
let chain: object = {};
for (let i = 0; i < 200_000; i++) chain = new Proxy(chain, {});
const ends: string[] = [];
for (const attempt of [
  () => JSON.stringify(deep),
  () => JSON.parse("[".repeat(1_000_000)),
  () => (chain as { x?: unknown }).x,
  () => new RegExp(`${"(".repeat(100_000)}${")".repeat(100_000)}`),
  () => new Function(`${"(".repeat(100_000)}${")".repeat(100_000)}`),
  () => new Function(`return ${"1+".repeat(1_000_000)}1`)(),
  () => [..."x".repeat(100)].sort(() => { throw new RangeError("x"); }),
]) {
  try {
    attempt();
    ends.push("worked");
  } catch (error) {
    ends.push((error as Error).name);
  }
}
throw new Error(ends.join(" "));
