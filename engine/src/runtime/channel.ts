/**
 * A one-way queue between two subtasks, carrying records and the control elements of the stream in order.
 *
 * The queue is three parallel rings (kind, value, number), so a record costs no object of its own. It has a capacity in elements, the
 * credit the receiver grants. A sender looks at its channels *between* two inputs and stops while one is full; what a single input
 * produces (a window with a thousand results) still goes in, and the rings grow for it. That keeps operators free of waiting in the
 * middle of a call, which only threads or generators could do.
 *
 * The first half of the capacity are the receiver's buffers, for which the sender has credit; what lies beyond them still waits in the
 * sender's queue. The difference shows in metrics, and when a barrier overtakes: it goes in front of the sender's part, and the sender keeps
 * that part in its snapshot; the receiver, told at once, keeps what it has in front of the barrier.
 */
import { invariant } from "../base/invariant.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import type { CheckpointBarrier } from "./checkpoint/checkpoint-barrier.ts";

export const RECORD = 0;
/** A record without timestamp. */
export const BARE_RECORD = 1;
/** `number` = the watermark. */
export const WATERMARK = 2;
/** `number` = 1 when idle, 0 when active. */
export const STATUS = 3;
/** `number` = checkpoint id, `value` = the barrier. */
export const BARRIER = 4;
/** Nothing but barriers will follow, and what committers send on when they commit. */
export const END_OF_DATA = 5;
/** The place of a barrier that has overtaken what lies in front of it; nothing is to be done here. */
export const PASSED_BARRIER = 6;
/** The sender is through: nothing will follow at all. */
export const END_OF_PARTITION = 7;
/** Batch: no more records of the key before it will come. */
export const END_OF_KEY = 8;
/** Batch: the other input goes on. */
export const SWITCH_INPUT = 9;

/** What the receiver had in its buffers before the job was restored ends here; see recovered-input.ts. */
export const END_OF_RECOVERED_INPUT = 10;

const RENEW_AFTER = 4096;

/** What a channel tells its two ends. */
export interface ChannelEnd {
  /** The receiver: something has come into an empty channel. */
  channelFilled(channel: Channel): void;
  /** The receiver: this barrier overtakes, or may do so when its time is up. */
  barrierSent(channel: Channel, barrier: CheckpointBarrier): void;
}
export interface ChannelSource {
  /** The sender: one more of its channels is full. */
  channelFull(): void;
  /** The sender: a full channel has room again. */
  channelDrained(): void;
  /** The receiver has read the end of the data. */
  endOfDataRead(): void;
  /** The sender: a barrier that might have to overtake is no longer in its queue. */
  barrierReceived(channel: Channel, checkpointId: number): void;
}

export class Channel {
  /** Index among all inputs of the receiving task. */
  readonly index: number;
  /** 1 or 2: the receiver's logical input. */
  readonly input: 1 | 2;
  /** Index within that input, as the watermark valve counts. */
  readonly inputChannel: number;
  /** Elements beyond which the sender waits. */
  readonly capacity: number;
  /** Of these, elements in the receiver's buffers. */
  readonly receiverBuffers: number;
  /** Held back: by barrier alignment, or because another channel comes first. Set by `setBlocked` alone; a field, since it is read for every record. */
  blocked = false;
  /** What is read belongs to an unaligned checkpoint; the gate wants to see it first. */
  capturing = false;
  /** The receiver may not look inside before this time (network latency), in microseconds. */
  visibleFromUs = 0;
  /** What a slow connection adds to that latency, until a time; both in microseconds. */
  private extraUs = 0;
  private extraUntilUs = 0;

  private kinds: Uint8Array;
  private values: unknown[];
  private numbers: Float64Array;
  private head = 0;
  /** Everything that ever came in. */
  private pushes = 0;
  /** `pushes` from which the array of values is to be renewed. */
  private renewFrom = RENEW_AFTER;
  private count = 0;
  private full = false;
  readonly source: ChannelSource;
  private readonly end: ChannelEnd;

  constructor(place: { index: number; input: 1 | 2; inputChannel: number; capacity: number }, source: ChannelSource, end: ChannelEnd) {
    this.index = place.index;
    this.input = place.input;
    this.inputChannel = place.inputChannel;
    this.capacity = place.capacity;
    this.receiverBuffers = Math.max(1, place.capacity - (place.capacity >> 1));
    this.source = source;
    this.end = end;
    this.kinds = new Uint8Array(16);
    this.values = new Array(16).fill(undefined);
    this.numbers = new Float64Array(16);
  }

  get size(): number {
    return this.count;
  }

  setBlocked(blocked: boolean): void {
    this.blocked = blocked;
  }

  /** Elements that still wait on the sender's side, since the receiver's buffers are taken. */
  get senderBacklog(): number {
    return Math.max(0, this.count - this.receiverBuffers);
  }

  /** What is sent until then takes so much longer. */
  slowDown(latencyUs: number, untilUs: number): void {
    this.extraUs = latencyUs;
    this.extraUntilUs = untilUs;
  }

  extraLatencyUs(nowUs: number): number {
    return nowUs < this.extraUntilUs ? this.extraUs : 0;
  }

  push(kind: number, value: unknown, number: number): void {
    if (this.count === this.kinds.length) this.grow();
    const slot = (this.head + this.count) & (this.kinds.length - 1);
    this.kinds[slot] = kind;
    this.values[slot] = value;
    this.numbers[slot] = number;
    this.count++;
    this.pushes++;
    if (this.count === 1) this.end.channelFilled(this);
    if (this.count >= this.capacity && !this.full) {
      this.full = true;
      this.source.channelFull();
    }
  }

  /** Kind and number of the first element; only when `size > 0`. */
  get headKind(): number {
    return this.kinds[this.head];
  }

  get headNumber(): number {
    return this.numbers[this.head];
  }

  get headValue(): unknown {
    return this.values[this.head];
  }

  // ---- Any element, by its place: 0 = the first ----

  /** How many elements the receiver has. */
  get received(): number {
    return Math.min(this.count, this.receiverBuffers);
  }

  /** How many elements came before the first one; with its place this numbers each. */
  get firstSequence(): number {
    return this.pushes - this.count;
  }

  kindAt(index: number): number {
    return this.kinds[this.slot(index)];
  }

  valueAt(index: number): unknown {
    return this.values[this.slot(index)];
  }

  numberAt(index: number): number {
    return this.numbers[this.slot(index)];
  }

  /** Place of a checkpoint's barrier that has not been read, or -1. */
  indexOfBarrier(checkpointId: number): number {
    for (let index = 0; index < this.count; index++) {
      if (this.kindAt(index) === BARRIER && this.numberAt(index) === checkpointId) return index;
    }
    return -1;
  }

  // ---- Barriers ----

  /** Sends a barrier behind everything. */
  pushBarrier(barrier: CheckpointBarrier): void {
    this.push(BARRIER, barrier, barrier.checkpointId);
    if (barrier.alignment !== "aligned") this.end.barrierSent(this, barrier);
  }

  /** Sends a barrier ahead of what waits at the sender. */
  pushBarrierAhead(barrier: CheckpointBarrier): void {
    const place = this.received;
    this.push(BARRIER, barrier, barrier.checkpointId);
    this.moveForward(this.count - 1, place);
    this.end.barrierSent(this, barrier);
  }

  /** Lets a barrier that waits at the sender overtake what else waits there. */
  advanceBarrier(index: number, barrier: CheckpointBarrier): void {
    invariant(index >= this.receiverBuffers && this.kindAt(index) === BARRIER, "only a barrier in the sender's queue can be advanced");
    this.moveForward(index, this.receiverBuffers);
    this.values[this.slot(this.receiverBuffers)] = barrier;
    this.end.barrierSent(this, barrier);
  }

  /** The barrier is being handled ahead of its place. */
  passBarrier(index: number): void {
    const slot = this.slot(index);
    this.kinds[slot] = PASSED_BARRIER;
    this.values[slot] = undefined;
  }

  /** Tells the sender that a barrier has come out of its queue. */
  tellBarrierReceived(checkpointId: number): void {
    this.source.barrierReceived(this, checkpointId);
  }

  private slot(index: number): number {
    return (this.head + index) & (this.kinds.length - 1);
  }

  private moveForward(from: number, to: number): void {
    const last = this.slot(from);
    const kind = this.kinds[last];
    const value = this.values[last];
    const number = this.numbers[last];
    for (let index = from; index > to; index--) {
      const slot = this.slot(index);
      const before = this.slot(index - 1);
      this.kinds[slot] = this.kinds[before];
      this.values[slot] = this.values[before];
      this.numbers[slot] = this.numbers[before];
    }
    const first = this.slot(to);
    this.kinds[first] = kind;
    this.values[first] = value;
    this.numbers[first] = number;
  }

  // ---- Reading ----

  /** Takes the first element out if it is a record, with or without a timestamp. Only when `size > 0`. */
  takeRecord(into: StreamRecord): boolean {
    const { head } = this;
    const kind = this.kinds[head];
    if (kind > BARE_RECORD) return false;
    into.value = this.values[head];
    into.timestamp = this.numbers[head];
    into.hasTimestamp = kind === RECORD;
    this.pop();
    return true;
  }

  /** Removes the first element. */
  pop(): void {
    this.values[this.head] = undefined;
    this.head = (this.head + 1) & (this.kinds.length - 1);
    if (--this.count === 0 && this.pushes >= this.renewFrom) this.renew();
    if (this.full && this.count <= this.capacity >> 1) {
      this.full = false;
      this.source.channelDrained();
    }
  }

  /**
   * To store a young object in an old one costs a note to the garbage collector, each time. A channel through which many records pass gets a
   * new array now and then, which is young itself.
   */
  private renew(): void {
    this.renewFrom = this.pushes + RENEW_AFTER;
    this.values = new Array(this.kinds.length).fill(undefined);
  }

  private grow(): void {
    const oldSize = this.kinds.length;
    const size = oldSize * 2;
    const kinds = new Uint8Array(size);
    const values: unknown[] = new Array(size).fill(undefined);
    const numbers = new Float64Array(size);
    for (let index = 0; index < this.count; index++) {
      const from = (this.head + index) & (oldSize - 1);
      kinds[index] = this.kinds[from];
      values[index] = this.values[from];
      numbers[index] = this.numbers[from];
    }
    this.kinds = kinds;
    this.values = values;
    this.numbers = numbers;
    this.head = 0;
  }
}
