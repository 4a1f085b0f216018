import { describe, expect, it } from "vitest";
import { channelSelectorOf, adaptiveSelectorOf } from "../../src/runtime/channel-selector.ts";
import { Configuration, RichMapFunction } from "../../src/index.ts";
import { runJob } from "./run-job.ts";

const MANY = 400;

class WhereItCame extends RichMapFunction<number, string> {
  map(value: number): string {
    return `${value > 0 ? "evenly" : "crowd"} ${this.getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()}`;
  }
}

/** Records dealt out to two subtasks, of which the first also has everything of a second source. */
function dealtOut(options: Readonly<Record<string, string>>): { readonly first: number; readonly second: number } {
  const outcome = runJob(
    (env) => {
      env.configure(Configuration.fromMap(options));
      env.setParallelism(2);
      const evenly = env.fromSequence(1, MANY).setParallelism(1).rebalance();
      const crowd = env
        .fromSequence(-MANY, -1)
        .setParallelism(1)
        .partitionCustom(
          () => 0,
          (value: number) => value,
        );
      evenly.union(crowd).map(new WhereItCame()).name("slow").print();
    },
    { costsUs: { slow: 1000 } },
  );
  expect(outcome.status).toBe("finished");
  const count = (subtask: number) => outcome.printed.filter((line) => line.endsWith(`evenly ${subtask}`)).length;
  return { first: count(0), second: count(1) };
}

describe("adaptive partitioner", () => {
  it("GR-9 rebalance avoids a subtask that is behind, when the job asks for it", () => {
    expect(dealtOut({})).toEqual({ first: MANY / 2, second: MANY / 2 });
    const { first, second } = dealtOut({ "taskmanager.network.adaptive-partitioner.enabled": "true" });
    expect(first + second).toBe(MANY);
    expect(second).toBeGreaterThan(first * 1.5);
  });

  it("GR-9 takes the next channel without a backlog, else the least of the next few", () => {
    const channels = [3, 1, 0, 2, 2].map((senderBacklog) => ({ senderBacklog }));
    const selector = adaptiveSelectorOf({ kind: "rebalance" }, { channels, maxParallelism: 128, traverses: 2 }, () => 0);
    expect(Array.from({ length: 5 }, () => selector?.select(null))).toEqual([1, 2, 3, 4, 1]);
  });

  it("GR-9 other partitioners, and jobs that do not ask, are as ever", () => {
    const channels = [{ senderBacklog: 9 }, { senderBacklog: 0 }];
    const plain = { channels, maxParallelism: 128, traverses: undefined };
    expect(adaptiveSelectorOf({ kind: "rebalance" }, plain, () => 0)?.select(null)).toBe(0);
    expect(adaptiveSelectorOf({ kind: "global" }, { ...plain, traverses: 4 }, () => 0)?.select(null)).toBe(0);
    expect(channelSelectorOf({ kind: "rescale" }, { channels: 2, maxParallelism: 128 }, () => 0)?.select(null)).toBe(0);
  });

  it("comparing fewer than two channels is refused", () => {
    const options = {
      "taskmanager.network.adaptive-partitioner.enabled": "true",
      "taskmanager.network.adaptive-partitioner.max-traverse-size": "1",
    };
    const outcome = runJob((env) => env.configure(Configuration.fromMap(options)), {});
    expect(outcome.status).toBe("rejected");
    expect(JSON.stringify(outcome.failure)).toContain("max-traverse-size");
  });
});
