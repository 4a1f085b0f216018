/** Fewer subtasks, machines and partitions, and channels of the usual length. */
import type { World, WorldTopic } from "../world.ts";
import type { ReductionPass } from "./reduce-world.ts";

export const smallerCluster: ReductionPass = (world, fails) => {
  let current = world;
  const attempt = (smaller: World) => {
    if (!fails(smaller)) return false;
    current = smaller;
    return true;
  };
  for (let parallelism = 1; parallelism < current.cluster.parallelism; parallelism++) {
    if (attempt({ ...current, cluster: { ...current.cluster, parallelism } })) break;
  }
  for (let taskManagers = 1; taskManagers < current.cluster.taskManagers; taskManagers++) {
    // As many slots as before, so that the job still fits.
    const slots = current.cluster.taskManagers * current.cluster.slotsPerTaskManager;
    const slotsPerTaskManager = Math.ceil(slots / taskManagers);
    if (attempt({ ...current, cluster: { ...current.cluster, taskManagers, slotsPerTaskManager } })) break;
  }
  if (current.cluster.channelCapacity !== undefined) {
    const { channelCapacity: _, ...cluster } = current.cluster;
    attempt({ ...current, cluster });
  }
  for (const { name } of current.topics) {
    const topic = current.topics.find((candidate) => candidate.name === name) as WorldTopic;
    for (let partitions = 1; partitions < topic.partitions; partitions++) {
      const folded = foldPartitions(topic, partitions);
      if (attempt({ ...current, topics: current.topics.map((other) => (other === topic ? folded : other)) })) break;
    }
  }
  return current;
};

/** What a partition that is gone held comes into another one, at the same time. */
function foldPartitions(topic: WorldTopic, partitions: number): WorldTopic {
  const arrivals = topic.arrivals.map((arrival) => ({ ...arrival, partition: arrival.partition % partitions }));
  return { ...topic, partitions, arrivals };
}
