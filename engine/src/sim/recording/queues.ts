/**
 * What lies in the channels between subtasks: the part of a recording beside its events. A channel is told of once per event at most, with what it holds
 * when the next event comes, so that a queue through which a thousand records pass unnoticed costs one line.
 */
import type { ChannelPlace, ObservedQueue, QueuedBarrier } from "../../runtime/run-observer.ts";

export interface RecordedChannel {
  readonly from: ChannelPlace;
  readonly to: ChannelPlace;
  /** 1 or 2: the receiver's logical input. */
  readonly input: 1 | 2;
  /** Elements; a sender with a full channel takes in nothing more. */
  readonly capacity: number;
  /** Of these, elements that fit into the receiver's buffers: the sender's credit. What lies beyond waits at the sender. */
  readonly receiverBuffers: number;
}

/** What is known of a queue besides its size; absent fields mean no, or none. */
export interface QueueDetail {
  /** Nothing is taken out of it: it waits for the barriers of the other channels. */
  readonly blocked?: true;
  readonly barriers?: readonly QueuedBarrier[];
  /** Rows of SQL that were sent over it since it was made, by kind: +I, -U, +U, -D. */
  readonly rows?: readonly [number, number, number, number];
}

/** Behind the event `seq` (and before the next one) the channel holds so many elements. `seq` -1 = before the first event. */
export type QueueChange = readonly [seq: number, channel: number, size: number] | readonly [number, number, number, QueueDetail];

export interface RecordedQueues {
  /** By number. */
  readonly channels: readonly RecordedChannel[];
  /** In the order of `seq`. A channel that is not told of is empty. */
  readonly changes: readonly QueueChange[];
  /** There was no room for what came after this event; absent = all is told. */
  readonly untilSeq?: number;
}

/** More changes than this for each event that may be kept are not kept. */
const CHANGES_PER_EVENT = 3;

export class QueueRecorder {
  private readonly channels: RecordedChannel[] = [];
  private readonly numbers = new Map<string, number>();
  /** By number: the one that is there now. */
  private readonly live: ObservedQueue[] = [];
  private readonly changed = new Set<number>();
  private readonly changes: QueueChange[] = [];
  private readonly maxChanges: number;
  private untilSeq: number | null = null;

  constructor(maxEvents: number) {
    this.maxChanges = maxEvents * CHANGES_PER_EVENT;
  }

  made(queue: ObservedQueue, from: ChannelPlace, to: ChannelPlace): number {
    const place = `${to.v}/${to.s}/${queue.index}<${from.v}/${from.s}`;
    let number = this.numbers.get(place);
    if (number === undefined) {
      const { input, capacity, receiverBuffers } = queue;
      number = this.channels.push({ from, to, input, capacity, receiverBuffers }) - 1;
      this.numbers.set(place, number);
    } else this.changed.add(number);
    this.live[number] = queue;
    return number;
  }

  /** A channel of tasks that are gone has nothing more to say. */
  touched(number: number, queue: ObservedQueue): void {
    if (this.live[number] === queue) this.changed.add(number);
  }

  /** Another event is coming: this is what there is behind the last one. */
  tell(lastSeq: number): void {
    if (this.changed.size === 0 || this.untilSeq !== null) return;
    if (this.changes.length + this.changed.size > this.maxChanges) {
      this.untilSeq = lastSeq;
      return;
    }
    for (const number of this.changed) {
      const detail = detailOf(this.live[number]);
      const { size } = this.live[number];
      this.changes.push(detail === null ? [lastSeq, number, size] : [lastSeq, number, size, detail]);
    }
    this.changed.clear();
  }

  finish(): RecordedQueues {
    const { channels, changes, untilSeq } = this;
    return { channels, changes, ...(untilSeq === null ? {} : { untilSeq }) };
  }
}

function detailOf({ blocked, queuedBarriers, sentRows }: ObservedQueue): QueueDetail | null {
  const hasBarriers = queuedBarriers.length > 0;
  const hasRows = sentRows?.some((count) => count > 0) === true;
  if (!blocked && !hasBarriers && !hasRows) return null;
  return {
    ...(blocked ? { blocked: true as const } : {}),
    ...(hasBarriers ? { barriers: queuedBarriers } : {}),
    ...(hasRows && sentRows !== null ? { rows: [sentRows[0], sentRows[1], sentRows[2], sentRows[3]] as const } : {}),
  };
}

/**
 * The same queues for a recording from which events were taken out.
 * @param seqAt the last event that was kept, by its new number, at or before an old one; -1 = none before it was
 */
export function queuesOver(queues: RecordedQueues, seqAt: (seq: number) => number): RecordedQueues {
  const changes: QueueChange[] = [];
  /** Where in the list the newest change of a channel is. */
  const newest = new Map<number, number>();
  for (const change of queues.changes) {
    const [, channel] = change;
    const moved = [seqAt(change[0]), ...change.slice(1)] as unknown as QueueChange;
    const at = newest.get(channel);
    if (at !== undefined && changes[at][0] === moved[0]) changes[at] = moved;
    else newest.set(channel, changes.push(moved) - 1);
  }
  return { ...queues, changes, ...(queues.untilSeq === undefined ? {} : { untilSeq: seqAt(queues.untilSeq) }) };
}
