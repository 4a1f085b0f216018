// verdict: runtime-error
// Whoever reads the exception's fields meets another one.
import { withEach } from "./given";
withEach(() => {
  const error = new Error("x");
  for (const field of ["name", "message", "stack", "cause", "data", "code", "toString"]) {
    Object.defineProperty(error, field, {
      get() {
        throw new Error(`no ${field}`);
      },
    });
  }
  throw error;
});
