/** The coordinators' side of watermark alignment. (Flink: `SourceCoordinator`, `CoordinatorStore`) */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../base/long.ts";

/** The lowest of the watermarks reported under each key. Flink: `WatermarkAggregator`. */
export class WatermarkAggregator<K> {
  private readonly watermarks = new Map<K, number>();

  /** The lowest; MIN_TIMESTAMP while nothing was reported. */
  get lowestMs(): number {
    if (this.watermarks.size === 0) return MIN_TIMESTAMP;
    let lowest = MAX_TIMESTAMP;
    for (const watermarkMs of this.watermarks.values()) if (watermarkMs < lowest) lowest = watermarkMs;
    return lowest;
  }

  keys(): readonly K[] {
    return [...this.watermarks.keys()];
  }

  /** True when the lowest has changed. */
  report(key: K, watermarkMs: number): boolean {
    const before = this.lowestMs;
    this.watermarks.set(key, watermarkMs);
    return this.lowestMs !== before;
  }
}

/** The alignment groups of one job; every source has its place in one of them. */
export class AlignmentGroups {
  private readonly groups = new Map<string, WatermarkAggregator<string>>();

  group(name: string): WatermarkAggregator<string> {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new WatermarkAggregator();
      this.groups.set(name, group);
    }
    return group;
  }
}
