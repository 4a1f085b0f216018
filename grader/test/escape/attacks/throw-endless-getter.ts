// verdict: time-limit
// The judge reads the stack, and reads for ever.
throw Object.defineProperty(new Error("x"), "stack", {
  get() {
    for (;;) {}
  },
});
