// verdict: runtime-error
// Exceptions that are none: null, a proxy that refuses everything.
import { withEach } from "./given";
const refusing = new Proxy({}, Object.fromEntries(["get", "has", "getPrototypeOf", "ownKeys"].map((trap) => [trap, () => { throw null; }])));
withEach((click) => {
  throw [null, undefined, Symbol("x"), refusing][click.at % 4];
});
