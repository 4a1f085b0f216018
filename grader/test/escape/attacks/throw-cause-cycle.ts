// verdict: runtime-error
// A cause that is its own cause, and suppressed errors without end.
import { withEach } from "./given";
withEach(() => {
  const error = new AggregateError([], "x");
  Object.assign(error, { cause: error, errors: [error] });
  throw error;
});
