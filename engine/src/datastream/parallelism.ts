/** Flink's upper bound of parallelism: the number of key groups cannot be larger. */
export const MAX_PARALLELISM = 32_768;
