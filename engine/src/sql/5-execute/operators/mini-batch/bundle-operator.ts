/**
 * An operator that gathers what comes in, by key, and works on all of it at once: state is read and written once per key and batch (Flink:
 * `AbstractMapBundleOperator`). A batch ends when it has so many rows, with every watermark (mini-batch-assigner.ts), before each barrier and at
 * the end, so it is never part of a checkpoint.
 */
import { OneInputSqlOperator, type SessionSettings } from "../sql-operator.ts";
import type { Row } from "../../../../types/row.ts";

export abstract class BundleOperator<K, B> extends OneInputSqlOperator {
  private readonly maxRows: number;
  private bundle = new Map<K, B>();
  private rows = 0;

  /** @param maxRows `table.exec.mini-batch.size`; at most 0 = no bound. */
  constructor(session: SessionSettings, maxRows: number) {
    super(session);
    this.maxRows = maxRows > 0 ? maxRows : Number.POSITIVE_INFINITY;
  }

  protected abstract bundleKeyOf(row: Row): K;

  /** What the bundle holds for the row's key with the row in it. */
  protected abstract addToBundle(before: B | undefined, row: Row): B;

  protected abstract finishKey(key: K, gathered: B): void;

  processRow(row: Row): void {
    const key = this.bundleKeyOf(row);
    const before = this.bundle.get(key);
    const gathered = this.addToBundle(before, row);
    if (gathered !== before) this.bundle.set(key, gathered);
    if (++this.rows >= this.maxRows) this.finishBundle();
  }

  private finishBundle(): void {
    if (this.rows === 0) return;
    const { bundle } = this;
    this.bundle = new Map();
    this.rows = 0;
    for (const [key, gathered] of bundle) this.finishKey(key, gathered);
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
