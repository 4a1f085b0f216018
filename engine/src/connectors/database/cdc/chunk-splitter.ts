/**
 * Cuts a table into chunks of about `splitSize` rows by the values of one column.
 *
 * When its numbers are spread evenly (their range is between `lower` and `upper` times the number of rows) equal steps will do, and nobody looks at
 * the rows. Otherwise the rows are counted off. The first chunk has no lower bound and the last no upper one, so that every row that may ever
 * come is in exactly one chunk. (Flink CDC: `JdbcSourceChunkSplitter`)
 */
import type { Row } from "../database-description.ts";
import { compareValues } from "../storage/table.ts";
import type { ChunkKey, ChunkRange } from "./cdc-splits.ts";

export interface ChunkOptions {
  readonly splitSize: number;
  readonly distributionFactorUpper: number;
  readonly distributionFactorLower: number;
}

export function chunksOf(rows: readonly Row[], chunkKey: string, options: ChunkOptions): ChunkRange[] {
  const { splitSize, distributionFactorLower, distributionFactorUpper } = options;
  const keys = rows.map((row) => row[chunkKey]).filter((key) => key !== null) as ChunkKey[];
  if (keys.length <= splitSize) return [{ start: null, end: null }];
  keys.sort(compareValues);
  const [lowest, highest] = [keys[0], keys[keys.length - 1]];
  if (typeof lowest === "number" && typeof highest === "number") {
    const factor = (highest - lowest + 1) / keys.length;
    if (factor >= distributionFactorLower && factor <= distributionFactorUpper) {
      const step = Math.max(Math.floor(factor * splitSize), 1);
      const bounds: number[] = [];
      for (let bound = lowest + step; bound <= highest; bound += step) bounds.push(bound);
      return rangesBetween(bounds);
    }
  }
  return rangesBetween(countedOff(keys, splitSize));
}

/** Each `splitSize`th key; equal keys stay in one chunk. */
function countedOff(keys: readonly ChunkKey[], splitSize: number): ChunkKey[] {
  const bounds: ChunkKey[] = [];
  for (let index = splitSize; index < keys.length; index += splitSize) {
    const key = keys[index];
    if (key !== keys[0] && key !== bounds.at(-1)) bounds.push(key);
  }
  return bounds;
}

function rangesBetween(bounds: readonly ChunkKey[]): ChunkRange[] {
  return Array.from({ length: bounds.length + 1 }, (_, index) => ({ start: bounds[index - 1] ?? null, end: bounds[index] ?? null }));
}
