/**
 * One row per key over batches. By arrival the first or last row of a batch stands for all (Flink: `ProcTimeMiniBatchDeduplicateKeepFirstRowFunction`, `…KeepLastRowFunction`); by event
 * time every row is looked at, and an earlier first row replaces the one before at once (`RowTimeMiniBatchDeduplicateFunction`): nobody waits for the watermark.
 */
import type { Row } from "../../../../types/row.ts";
import { type DeduplicateOptions, DeduplicateOperator } from "../deduplicate.ts";
import type { SessionSettings } from "../sql-operator.ts";
import type { KeyHash } from "./bundle-operator.ts";
import { RowBundle } from "./row-bundle.ts";

export class MiniBatchDeduplicateOperator extends DeduplicateOperator {
  private readonly bundle: RowBundle;

  constructor(session: SessionSettings, options: DeduplicateOptions, maxRows: number, keyHash: KeyHash) {
    super(session, options);
    this.bundle = new RowBundle(options.timeField >= 0 ? "all" : options.keepLast ? "last" : "first", maxRows, keyHash);
  }

  override processRow(row: Row): void {
    if (this.bundle.add(this.currentMapKey(), row)) this.finishBundle();
  }

  private finishBundle(): void {
    this.bundle.takeAll((rows) => {
      this.useKeyOf(rows[0]);
      for (const row of rows) super.processRow(row);
    });
  }

  protected override onWatermark(_timestampMs: number): void {
    this.finishBundle();
  }

  override prepareSnapshotPreBarrier(_checkpointId: number): void {
    this.finishBundle();
  }

  override finish(): void {
    this.finishBundle();
  }
}
