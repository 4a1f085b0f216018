/** Makes the tasks of one attempt and the channels between them, and puts back what was in flight. */
import type { JobEdge, JobGraph, JobVertex } from "../../graph/job-graph.ts";
import { invariant } from "../../base/invariant.ts";
import { copyValue } from "../../types/value-codec.ts";
import { Channel, END_OF_RECOVERED_INPUT } from "../channel.ts";
import { targetSubtasks } from "../channel-selector.ts";
import type { ChannelState, InFlightElement } from "../checkpoint/channel-state.ts";
import { restoredChannels } from "../checkpoint/channel-state-assignment.ts";
import { channelStateTraits } from "../checkpoint/channel-state-mapping.ts";
import type { CheckpointedChannel } from "../checkpoint/task-checkpoints.ts";
import type { OutgoingEdge, TaskState } from "../operator-chain.ts";
import type { ChannelTrace } from "../run-observer.ts";
import { Subtask } from "../subtask.ts";
import type { TaskHost } from "../task-host.ts";
import { TracedChannel } from "../traced-channel.ts";

/** What an attempt begins with. */
export interface RestoredJob {
  readonly id: number;
  readonly stateOf: (vertex: number, subtask: number) => TaskState;
  readonly channels: readonly ChannelState[];
}

interface TaskLinks {
  readonly inputs: CheckpointedChannel[];
  readonly outputs: CheckpointedChannel[];
  readonly outgoing: OutgoingEdge[];
}

/**
 * @param restored null on a fresh start.
 * @param includes which tasks; a region of the job.
 */
export function deployTasks(
  host: TaskHost,
  restored: RestoredJob | null,
  includes: (vertex: number, subtask: number) => boolean = () => true,
): Subtask[] {
  const { jobGraph, timing } = host;
  const tasks = jobGraph.vertices.map((vertex) =>
    Array.from({ length: vertex.parallelism }, (_, subtask) => (includes(vertex.id, subtask) ? new Subtask(vertex, subtask, host) : null)),
  );
  const deployed = tasks.flat().filter((task) => task !== null);
  const links = new Map<Subtask, TaskLinks>(deployed.map((task) => [task, { inputs: [], outputs: [], outgoing: [] }]));
  for (const vertex of jobGraph.vertices) {
    const supportsUnaligned = allowsOvertaking(vertex);
    const settings = { supportsUnaligned, capacity: timing.channelCapacity, trace: host.observer.trace };
    for (const jobEdge of vertex.inputs) connect(jobEdge, tasks, links, settings);
  }
  for (const [task, { inputs }] of links) task.connect(inputs.map(({ channel }) => channel));
  for (const [task, ends] of links) {
    const state = restored === null ? null : restored.stateOf(task.vertex.id, task.index);
    task.deploy(ends.outgoing, ends, state, restored?.id);
  }
  if (restored !== null) putBackInFlight(jobGraph, restored.channels, links);
  return deployed;
}

/** When one input of an operator cannot be unaligned none can: pointwise, broadcast and custom edges, and those inside sinks. */
function allowsOvertaking({ inputs }: JobVertex): boolean {
  return inputs.every(({ edge }) => edge.alwaysAligned !== true && channelStateTraits(edge.partitioning).supportsUnalignedCheckpoint);
}

function connect(
  { edge, source, target }: JobEdge,
  tasks: readonly (readonly (Subtask | null)[])[],
  links: ReadonlyMap<Subtask, TaskLinks>,
  {
    supportsUnaligned,
    capacity,
    trace,
  }: { readonly supportsUnaligned: boolean; readonly capacity: number; readonly trace: ChannelTrace | null },
): void {
  const place = {
    targetId: edge.target.operatorId,
    inputIndex: edge.inputIndex,
    senders: source.parallelism,
    receivers: target.parallelism,
  };
  for (const sender of tasks[source.id]) {
    if (sender === null) continue;
    const { first, count } = targetSubtasks(edge.partitioning, sender.index, source.parallelism, target.parallelism);
    const own = links.get(sender) as TaskLinks;
    const channels: Channel[] = [];
    for (let receiverIndex = first; receiverIndex < first + count; receiverIndex++) {
      const receiver = tasks[target.id][receiverIndex];
      invariant(receiver !== null, "a region has all receivers of its senders");
      const { inputs } = links.get(receiver) as TaskLinks;
      const inputChannel = inputs.filter(({ channel }) => channel.input === edge.input).length;
      const at = { index: inputs.length, input: edge.input, inputChannel, capacity };
      const carriesRows = edge.source.node.outputIsImmutable === true;
      const ends = { carriesRows, from: { v: source.id, s: sender.index }, to: { v: target.id, s: receiverIndex } };
      const channel = trace === null ? new Channel(at, sender, receiver) : new TracedChannel(at, sender, receiver, { trace, ...ends });
      const link = { channel, state: { ...place, sender: sender.index, receiver: receiverIndex }, supportsUnaligned };
      inputs.push(link);
      own.outputs.push(link);
      channels.push(channel);
    }
    own.outgoing.push({ edge, channels, supportsUnaligned });
  }
}

function putBackInFlight(jobGraph: JobGraph, states: readonly ChannelState[], links: ReadonlyMap<Subtask, TaskLinks>): void {
  if (states.length === 0) return;
  const { recoversOutputDownstream = false, checkpointsDuringRecovery = false } = jobGraph.config;
  for (const { edge, source, target } of jobGraph.edges) {
    const elementsOf = restoredChannels(states, edge, source.parallelism, target.parallelism);
    for (const [task, { inputs }] of links) {
      const gate = inputs.filter(({ state }) => state.targetId === edge.target.operatorId && state.inputIndex === edge.inputIndex);
      const restored = gate.map(({ channel, state }) => ({ channel, ...elementsOf(state.sender, state.receiver) }));
      const recovers = restored.some(({ input, output }) => input.length > 0 || (recoversOutputDownstream && output.length > 0));
      const marks = recovers && !(recoversOutputDownstream && checkpointsDuringRecovery);
      for (const { channel, input, output } of restored) {
        putInto(channel, input);
        if (marks && !recoversOutputDownstream) channel.push(END_OF_RECOVERED_INPUT, undefined, 0);
        putInto(channel, output);
        if (marks && recoversOutputDownstream) channel.push(END_OF_RECOVERED_INPUT, undefined, 0);
      }
      if (marks) task.recoverInput(restored.map(({ channel }) => channel));
    }
  }
}

function putInto(channel: Channel, elements: readonly InFlightElement[]): void {
  for (const { kind, value, number } of elements) channel.push(kind, copyValue(value), number);
}
