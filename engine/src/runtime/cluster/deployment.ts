/** Makes the tasks of one attempt and the channels between them. */
import type { JobEdge } from "../../graph/job-graph.ts";
import { Channel } from "../channel.ts";
import { targetSubtasks } from "../channel-selector.ts";
import type { OutgoingEdge, TaskState } from "../operator-chain.ts";
import { Subtask } from "../subtask.ts";
import type { TaskHost } from "../task-host.ts";

/** @param restored state by vertex id and subtask, null on a fresh start. */
export function deployTasks(
  host: TaskHost,
  restored: ((vertex: number, subtask: number) => TaskState) | null,
  restoredCheckpointId: number | undefined,
): Subtask[] {
  const tasks = host.jobGraph.vertices.map((vertex) =>
    Array.from({ length: vertex.parallelism }, (_, subtask) => new Subtask(vertex, subtask, host)),
  );
  const incoming = new Map<Subtask, Channel[]>(tasks.flat().map((task) => [task, []]));
  const outgoing = new Map<Subtask, OutgoingEdge[]>(tasks.flat().map((task) => [task, []]));

  for (const vertex of host.jobGraph.vertices) {
    for (const jobEdge of vertex.inputs) connect(jobEdge, tasks, incoming, outgoing, host.timing.channelCapacity);
  }
  for (const task of tasks.flat()) task.connect(incoming.get(task) as Channel[]);
  for (const task of tasks.flat()) {
    const state = restored === null ? null : restored(task.vertex.id, task.index);
    task.deploy(outgoing.get(task) as OutgoingEdge[], state, restoredCheckpointId);
  }
  return tasks.flat();
}

function connect(
  jobEdge: JobEdge,
  tasks: readonly (readonly Subtask[])[],
  incoming: Map<Subtask, Channel[]>,
  outgoing: Map<Subtask, OutgoingEdge[]>,
  capacity: number,
): void {
  const { edge, source, target } = jobEdge;
  for (const sender of tasks[source.id]) {
    const { first, count } = targetSubtasks(edge.partitioning, sender.index, source.parallelism, target.parallelism);
    const channels: Channel[] = [];
    for (let receiverIndex = first; receiverIndex < first + count; receiverIndex++) {
      const receiver = tasks[target.id][receiverIndex];
      const inputs = incoming.get(receiver) as Channel[];
      const inputChannel = inputs.filter((channel) => channel.input === edge.input).length;
      const channel = new Channel({ index: inputs.length, input: edge.input, inputChannel, capacity }, sender, receiver);
      inputs.push(channel);
      channels.push(channel);
    }
    (outgoing.get(sender) as OutgoingEdge[]).push({ edge, channels });
  }
}
