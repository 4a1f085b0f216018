// verdict: accepted
// prints not: host
// Errors made by the host carry the host's constructors: run out of stack at each depth on the way through the edge.
import { honestly } from "./given";
const kinds = new Set<unknown>([Error, RangeError, TypeError, SyntaxError, EvalError, ReferenceError, URIError]);
const dive = (): void => {
  try {
    dive();
  } catch (error) {
    if (!kinds.has((error as object).constructor)) console.log("host");
  }
};
dive();
for (const code of ["(", "x y", "await", "return import(1)"]) {
  try {
    new Function(code)();
  } catch (error) {
    if (!kinds.has((error as object).constructor)) console.log("host");
  }
}
honestly();
