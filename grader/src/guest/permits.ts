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

/** Properties that go for the same reasons. */
export const FORBIDDEN_PROPERTIES: readonly (readonly [object, readonly string[]])[] = [
  // Every match anywhere leaves itself here, for whoever comes after a crash.
  [
    RegExp,
    [
      "input",
      "$_",
      "lastMatch",
      "$&",
      "lastParen",
      "$+",
      "leftContext",
      "$`",
      "rightContext",
      "$'",
      ..."123456789".split("").map((n) => `$${n}`),
    ],
  ],
  // The way to the classes of Temporal.
  [Date.prototype, ["toTemporalInstant"]],
];
