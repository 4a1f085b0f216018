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
  /** Records that nobody reads. */
  private numRecordsDropped = 0;
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
    else if (this.main.length === 0) this.numRecordsDropped++;
    else this.fanOut(this.main, record);
  }

  /** A side output that nobody reads is dropped, as in Flink. */
  collectSide(tag: OutputTag, record: StreamRecord): void {
    const targets = this.side.get(tag.id);
    if (targets === undefined) this.numRecordsDropped++;
    else this.fanOut(targets, record);
  }

  /**
   * The operator's metric, as Flink counts it: what goes into the first operator chained behind it or, when none is, everything it gives
   * out, also what nobody reads.
   */
  get numRecordsOut(): number {
    const chained = this.all.find((target) => target.chained);
    return chained === undefined ? this.numRecordsLeaving + this.numRecordsDropped : chained.numRecords;
  }

  /** Records that leave the task here: each once, however many edges it goes over. */
  get numRecordsLeaving(): number {
    let count = 0;
    for (const targets of [this.main, ...this.side.values()]) count += targets.find(({ chained }) => !chained)?.numRecords ?? 0;
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
