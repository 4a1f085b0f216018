/**
 * Version numbers of runs through a pattern, such as 1.0.2 (Flink: `DeweyNumber`). When a run forks, its forks get numbers that differ
 * in the last digit; when it enters the next state, a digit is added. An edge of the shared buffer belongs to every run whose number is
 * compatible with the edge's, so runs share events and can still be told apart.
 */
export type DeweyNumber = readonly number[];

export const FIRST_VERSION: DeweyNumber = [1];

/** The number with its last digit raised. */
export function increased(version: DeweyNumber, by: number): DeweyNumber {
  if (by === 0) return version;
  const digits = version.slice();
  digits[digits.length - 1] += by;
  return digits;
}

/** The number with a 0 behind it. */
export function withStage(version: DeweyNumber): DeweyNumber {
  const digits = version.slice();
  digits.push(0);
  return digits;
}

/** True when `edge` begins `run`, or both differ in the last digit only and the run's is not lower. */
export function isCompatible(run: DeweyNumber, edge: DeweyNumber): boolean {
  const { length } = edge;
  if (run.length < length) return false;
  const last = length - 1;
  for (let index = 0; index < last; index++) if (run[index] !== edge[index]) return false;
  return run.length === length ? run[last] >= edge[last] : run[last] === edge[last];
}

export function sameVersion(left: DeweyNumber, right: DeweyNumber): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
