import { ShapedReader } from "../../types/shaped-codec.ts";
import type { ValueShapes } from "../../types/value-shapes.ts";
import { isExpired } from "../ttl.ts";
import type { Piece } from "./merging-scan.ts";

/**
 * Leaves expired values out of compactions (Flink: `FlinkCompactionFilter`). The clock is asked once at the beginning and then after every so many
 * entries, as a call out of RocksDB would be dear; elements of a list go from its front, as far as they have expired.
 */
export class CompactionFilter {
  private readonly ttlMs: number;
  private readonly now: () => number;
  private readonly queryAfterEntries: number;
  private readonly list: boolean;
  private readonly reader: ShapedReader;
  private nowMs = 0;
  private sinceQuery = 0;

  constructor(settings: { ttlMs: number; now: () => number; queryAfterEntries: number; list: boolean }, shapes: ValueShapes) {
    this.ttlMs = settings.ttlMs;
    this.now = settings.now;
    this.queryAfterEntries = settings.queryAfterEntries;
    this.list = settings.list;
    this.reader = new ShapedReader(shapes);
  }

  begin(): void {
    this.nowMs = this.now();
    this.sinceQuery = 0;
  }

  /** True when nothing of the value is left; of a list that is left in part, only that part stays in `pieces`. */
  drops(pieces: Piece[]): boolean {
    if (++this.sinceQuery >= this.queryAfterEntries) this.begin();
    if (!this.list) return isExpired(this.reader.at(pieces[0].bytes, pieces[0].start).double(), this.ttlMs, this.nowMs);
    while (pieces.length > 0) {
      const { bytes, start, end } = pieces[0];
      const { reader } = this;
      reader.at(bytes, start);
      for (let element = start; element < end; element = reader.position) {
        if (isExpired(reader.double(), this.ttlMs, this.nowMs)) {
          reader.value();
          continue;
        }
        if (element > start) pieces[0] = { bytes, start: element, end };
        return false;
      }
      pieces.shift();
    }
    return true;
  }
}
