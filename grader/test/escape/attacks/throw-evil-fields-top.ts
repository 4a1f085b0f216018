// verdict: runtime-error
// The same at the top, and the second exception is no better.
const evil = (): Error => {
  const error = new Error("x");
  for (const field of ["name", "message", "stack", "data"]) Object.defineProperty(error, field, { get: () => { throw evil(); } });
  return error;
};
throw evil();
