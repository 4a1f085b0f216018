/**
 * Which channel a record takes. Flink: `ChannelSelector` and the `StreamPartitioner`s.
 *
 * `select` gets the value and answers a channel index; broadcast has no selector, since a record goes to every channel.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { invariant } from "../base/invariant.ts";
import { subtaskForKey } from "../base/key-groups.ts";
import type { KeySelector } from "../flow/operator.ts";
import type { Partitioning } from "../graph/stream-graph.ts";

export interface ChannelSelector {
  select(value: unknown): number;
}

class FirstChannel implements ChannelSelector {
  select(): number {
    return 0;
  }
}

class HashChannel implements ChannelSelector {
  protected readonly keySelector: KeySelector;
  private readonly maxParallelism: number;
  private readonly channels: number;

  constructor(keySelector: KeySelector, maxParallelism: number, channels: number) {
    this.keySelector = keySelector;
    this.maxParallelism = maxParallelism;
    this.channels = channels;
  }

  select(value: unknown): number {
    // Not as a method: the program's function would have the channel as its `this`.
    const { keySelector } = this;
    return this.subtaskOf(keySelector(value));
  }

  protected subtaskOf(key: unknown): number {
    if (key === null || key === undefined) throw keyIsNull();
    return subtaskForKey(key, this.maxParallelism, this.channels);
  }
}

/** All keys go to the only subtask there is; they must be proper keys all the same. */
class OnlyHashChannel extends HashChannel {
  override select(value: unknown): number {
    const { keySelector } = this;
    const key = keySelector(value);
    return typeof key === "string" || typeof key === "number" ? 0 : this.subtaskOf(key);
  }
}

/** Round robin; the first channel is random so that many senders do not all start with subtask 0. Also used for rescale. */
class RoundRobinChannel implements ChannelSelector {
  private next: number;
  private readonly channels: number;

  constructor(channels: number, first: number) {
    this.channels = channels;
    this.next = first;
  }

  select(): number {
    const channel = this.next;
    this.next = channel + 1 === this.channels ? 0 : channel + 1;
    return channel;
  }
}

/** What a sender sees of one of its channels. */
interface LoadedChannel {
  readonly senderBacklog: number;
}

/**
 * The next channel, in turn, in which nothing waits; if there is none among the next few, the one in which the least does. Takes the place
 * of rebalance and rescale where the job asks for it (Flink: `AdaptiveLoadBasedRecordWriter`).
 */
class IdlestChannel implements ChannelSelector {
  private readonly channels: readonly LoadedChannel[];
  private readonly traverses: number;
  private last = -1;

  constructor(channels: readonly LoadedChannel[], traverses: number) {
    this.channels = channels;
    this.traverses = Math.min(traverses, channels.length);
  }

  select(): number {
    const { channels } = this;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let step = 1; step <= this.traverses && least > 0; step++) {
      const channel = (this.last + step) % channels.length;
      const backlog = channels[channel].senderBacklog;
      if (backlog >= least) continue;
      best = channel;
      least = backlog;
    }
    this.last = best;
    return best;
  }
}

class ShuffleChannel implements ChannelSelector {
  private readonly channels: number;
  private readonly random: () => number;

  constructor(channels: number, random: () => number) {
    this.channels = channels;
    this.random = random;
  }

  select(): number {
    return Math.floor(this.random() * this.channels);
  }
}

class CustomChannel implements ChannelSelector {
  private readonly partition: (key: unknown, channels: number) => number;
  private readonly keySelector: KeySelector;
  private readonly channels: number;

  constructor(partition: (key: unknown, channels: number) => number, keySelector: KeySelector, channels: number) {
    this.partition = partition;
    this.keySelector = keySelector;
    this.channels = channels;
  }

  select(value: unknown): number {
    const { partition, keySelector } = this;
    const channel = partition(keySelector(value), this.channels);
    if (!Number.isInteger(channel) || channel < 0 || channel >= this.channels) {
      throw noSuchChannel(channel, this.channels);
    }
    return channel;
  }
}

function keyIsNull(): Diagnostic {
  return new Diagnostic({
    code: "KEY_IS_NULL",
    phase: "runtime",
    message: "Assigned key must not be null!",
    found: "null",
    expected: "a key for every record",
    hint: "Filter records without the key field before keyBy, or give them a default key.",
  });
}

function noSuchChannel(channel: number, channels: number): Diagnostic {
  return new Diagnostic({
    code: "PARTITIONER_OUT_OF_RANGE",
    phase: "runtime",
    message: `Index ${channel} out of bounds for length ${channels}: the custom partitioner must name one of the ${channels} subtasks behind it.`,
    found: String(channel),
    expected: `a whole number from 0 to ${channels - 1}`,
    hint: "The second argument of the partitioner is the number of subtasks: end with % numPartitions, and mind that % keeps the sign of a negative number.",
  });
}

/** The selector of one sending subtask, undefined for broadcast. `random` is private to that subtask. */
export function channelSelectorOf(
  partitioning: Partitioning,
  target: { readonly channels: number; readonly maxParallelism: number },
  random: () => number,
): ChannelSelector | undefined {
  const { channels, maxParallelism } = target;
  switch (partitioning.kind) {
    case "forward":
      invariant(channels === 1, `a forward edge has ${channels} channels per sender`);
      return new FirstChannel();
    case "global":
      return new FirstChannel();
    case "hash":
      if (channels === 1 && partitioning.neverNull === true) return new FirstChannel();
      return channels === 1
        ? new OnlyHashChannel(partitioning.keySelector, maxParallelism, channels)
        : new HashChannel(partitioning.keySelector, maxParallelism, channels);
    case "rebalance":
      return new RoundRobinChannel(channels, Math.floor(random() * channels));
    case "rescale":
      return new RoundRobinChannel(channels, 0);
    case "shuffle":
      return new ShuffleChannel(channels, random);
    case "custom":
      return new CustomChannel(partitioning.partition, partitioning.keySelector, channels);
    case "broadcast":
      return undefined;
  }
}

/** The selector of a job with an adaptive partitioner: as above, but for rebalance and rescale. */
export function adaptiveSelectorOf(
  partitioning: Partitioning,
  target: { readonly channels: readonly LoadedChannel[]; readonly maxParallelism: number; readonly traverses: number | undefined },
  random: () => number,
): ChannelSelector | undefined {
  const { channels, maxParallelism, traverses } = target;
  const adapts = partitioning.kind === "rebalance" || partitioning.kind === "rescale";
  if (traverses !== undefined && adapts) return new IdlestChannel(channels, traverses);
  return channelSelectorOf(partitioning, { channels: channels.length, maxParallelism }, random);
}

/** Receiving subtasks that a sending subtask is connected to, in channel order. Flink: `EdgeManagerBuildUtil`, `RescalePartitioner`. */
export function targetSubtasks(
  partitioning: Partitioning,
  sender: number,
  senders: number,
  receivers: number,
): { readonly first: number; readonly count: number } {
  if (partitioning.kind === "forward") return { first: sender, count: 1 };
  if (partitioning.kind !== "rescale") return { first: 0, count: receivers };
  if (senders >= receivers) return { first: Math.ceil(((sender + 1) * receivers) / senders) - 1, count: 1 };
  const first = Math.floor((sender * receivers + senders - 1) / senders);
  const end = Math.floor(((sender + 1) * receivers + senders - 1) / senders);
  return { first, count: end - first };
}
