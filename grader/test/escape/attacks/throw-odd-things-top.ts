// verdict: runtime-error
// The same at the top.
throw new Proxy(new Error("x"), {
  get() {
    throw null;
  },
  getPrototypeOf() {
    throw undefined;
  },
});
