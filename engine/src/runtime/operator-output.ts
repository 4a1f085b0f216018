/** The `Output` of one operator: its main output and its side outputs, each leading to any number of targets. */
import { MIN_TIMESTAMP } from "../base/long.ts";
import type { Output, OutputTag } from "../flow/output.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { copyValue } from "../types/value-codec.ts";
import type { RecordTarget } from "./record-target.ts";

export class OperatorOutput implements Output {
  private main: readonly RecordTarget[] = [];
  /** The only main target, when there is exactly one: the common case, one call away. */
  private single: RecordTarget | null = null;
  private readonly side = new Map<string, RecordTarget[]>();
  private all: readonly RecordTarget[] = [];
  /** The watermark given out last. */
  currentWatermarkMs = MIN_TIMESTAMP;
  private readonly branch = new StreamRecord<unknown>(undefined);

  /** `sideOutputId` undefined = the main output. To be called before the first record. */
  addTarget(target: RecordTarget, sideOutputId: string | undefined): void {
    this.all = [...this.all, target];
    if (sideOutputId === undefined) {
      this.main = [...this.main, target];
      this.single = this.main.length === 1 ? target : null;
      return;
    }
    const targets = this.side.get(sideOutputId);
    if (targets === undefined) this.side.set(sideOutputId, [target]);
    else targets.push(target);
  }

  collect(record: StreamRecord): void {
    const { single } = this;
    if (single !== null) single.collect(record);
    else this.fanOut(this.main, record);
  }

  /** A side output that nobody reads is dropped, as in Flink. */
  collectSide(tag: OutputTag, record: StreamRecord): void {
    const targets = this.side.get(tag.id);
    if (targets !== undefined) this.fanOut(targets, record);
  }

  /** Records that somebody took: a record counts once, however many branches it goes into. */
  get numRecordsOut(): number {
    let count = this.main.length === 0 ? 0 : this.main[0].numRecords;
    for (const targets of this.side.values()) count += targets[0].numRecords;
    return count;
  }

  emitWatermark(timestampMs: number): void {
    this.currentWatermarkMs = timestampMs;
    for (const target of this.all) target.emitWatermark(timestampMs);
  }

  emitWatermarkStatus(idle: boolean): void {
    for (const target of this.all) target.emitWatermarkStatus(idle);
  }

  /** Every branch gets a record and, but for the last, a value of its own: what one branch changes, no other sees. */
  private fanOut(targets: readonly RecordTarget[], record: StreamRecord): void {
    const { branch } = this;
    const last = targets.length - 1;
    for (let index = 0; index <= last; index++) {
      branch.value = index === last ? record.value : copyValue(record.value);
      branch.timestamp = record.timestamp;
      branch.hasTimestamp = record.hasTimestamp;
      targets[index].collect(branch);
    }
  }
}
