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

/** The global names of the language (ECMA-262), which is all that a realm of ours begins with. */
export const LANGUAGE_GLOBALS: readonly string[] = [
  ..."globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt".split(" "),
  ..."decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape".split(" "),
  ..."Object Function Boolean Symbol Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError".split(" "),
  ..."SuppressedError DisposableStack AsyncDisposableStack".split(" "),
  ..."Number BigInt Math Date String RegExp Array Map Set WeakMap WeakSet WeakRef ArrayBuffer DataView JSON".split(" "),
  ..."Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array".split(" "),
  ..."Float16Array Float32Array Float64Array Promise Proxy Reflect Iterator".split(" "),
  // Those of FORBIDDEN_GLOBALS go later, in every realm.
  ...FORBIDDEN_GLOBALS,
];
