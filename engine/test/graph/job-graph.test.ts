import { describe, expect, it } from "vitest";
import { Diagnostic } from "../../src/base/diagnostic.ts";
import { checkDeployable } from "../../src/graph/check-deployable.ts";
import { buildJobGraph } from "../../src/graph/job-graph-builder.ts";
import type { JobConfig, Partitioning } from "../../src/graph/stream-graph.ts";
import { jobGraphOf } from "../../src/sim.ts";
import { type JobBuilder, keyed, program, type Stream } from "../runtime/job-kit.ts";

const NO_OPERATOR = () => {
  throw new Error("only the graph is looked at");
};
const NO_SOURCE = {} as never;
const PLAIN_SINK = {} as never;
const COMMITTING_SINK = { createCommitter: NO_OPERATOR } as never;

function graphOf(build: (job: JobBuilder) => void, config: Partial<JobConfig> = { parallelism: 2 }): readonly string[] {
  const summary = jobGraphOf(program(config, build));
  return [
    ...summary.vertices.map(({ name, parallelism }) => `${name} (${parallelism})`),
    ...summary.edges.map(({ source, target, ship }) => `${source} =${ship}=> ${target}`),
  ];
}

function diagnosticOf(build: (job: JobBuilder) => void): Diagnostic["data"] {
  return refusalOf(() => jobGraphOf(program({ parallelism: 1 }, build)));
}

function refusalOf(act: () => unknown): Diagnostic["data"] {
  try {
    act();
  } catch (error) {
    if (error instanceof Diagnostic) return error.data;
    throw error;
  }
  throw new Error("the graph was accepted");
}

const map = (job: JobBuilder, input: Stream | readonly Stream[], name: string, more = {}): Stream =>
  job.one(input, NO_OPERATOR, { name, ...more });

describe("chaining", () => {
  it("chains along forward edges, sinks as writer and committer", () => {
    expect(graphOf((job) => job.sink(map(job, job.source(NO_SOURCE, undefined, { name: "clicks" }), "m"), PLAIN_SINK))).toEqual([
      "Source: clicks -> m -> out: Writer (2)",
    ]);
    expect(graphOf((job) => job.sink(job.source(NO_SOURCE, undefined), COMMITTING_SINK))).toEqual([
      "Source: source -> out: Writer -> out: Committer (2)",
    ]);
  });

  it("writes branches of a chain in brackets", () => {
    const graph = graphOf((job) => {
      const source = job.source(NO_SOURCE, undefined, { name: "s" });
      job.sink(map(job, source, "a"), PLAIN_SINK, { name: "x" });
      job.sink(source, PLAIN_SINK, { name: "y" });
    });
    expect(graph).toEqual(["Source: s -> (a -> x: Writer, y: Writer) (2)"]);
  });

  it("does not chain over keyBy, also at parallelism 1", () => {
    const graph = graphOf(
      (job) =>
        job.sink(
          map(
            job,
            keyed(job.source(NO_SOURCE, undefined, { name: "s" }), (value) => value),
            "count",
          ),
          PLAIN_SINK,
        ),
      { parallelism: 1 },
    );
    expect(graph).toEqual(["Source: s (1)", "count -> out: Writer (1)", "0 =HASH=> 1"]);
  });

  it("does not chain a union, a two-input operator, or over a change of parallelism", () => {
    const graph = graphOf((job) => {
      const a = job.source(NO_SOURCE, undefined, { name: "a" });
      const b = job.source(NO_SOURCE, undefined, { name: "b" });
      const union = map(job, [a, b], "union");
      const both = job.two(union, b, NO_OPERATOR, { name: "both" });
      job.sink(map(job, both, "one", { parallelism: 1 }), PLAIN_SINK);
    });
    expect(graph).toEqual([
      "Source: a (2)",
      "Source: b (2)",
      "union (2)",
      "both (2)",
      "one (1)",
      "out: Writer (2)",
      "0 =FORWARD=> 2",
      "1 =FORWARD=> 2",
      "2 =FORWARD=> 3",
      "1 =FORWARD=> 3",
      "3 =REBALANCE=> 4",
      "4 =REBALANCE=> 5",
    ]);
  });

  it("obeys startNewChain, disableChaining, slot sharing groups and the job-wide switch", () => {
    const chain = (settings: object) => (job: JobBuilder) =>
      job.sink(map(job, map(job, map(job, job.source(NO_SOURCE, undefined, { name: "s" }), "a"), "b", settings), "c"), PLAIN_SINK);
    expect(graphOf(chain({ chaining: "HEAD" }))).toEqual(["Source: s -> a (2)", "b -> c -> out: Writer (2)", "0 =FORWARD=> 1"]);
    expect(graphOf(chain({ chaining: "NEVER" })).slice(0, 3)).toEqual(["Source: s -> a (2)", "b (2)", "c -> out: Writer (2)"]);
    expect(graphOf(chain({ slotSharingGroup: "heavy" })).slice(0, 2)).toEqual(["Source: s -> a (2)", "b -> c -> out: Writer (2)"]);
    expect(graphOf(chain({}), { parallelism: 2, chainingEnabled: false }).slice(0, 5)).toEqual([
      "Source: s (2)",
      "a (2)",
      "b (2)",
      "c (2)",
      "out: Writer (2)",
    ]);
  });
});

describe("settings", () => {
  const build = (uid?: string) => (job: JobBuilder) =>
    job.sink(map(job, map(job, job.source(NO_SOURCE, undefined), "a"), "b", { uid }), PLAIN_SINK);
  const idOf = (name: string, uid?: string, before = 0) => {
    const shifted = (job: JobBuilder) => {
      for (let extra = 0; extra < before; extra++) map(job, job.source(NO_SOURCE, undefined), "extra");
      build(uid)(job);
    };
    const graph = buildJobGraph(program({}, shifted).instantiate());
    return graph.operators.find((operator) => operator.name === name)?.operatorId;
  };

  it("gives operators ids by uid, else by position", () => {
    expect(idOf("b")).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf("b")).toBe(idOf("b"));
    expect(idOf("b", undefined, 1)).not.toBe(idOf("b"));
    expect(idOf("b", "my-b", 1)).toBe(idOf("b", "my-b"));
    expect(idOf("a")).not.toBe(idOf("b"));
  });

  it("takes max parallelism from the operator, the job, or Flink's rule", () => {
    const maxOf = (config: Partial<JobConfig>, maxParallelism?: number) =>
      jobGraphOf(program(config, (job) => job.sink(map(job, job.source(NO_SOURCE, undefined), "a", { maxParallelism }), PLAIN_SINK)))
        .vertices.flatMap(({ operators }) => operators)
        .find(({ name }) => name === "a")?.maxParallelism;
    expect(maxOf({ parallelism: 2 })).toBe(128);
    expect(maxOf({ parallelism: 100 })).toBe(256);
    expect(maxOf({ parallelism: 2, maxParallelism: 16 })).toBe(16);
    expect(maxOf({ parallelism: 2, maxParallelism: 16, chainingEnabled: false }, 8)).toBe(8);
  });

  it("GR-6 gives a whole chain the max parallelism of its head", () => {
    const maxOf = (config: Partial<JobConfig>) =>
      jobGraphOf(
        program({ parallelism: 2, ...config }, (job) =>
          job.sink(map(job, job.source(NO_SOURCE, undefined), "a", { maxParallelism: 8 }), PLAIN_SINK),
        ),
      ).vertices.map(({ operators }) => operators.map((operator) => operator.maxParallelism));
    expect(maxOf({})).toEqual([[128, 128, 128]]);
    expect(maxOf({ chainsDifferentMaxParallelism: false })).toEqual([[128], [8], [128]]);
  });
});

describe("mistakes", () => {
  it("tells about a job without operators", () => {
    expect(diagnosticOf(() => {})).toMatchObject({
      code: "GRAPH_NO_OPERATORS",
      message: "No operators defined in streaming topology. Cannot execute.",
    });
  });

  it("tells about a uid used twice", () => {
    const data = diagnosticOf((job) => {
      const a = map(job, job.source(NO_SOURCE, undefined), "a", { uid: "x" });
      job.sink(map(job, a, "b", { uid: "x" }), PLAIN_SINK);
    });
    expect(data.code).toBe("GRAPH_DUPLICATE_UID");
    expect(data.message).toBe(
      'Hash collision on user-specified ID "x". Most likely cause is a non-unique ID. ' +
        "Please check that all IDs specified via `uid(String)` are unique.",
    );
  });

  it("tells about forward between different parallelisms", () => {
    const data = diagnosticOf((job) => {
      const a = map(job, job.source(NO_SOURCE, undefined), "Map");
      job.sink(map(job, { ...a, partitioning: { kind: "forward" } }, "Map", { parallelism: 2 }), PLAIN_SINK);
    });
    expect(data.message).toBe(
      "Forward partitioning does not allow change of parallelism. Upstream operation: Map parallelism: 1, downstream operation: Map " +
        "parallelism: 2 You must use another partitioning strategy, such as broadcast, rebalance, shuffle or global.",
    );
  });

  it("GR-6 refuses a parallelism above the maximum when the job is deployed, as Flink does", () => {
    const tooWide = program({}, (job) => job.sink(job.source(NO_SOURCE, undefined, { parallelism: 9, maxParallelism: 8 }), PLAIN_SINK));
    expect(jobGraphOf(tooWide).vertices[0].parallelism).toBe(9);
    expect(refusalOf(() => checkDeployable(buildJobGraph(tooWide.instantiate()))).code).toBe("GRAPH_PARALLELISM_ABOVE_MAX");
  });

  it("BAR-7 unaligned checkpoints: custom partitioners only when forced, one checkpoint at a time, nothing at all with at-least-once", () => {
    const job = (config: Partial<JobConfig>) =>
      program({ checkpointIntervalMs: 1000, unalignedCheckpoints: true, ...config }, (builder) => {
        const partitioning: Partitioning = { kind: "custom", partition: () => 0, keySelector: (value) => value };
        builder.sink({ ...builder.source(NO_SOURCE, undefined), partitioning }, PLAIN_SINK);
      }).instantiate();
    const refused = refusalOf(() => buildJobGraph(job({})));
    expect(refused.code).toBe("GRAPH_UNALIGNED_CUSTOM_PARTITIONER");
    expect(refused.message).toBe(
      "Unaligned checkpoints are currently not supported for custom partitioners, as rescaling is not guaranteed to work correctly.\n" +
        "The user can force Unaligned Checkpoints by using 'execution.checkpointing.unaligned.forced'",
    );
    const forced = { forcesUnalignedCheckpoints: true, maxConcurrentCheckpoints: 2 };
    expect(refusalOf(() => buildJobGraph(job(forced))).message).toBe(
      "maxConcurrentCheckpoints can't be > 1 if UnalignedCheckpoints enabled",
    );
    expect(buildJobGraph(job({ ...forced, checkpointingMode: "AT_LEAST_ONCE" })).vertices).toHaveLength(2);
    expect(buildJobGraph(job({ ...forced, maxConcurrentCheckpoints: 1 })).vertices).toHaveLength(2);
  });

  it("GR-8 a batch job's edges block, its vertices have slots of their own, and no checkpoints", () => {
    const source = { getBoundedness: () => "BOUNDED" } as never;
    const batch = program({ runtimeMode: "AUTOMATIC", checkpointIntervalMs: 100 }, (job) =>
      job.sink(
        keyed(job.source(source, undefined), (value) => value),
        PLAIN_SINK,
      ),
    );
    expect(jobGraphOf(batch).edges.map(({ exchange }) => exchange)).toEqual(["BLOCKING"]);
    const graph = buildJobGraph(batch.instantiate());
    expect(graph.batch).toBe(true);
    expect(graph.config.checkpointIntervalMs).toBeUndefined();
    expect(new Set(graph.vertices.map(({ slotSharingGroup }) => slotSharingGroup)).size).toBe(2);
    expect(() => checkDeployable(graph)).not.toThrow();
  });
});
