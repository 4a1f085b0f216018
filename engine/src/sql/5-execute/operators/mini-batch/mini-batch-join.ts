/**
 * Inner and outer joins over batches (Flink: `MiniBatchStreamingJoinOperator`): the rows of both sides are gathered and folded, then one side is joined with what is kept of the
 * other, and the other after it. First comes the side that rows of an outer side wait for, so that fewer of them are padded for a moment.
 */
import type { Row } from "../../../../types/row.ts";
import { keyOf } from "../../key-of.ts";
import { type JoinSideOptions, RegularJoinOperator, type RegularJoinOptions } from "../regular-join.ts";
import type { SessionSettings } from "../sql-operator.ts";
import { type JoinBundle, type JoinBundleHashes, KeyedJoinBundle, PlainJoinBundle } from "./join-bundle.ts";

export interface MiniBatchJoinHashes {
  readonly left: JoinBundleHashes;
  readonly right: JoinBundleHashes;
}

export class MiniBatchJoinOperator extends RegularJoinOperator {
  private readonly maxRows: number;
  private readonly leftBundle: JoinBundle;
  private readonly rightBundle: JoinBundle;
  private rows = 0;

  /** @param maxRows at which a batch ends early, counting the rows of both sides; at most 0 = only the beat ends it. */
  constructor(session: SessionSettings, options: RegularJoinOptions, maxRows: number, hashes: MiniBatchJoinHashes) {
    super(session, options);
    this.maxRows = maxRows > 0 ? maxRows : Number.POSITIVE_INFINITY;
    this.leftBundle = bundleOf(options.left, hashes.left);
    this.rightBundle = bundleOf(options.right, hashes.right);
  }

  override processLeft(row: Row): void {
    this.leftBundle.add(this.currentMapKey(), row);
    this.count();
  }

  override processRight(row: Row): void {
    this.rightBundle.add(this.currentMapKey(), row);
    this.count();
  }

  private count(): void {
    if (++this.rows >= this.maxRows) this.finishBundle();
  }

  private finishBundle(): void {
    if (this.rows === 0) return;
    this.rows = 0;
    if (this.options.type === "right") {
      this.finishLeft();
      this.finishRight();
    } else {
      this.finishRight();
      this.finishLeft();
    }
  }

  private finishLeft(): void {
    this.leftBundle.takeAll((rows, replaced) => {
      this.useKeyOf(rows[0]);
      for (const row of rows) this.process(row, this.left, this.right, replaced);
    });
  }

  private finishRight(): void {
    this.rightBundle.takeAll((rows, replaced) => {
      this.useKeyOfRight(rows[0]);
      for (const row of rows) this.process(row, this.right, this.left, replaced);
    });
  }

  override processWatermark1(timestampMs: number): void {
    this.finishBundle();
    super.processWatermark1(timestampMs);
  }

  override processWatermark2(timestampMs: number): void {
    this.finishBundle();
    super.processWatermark2(timestampMs);
  }

  override prepareSnapshotPreBarrier(_checkpointId: number): void {
    this.finishBundle();
  }

  override finish(): void {
    this.finishBundle();
  }
}

function bundleOf({ unique }: JoinSideOptions, hashes: JoinBundleHashes): JoinBundle {
  return unique === null ? new PlainJoinBundle(hashes) : new KeyedJoinBundle(keyOf(unique), hashes);
}
