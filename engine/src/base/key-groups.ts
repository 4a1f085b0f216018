/**
 * Which subtask owns which key. Keys fall into `maxParallelism` key groups by hash; each subtask owns a contiguous range of groups,
 * so that a rescale moves whole groups (Flink: `KeyGroupRangeAssignment`).
 */
import { javaHashCode } from "./java-hash.ts";
import { murmurHash } from "./murmur.ts";

/** Key groups from `start` to `end`, both inclusive. */
export interface KeyGroupRange {
  readonly start: number;
  readonly end: number;
}

const LOWEST_DEFAULT = 128;
/** Flink's upper bound of the maximum parallelism. */
export const UPPER_BOUND_MAX_PARALLELISM = 32768;

/** Key group of a key: murmur of its Java hash code, modulo `maxParallelism`. */
export function keyGroupOf(key: unknown, maxParallelism: number): number {
  return murmurHash(javaHashCode(key)) % maxParallelism;
}

/** Index of the subtask that owns a key group. */
export function subtaskForKeyGroup(maxParallelism: number, parallelism: number, keyGroup: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** Index of the subtask that a key is sent to. */
export function subtaskForKey(key: unknown, maxParallelism: number, parallelism: number): number {
  return subtaskForKeyGroup(maxParallelism, parallelism, keyGroupOf(key, maxParallelism));
}

/** Key groups owned by one subtask; exactly those for which `subtaskForKeyGroup` names it. */
export function keyGroupRange(maxParallelism: number, parallelism: number, subtask: number): KeyGroupRange {
  return {
    start: Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism),
    end: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}

/** Maximum parallelism of an operator that sets none: 1.5 × parallelism rounded up to a power of two, within 128 … 32768. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  let power = LOWEST_DEFAULT;
  while (power < wanted && power < UPPER_BOUND_MAX_PARALLELISM) power *= 2;
  return power;
}
