/**
 * An operator that gathers what comes in, by key, and works on all of it at once: state is read and written once per key and batch (Flink:
 * `AbstractMapBundleOperator`). A batch ends when it has so many rows, with every watermark (mini-batch-assigner.ts), before each barrier and at
 * the end, so it is never part of a checkpoint.
 */
import { OneInputSqlOperator, type SessionSettings } from "../sql-operator.ts";
import { JavaMapOrder } from "../../java-map-order.ts";
import { inMapOrder } from "./bundle-order.ts";
import type { Row } from "../../../../types/row.ts";

export type KeyHash = ((row: Row) => number) | null;

export abstract class BundleOperator<K, B> extends OneInputSqlOperator {
  private readonly maxRows: number;
  private bundle = new Map<K, B>();
  private rows = 0;
  private readonly order: JavaMapOrder | null;

  /**
   * @param maxRows `table.exec.mini-batch.size`; at most 0 = no bound.
   * @param keyHash of the key of a row; null = keys leave as they came.
   */
  constructor(session: SessionSettings, maxRows: number, keyHash: KeyHash) {
    super(session);
    this.order = keyHash === null ? null : new JavaMapOrder(keyHash);
    this.maxRows = maxRows > 0 ? maxRows : Number.POSITIVE_INFINITY;
  }

  protected abstract bundleKeyOf(row: Row): K;

  /** What the bundle holds for the row's key with the row in it. */
  protected abstract addToBundle(before: B | undefined, row: Row): B;

  /** Some row of what has been gathered of a key. */
  protected abstract rowOf(gathered: B): Row;

  protected abstract finishKey(gathered: B): void;

  /** After the last key of a batch. */
  protected finishKeys(): void {}

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
    for (const gathered of inMapOrder(bundle, this.order, (each) => this.rowOf(each))) this.finishKey(gathered);
    this.finishKeys();
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
