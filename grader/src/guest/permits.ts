/** What a learner's program does not find in its realm, as data: what would make runs differ or reach beyond the isolate. */
export const FORBIDDEN_GLOBALS: readonly string[] = [
  "SharedArrayBuffer",
  "Atomics",
  "WebAssembly",
  "FinalizationRegistry",
  "Intl",
  "Temporal",
  "gc",
];
