/** What lies in the channels at any moment of a run: per channel a list of changes, found by search. */
import type { QueueDetail, RecordedChannel, Recording } from "@millrace/engine/sim";
import { upperBound } from "./stage-index.ts";

export interface QueueNow {
  readonly channel: RecordedChannel;
  /** Elements in it: records, watermarks, barriers, marks of idleness. */
  readonly size: number;
  /** Of these, what the receiver has in its buffers; the rest waits at the sender. */
  readonly received: number;
  /** Elements that the sender may still send into the receiver's buffers. */
  readonly credit: number;
  /** The sender takes in nothing more as long as it is. */
  readonly full: boolean;
  /** Nothing is taken out of it: it waits for the barriers of other channels. */
  readonly blocked: boolean;
  readonly barriers: NonNullable<QueueDetail["barriers"]>;
  /** Of SQL: rows that were sent over it so far, by kind; null = none, or its values are no rows. */
  readonly rows: SentRows | null;
}

/** +I, -U, +U, -D. */
export type SentRows = NonNullable<QueueDetail["rows"]>;

interface ChannelHistory {
  readonly seqs: number[];
  readonly sizes: number[];
  readonly details: (QueueDetail | undefined)[];
}

export class QueueIndex {
  /** False: it was recorded before recordings told of channels. */
  readonly known: boolean;
  /** There was no room for what came after this event; null = all is told. */
  readonly untilSeq: number | null;
  readonly #channels: readonly RecordedChannel[];
  readonly #histories: readonly ChannelHistory[];
  /** Numbers of the channels into a subtask and out of it, by `vertex/subtask`. */
  readonly #into = new Map<string, number[]>();
  readonly #outOf = new Map<string, number[]>();

  constructor({ queues }: Recording) {
    this.known = queues !== undefined;
    this.untilSeq = queues?.untilSeq ?? null;
    this.#channels = queues?.channels ?? [];
    this.#histories = this.#channels.map(() => ({ seqs: [], sizes: [], details: [] }));
    for (const [number, { from, to }] of this.#channels.entries()) {
      listAt(this.#into, `${to.v}/${to.s}`).push(number);
      listAt(this.#outOf, `${from.v}/${from.s}`).push(number);
    }
    for (const [seq, number, size, detail] of queues?.changes ?? []) {
      const { seqs, sizes, details } = this.#histories[number];
      seqs.push(seq);
      sizes.push(size);
      details.push(detail);
    }
  }

  /** The input channels of a subtask, in the order of their senders. */
  into(v: number, s: number, seq: number): QueueNow[] {
    return (this.#into.get(`${v}/${s}`) ?? []).map((number) => this.#at(number, seq));
  }

  /** The channels that a subtask sends into. */
  outOf(v: number, s: number, seq: number): QueueNow[] {
    return (this.#outOf.get(`${v}/${s}`) ?? []).map((number) => this.#at(number, seq));
  }

  /** The first event from which on an input channel of the subtask waits for barriers, between two events; null = none does. */
  heldFrom(v: number, s: number, fromSeq: number, toSeq: number): number | null {
    let first: number | null = null;
    const channels = this.#into.get(`${v}/${s}`) ?? [];
    // One channel alone has nobody to wait for.
    for (const number of channels.length > 1 ? channels : []) {
      const { seqs, details } = this.#histories[number];
      for (let at = upperBound(seqs, fromSeq - 1); at < seqs.length && seqs[at] < toSeq; at++) {
        if (details[at]?.blocked !== true) continue;
        if (first === null || seqs[at] < first) first = seqs[at];
        break;
      }
    }
    return first;
  }

  /** The most that a checkpoint's barrier overtook on its way into the subtask, in elements. */
  overtook(v: number, s: number, checkpoint: number, fromSeq: number, toSeq: number): number {
    let most = 0;
    for (const number of this.#into.get(`${v}/${s}`) ?? []) {
      const { seqs, details } = this.#histories[number];
      for (let at = upperBound(seqs, fromSeq - 1); at < seqs.length && seqs[at] <= toSeq; at++) {
        for (const barrier of details[at]?.barriers ?? []) {
          if (barrier.checkpoint === checkpoint) most = Math.max(most, barrier.overtook + (barrier.passed ? barrier.ahead : 0));
        }
      }
    }
    return most;
  }

  /** Rows of SQL that all subtasks of a vertex have sent to those of another so far; null = none, or they send no rows. */
  rowsBetween(fromV: number, toV: number, seq: number): SentRows | null {
    let sum: SentRows | null = null;
    for (const [number, { from, to }] of this.#channels.entries()) {
      if (from.v !== fromV || to.v !== toV) continue;
      const { rows } = this.#at(number, seq);
      if (rows !== null) sum = sum === null ? rows : [sum[0] + rows[0], sum[1] + rows[1], sum[2] + rows[2], sum[3] + rows[3]];
    }
    return sum;
  }

  #at(number: number, seq: number): QueueNow {
    const channel = this.#channels[number];
    const { seqs, sizes, details } = this.#histories[number];
    const at = upperBound(seqs, seq) - 1;
    const size = sizes[at] ?? 0;
    const { blocked = false, barriers = [], rows = null } = details[at] ?? {};
    const received = Math.min(size, channel.receiverBuffers);
    return { channel, size, received, credit: channel.receiverBuffers - received, full: size >= channel.capacity, blocked, barriers, rows };
  }
}

function listAt(map: Map<string, number[]>, key: string): number[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: number[] = [];
  map.set(key, list);
  return list;
}
