/**
 * A one-way queue between two subtasks, carrying records and the control elements of the stream in order.
 *
 * The queue is three parallel rings (kind, value, number), so a record costs no object of its own. It has a capacity in elements, the
 * credit the receiver grants. A sender looks at its channels *between* two inputs and stops while one is full; what a single input
 * produces (a window with a thousand results) still goes in, and the rings grow for it. That keeps operators free of waiting in the
 * middle of a call, which only threads or generators could do.
 */
import type { StreamRecord } from "../flow/stream-record.ts";

export const RECORD = 0;
/** A record without timestamp. */
export const BARE_RECORD = 1;
/** `number` = the watermark. */
export const WATERMARK = 2;
/** `number` = 1 when idle, 0 when active. */
export const STATUS = 3;
/** `number` = checkpoint id. */
export const BARRIER = 4;
/** Nothing but barriers will follow, and what committers send on when they commit. */
export const END_OF_DATA = 5;
/** The sender is through: nothing will follow at all. */
export const END_OF_PARTITION = 7;

const RENEW_AFTER = 4096;

/** What a channel tells its two ends. */
export interface ChannelEnd {
  /** The receiver: something has come into an empty channel. */
  channelFilled(channel: Channel): void;
}
export interface ChannelSource {
  /** The sender: one more of its channels is full. */
  channelFull(): void;
  /** The sender: a full channel has room again. */
  channelDrained(): void;
  /** The receiver has read the end of the data. */
  endOfDataRead(): void;
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
  /** Held back by barrier alignment. */
  blocked = false;
  /** The receiver may not look inside before this time (network latency), in microseconds. */
  visibleFromUs = 0;
  /** What a slow connection adds to that latency, until a time; both in microseconds. */
  private extraUs = 0;
  private extraUntilUs = 0;

  private kinds: Uint8Array;
  private values: unknown[];
  private numbers: Float64Array;
  private head = 0;
  /** Since the array of values was renewed. */
  private pushes = 0;
  private count = 0;
  private full = false;
  readonly source: ChannelSource;
  private readonly end: ChannelEnd;

  constructor(place: { index: number; input: 1 | 2; inputChannel: number; capacity: number }, source: ChannelSource, end: ChannelEnd) {
    this.index = place.index;
    this.input = place.input;
    this.inputChannel = place.inputChannel;
    this.capacity = place.capacity;
    this.source = source;
    this.end = end;
    this.kinds = new Uint8Array(16);
    this.values = new Array(16).fill(undefined);
    this.numbers = new Float64Array(16);
  }

  get size(): number {
    return this.count;
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
    if (--this.count === 0 && this.pushes >= RENEW_AFTER) this.renew();
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
    this.pushes = 0;
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
