/** Distance between two records, for delta triggers and evictors. (Flink: docs/dev/datastream/operators/windows) */
export interface DeltaFunction<T> {
  /** How far the new data point is from the old one. */
  getDelta(oldDataPoint: T, newDataPoint: T): number;
}
export type DeltaFunctionLike<T> = DeltaFunction<T> | ((oldDataPoint: T, newDataPoint: T) => number);

export function toDeltaFunction<T>(delta: DeltaFunctionLike<T>): DeltaFunction<T> {
  return typeof delta === "function" ? { getDelta: delta } : delta;
}
