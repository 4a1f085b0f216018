/**
 * Puts what was in flight back into channels, possibly between other numbers of subtasks than it was taken from (Flink:
 * `StateAssignmentOperation`, `SequentialChannelStateReader`, `DemultiplexingRecordDeserializer`).
 *
 * An old channel (sender, receiver) goes on as a *virtual channel* inside the new channels between the subtasks that took over from
 * both. Where several new receivers took over from one old one (key groups were cut anew), each gets the whole virtual channel and keeps the records that its
 * selector would send it. Where one new channel has several virtual ones, they come one after the other, and a watermark passes only when all
 * of them have brought it; statuses are joined likewise.
 */
import { invariant } from "../../base/invariant.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import type { OperatorEdge } from "../../graph/job-graph.ts";
import { BARE_RECORD, STATUS, WATERMARK } from "../channel.ts";
import { channelSelectorOf } from "../channel-selector.ts";
import type { ChannelState, InFlightElement } from "./channel-state.ts";
import { channelStateTraits, oldSubtasksOf } from "./channel-state-mapping.ts";

interface VirtualChannel {
  readonly sender: number;
  readonly receiver: number;
  readonly input: readonly InFlightElement[];
  readonly output: readonly InFlightElement[];
}

/** What is to be in a new channel: first the input, what receivers had in their buffers, then the output, what senders had in theirs. */
export interface RestoredElements {
  readonly input: readonly InFlightElement[];
  readonly output: readonly InFlightElement[];
}

/** What is to be in the channel between two new subtasks. */
export type RestoredChannel = (sender: number, receiver: number) => RestoredElements;

const EMPTY: RestoredElements = { input: [], output: [] };
const NOTHING: RestoredChannel = () => EMPTY;

/**
 * @param states of the whole checkpoint.
 * @throws Diagnostic CHECKPOINT_RESCALE_UNSUPPORTED when the edge has become one whose records nobody can hand out anew.
 */
export function restoredChannels(states: readonly ChannelState[], edge: OperatorEdge, senders: number, receivers: number): RestoredChannel {
  const own = states.filter(({ targetId, inputIndex }) => targetId === edge.target.operatorId && inputIndex === edge.inputIndex);
  if (own.length === 0) return NOTHING;
  const { senders: oldSenders, receivers: oldReceivers } = own[0];
  const virtual = virtualChannels(own);
  if (oldSenders === senders && oldReceivers === receivers) {
    return (sender, receiver) => rejoined(virtual.filter((channel) => channel.sender === sender && channel.receiver === receiver));
  }
  const { upstream, downstream } = channelStateTraits(edge.partitioning);
  const keeps = recordFilter(edge, receivers);
  return (sender, receiver) => {
    const from = oldSubtasksOf(upstream, sender, oldSenders, senders);
    const to = oldSubtasksOf(downstream, receiver, oldReceivers, receivers);
    const taken = virtual.filter((channel) => from.includes(channel.sender) && to.includes(channel.receiver));
    return rejoined(keeps === null ? taken : taken.map((channel) => filtered(channel, (value) => keeps(value, receiver))));
  };
}

function virtualChannels(states: readonly ChannelState[]): VirtualChannel[] {
  const channels = new Map<string, VirtualChannel>();
  for (const { sender, receiver, place, elements } of states) {
    const id = `${sender}/${receiver}`;
    const known = channels.get(id) ?? { sender, receiver, input: [], output: [] };
    channels.set(id, { ...known, [place]: elements });
  }
  return [...channels.values()].sort((left, right) => left.receiver - right.receiver || left.sender - right.sender);
}

/** For partitioners by which a record has one receiver, whoever sends it; null where the old receivers say enough. */
function recordFilter({ partitioning, target }: OperatorEdge, receivers: number): ((value: unknown, receiver: number) => boolean) | null {
  if (partitioning.kind !== "hash" && partitioning.kind !== "custom") return null;
  const place = { channels: receivers, maxParallelism: target.maxParallelism };
  const selector = channelSelectorOf(partitioning, place, () => 0);
  invariant(selector !== undefined, "only broadcast has no selector");
  return (value, receiver) => selector.select(value) === receiver;
}

function filtered(channel: VirtualChannel, keeps: (value: unknown) => boolean): VirtualChannel {
  const keep = ({ kind, value }: InFlightElement) => kind > BARE_RECORD || keeps(value);
  return { ...channel, input: channel.input.filter(keep), output: channel.output.filter(keep) };
}

/** Each part by virtual channel. */
function rejoined(channels: readonly VirtualChannel[]): RestoredElements {
  const progress = channels.map(() => ({ watermarkMs: MIN_TIMESTAMP, idle: false }));
  const restored: { readonly input: InFlightElement[]; readonly output: InFlightElement[] } = { input: [], output: [] };
  let idle = false;
  const take = (element: InFlightElement, channel: number, elements: InFlightElement[]) => {
    const own = progress[channel];
    if (element.kind === WATERMARK) {
      own.watermarkMs = element.number;
      const lowestMs = Math.min(...progress.map(({ watermarkMs }) => watermarkMs));
      if (lowestMs > MIN_TIMESTAMP) elements.push({ ...element, number: lowestMs });
    } else if (element.kind === STATUS) {
      own.idle = element.number === 1;
      const allIdle = progress.every((other) => other.idle);
      if (allIdle !== idle) elements.push({ ...element, number: allIdle ? 1 : 0 });
      idle = allIdle;
    } else {
      elements.push(element);
    }
  };
  channels.forEach(({ input }, channel) => {
    for (const element of input) take(element, channel, restored.input);
  });
  channels.forEach(({ output }, channel) => {
    for (const element of output) take(element, channel, restored.output);
  });
  // A sender begins active, and says nothing of it.
  if (idle) restored.output.push({ kind: STATUS, value: undefined, number: 0 });
  return restored;
}
