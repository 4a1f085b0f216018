/** An upsert source as a full changelog, over batches: of the rows of a key the last one counts (Flink: `ProcTimeMiniBatchDeduplicateKeepLastRowFunction`). */
import type { Row } from "../../../../types/row.ts";
import type { Rex } from "../../../2-analyze/rex.ts";
import { ChangelogNormalizeOperator } from "../changelog-normalize.ts";
import type { SessionSettings } from "../sql-operator.ts";
import type { KeyHash } from "./bundle-operator.ts";
import { RowBundle } from "./row-bundle.ts";

export class MiniBatchChangelogNormalizeOperator extends ChangelogNormalizeOperator {
  private readonly bundle: RowBundle;

  constructor(session: SessionSettings, condition: Rex | null, maxRows: number, keyHash: KeyHash) {
    super(session, condition);
    this.bundle = new RowBundle("last", maxRows, keyHash);
  }

  override processRow(row: Row): void {
    if (this.bundle.add(this.currentMapKey(), row)) this.finishBundle();
  }

  private finishBundle(): void {
    this.bundle.takeAll(([row]) => {
      this.useKeyOf(row);
      super.processRow(row);
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
