// verdict: time-limit
// Termination is no exception, but who knows.
function again(): never {
  for (;;) {
    try {
      for (;;) {}
    } finally {
      again();
    }
  }
}
again();
