/** Fewer subtasks, machines and partitions, and channels of the usual length. */
import type { World, WorldTopic } from "../world.ts";
import type { ReductionPass } from "./reduce-world.ts";

export const smallerCluster: ReductionPass = function* (world) {
  let current = world;
  for (let parallelism = 1; parallelism < current.cluster.parallelism; parallelism++) {
    const smaller = { ...current, cluster: { ...current.cluster, parallelism } };
    if (yield smaller) current = smaller;
  }
  for (let taskManagers = 1; taskManagers < current.cluster.taskManagers; taskManagers++) {
    // As many slots as before, so that the job still fits.
    const slots = current.cluster.taskManagers * current.cluster.slotsPerTaskManager;
    const slotsPerTaskManager = Math.ceil(slots / taskManagers);
    const smaller = { ...current, cluster: { ...current.cluster, taskManagers, slotsPerTaskManager } };
    if (yield smaller) current = smaller;
  }
  if (current.cluster.channelCapacity !== undefined) {
    const { channelCapacity: _, ...cluster } = current.cluster;
    const smaller = { ...current, cluster };
    if (yield smaller) current = smaller;
  }
  for (const { name } of current.topics) {
    for (let partitions = 1; partitions < topicOf(current, name).partitions; partitions++) {
      const folded = foldPartitions(topicOf(current, name), partitions);
      const smaller = { ...current, topics: current.topics.map((other) => (other.name === name ? folded : other)) };
      if (yield smaller) current = smaller;
    }
  }
  return current;
};

function topicOf(world: World, name: string): WorldTopic {
  return world.topics.find((topic) => topic.name === name) as WorldTopic;
}

/** What a partition that is gone held comes into another one, at the same time. */
function foldPartitions(topic: WorldTopic, partitions: number): WorldTopic {
  const arrivals = topic.arrivals.map((arrival) => ({ ...arrival, partition: arrival.partition % partitions }));
  return { ...topic, partitions, arrivals };
}
