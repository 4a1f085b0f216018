/** Connections between task managers: the channels that go over one, and those that are slow for a time. */
import type { Channel } from "../channel.ts";
import type { Subtask } from "../subtask.ts";

interface SlowConnection {
  readonly from: number;
  readonly to: number;
  readonly latencyUs: number;
  readonly untilUs: number;
}

/** Outlives attempts and jobs, whose channels are made anew. */
export class SlowConnections {
  private readonly connections: SlowConnection[] = [];

  add(from: number, to: number, latencyMs: number, untilMs: number): void {
    this.connections.push({ from, to, latencyUs: latencyMs * 1000, untilUs: untilMs * 1000 });
  }

  /** Slows the channels of these tasks down, where their connection is slow now. */
  apply(tasks: readonly Subtask[], taskManagerOf: (task: Subtask) => number, nowUs: number): void {
    for (const { from, to, latencyUs, untilUs } of this.connections) {
      if (untilUs <= nowUs) continue;
      for (const channel of channelsBetween(tasks, taskManagerOf, from, to).keys()) channel.slowDown(latencyUs, untilUs);
    }
  }
}

/** The channels that go over one connection, each with the task that reads it. On one machine there is no connection. */
export function channelsBetween(
  tasks: readonly Subtask[],
  taskManagerOf: (task: Subtask) => number,
  from: number,
  to: number,
): Map<Channel, Subtask> {
  const between = new Map<Channel, Subtask>();
  if (from === to) return between;
  const sent = new Set(tasks.filter((task) => taskManagerOf(task) === from).flatMap(({ outputs }) => outputs));
  for (const task of tasks) {
    if (taskManagerOf(task) !== to) continue;
    for (const channel of task.inputs) if (sent.has(channel)) between.set(channel, task);
  }
  return between;
}
