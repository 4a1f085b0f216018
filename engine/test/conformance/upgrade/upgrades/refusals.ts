/** What Flink says when it refuses, and which of our codes says the same. */

interface Refusal {
  readonly flink: RegExp;
  readonly code: string;
  /** Part of the message that ours has too; where Flink's is an accident of Java (an index out of bounds, an end of file) ours says what is wrong. */
  readonly substance?: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    flink: /Cannot map checkpoint\/savepoint state for operator/,
    code: "SAVEPOINT_STATE_WITHOUT_OPERATOR",
    substance: /allowNonRestoredState/,
  },
  {
    flink: /Max parallelism mismatch/,
    code: "SAVEPOINT_MAX_PARALLELISM",
    substance: /with max parallelism \d+ to new program with max parallelism \d+/,
  },
  { flink: /is lower than the configured parallelism/, code: "SAVEPOINT_PARALLELISM_TOO_HIGH", substance: /maximum parallelism \(\d+\)/ },
  { flink: /is higher than the max parallelism/, code: "GRAPH_PARALLELISM_ABOVE_MAX" },
  {
    flink: /new state serializer .* must not be incompatible with the old state serializer/,
    code: "STATE_TYPE_CHANGED",
    substance: /must not be incompatible with the old/,
  },
  { flink: /Can not set .* field/, code: "STATE_TYPE_CHANGED" },
  {
    flink: /new key serializer .* must be compatible/,
    code: "KEY_TYPE_CHANGED",
    substance: /must be compatible with the previous key serializer/,
  },
  { flink: /Could not find class|ClassNotFoundException/, code: "STATE_CLASS_MISSING", substance: /Could not find class/ },
  { flink: /Probably because an enum value was removed/, code: "STATE_ENUM_CONSTANT_REMOVED", substance: /enum value was removed/ },
  { flink: /Incompatible key\/value state types/, code: "STATE_KIND_CHANGED", substance: /Was \[[A-Z]+\], registered with \[[A-Z]+\]/ },
  { flink: /Incompatible state assignment modes/, code: "STATE_MODE_CHANGED", substance: /Was \[[A-Z_]+\], registered with \[[A-Z_]+\]/ },
  {
    flink: /typeSerializer for operator state must not be incompatible/,
    code: "OPERATOR_STATE_TYPE_CHANGED",
    substance: /must not be incompatible/,
  },
  {
    flink: /typeSerializer for broadcast state must not be incompatible/,
    code: "OPERATOR_STATE_TYPE_CHANGED",
    substance: /must not be incompatible/,
  },
  { flink: /Unexpected state handle type/, code: "SAVEPOINT_NATIVE_TO_ANOTHER_BACKEND", substance: /Unexpected state handle type/ },
  { flink: /Buffer underflow/, code: "STATE_GENERIC_CHANGED", substance: /Buffer underflow/ },
  { flink: /Caught unexpected exception[\s\S]*(ArrayIndexOutOfBounds|EOFException)/, code: "SAVEPOINT_NATIVE_TO_ANOTHER_BACKEND" },
];

/** null when our refusal means Flink's. */
export function refusalDifference(
  flink: { readonly message: string; readonly chain: readonly string[] },
  code: string,
  message: string,
): string | null {
  const text = [flink.message, ...flink.chain].join("\n");
  const refusal = REFUSALS.find((candidate) => candidate.flink.test(text));
  if (refusal === undefined) return `a refusal that nobody has compared yet: "${text}", ours is ${code} "${message}"`;
  if (refusal.code !== code) return `refused as ${code} "${message}", Flink's reason is ${refusal.code}: "${flink.message}"`;
  // Of several operators that do not fit, Flink names the one that its hash map gives first; what is stored for it is compared.
  const numbers = (words: string) => words.match(/max(imum)? parallelism \(?\d+|Was \[\w+\], registered with \[\w+\]/)?.[0] ?? "";
  if (refusal.substance?.test(message) === false) return `the message "${message}" lacks ${refusal.substance}`;
  const [theirs, ours] = [numbers(flink.message), numbers(message)];
  return theirs === ours ? null : `refused with ${ours}, Flink with ${theirs}`;
}
