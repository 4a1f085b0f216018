/** Functions that Flink's documentation lists and this engine refuses, each with the reason. */
export interface RefusedFunction {
  readonly name: string;
  readonly reason: string;
}

export const REFUSED_FUNCTIONS: readonly RefusedFunction[] = [
  { name: "UUID_V4", reason: "Flink 2.3 does not have it yet ('No match found for function signature'); UUID gives a version 4." },
  { name: "UUID_V7", reason: "Flink 2.3 does not have it yet ('No match found for function signature')." },
  { name: "ML_PREDICT", reason: "It calls a model outside the cluster, and there is none in a simulated world." },
  { name: "VECTOR_SEARCH", reason: "It calls a vector store outside the cluster, and there is none in a simulated world." },
  {
    name: "DEDUPLICATE_KEEP_FIRST",
    reason: "A process table function; ROW_NUMBER() … = 1 says the same and is what Flink's planner knows.",
  },
  { name: "SNAPSHOT", reason: "A process table function of the newest Flink only; a temporal join answers its question." },
];
