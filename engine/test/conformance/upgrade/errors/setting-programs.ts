import { Configuration } from "../../../../src/index.ts";
import { end, type ErrorPrograms, source } from "./error-program.ts";

const maxParallelism = (found: number) => ({
  flink: new RegExp(`maximum parallelism must be|maxParallelism is out of bounds 0 < maxParallelism <= 32768\\. Found: ${found}`, "i"),
  ours: new RegExp(`maximum parallelism must be a whole number of at least 1 and at most 32768, found ${found}`),
});
const parallelism = (found: number) => ({
  flink: /parallelism .*must be at least (one|1)/i,
  ours: new RegExp(`parallelism must be a whole number of at least 1 and at most 32768, found ${found}`),
});

export const settingPrograms: ErrorPrograms = {
  "max-parallelism-0": { build: (env) => env.setMaxParallelism(0), code: "JOB_BAD_NUMBER", inOurWords: maxParallelism(0) },
  "max-parallelism-40000": { build: (env) => env.setMaxParallelism(40_000), code: "JOB_BAD_NUMBER", inOurWords: maxParallelism(40_000) },
  "operator-max-parallelism-0": {
    build: (env) =>
      source(env)
        .map((pair) => pair.f0)
        .setMaxParallelism(0),
    code: "JOB_BAD_NUMBER",
    inOurWords: maxParallelism(0),
  },
  "operator-max-parallelism-40000": {
    build: (env) =>
      source(env)
        .map((pair) => pair.f0)
        .setMaxParallelism(40_000),
    code: "JOB_BAD_NUMBER",
    inOurWords: maxParallelism(40_000),
  },
  "parallelism-0": { build: (env) => env.setParallelism(0), code: "JOB_BAD_NUMBER", inOurWords: parallelism(0) },
  "operator-parallelism-minus-5": {
    build: (env) =>
      source(env)
        .map((pair) => pair.f0)
        .setParallelism(-5),
    code: "JOB_BAD_NUMBER",
    inOurWords: parallelism(-5),
  },
  "parallelism-over-max-env": { build: (env) => env.setMaxParallelism(4).setParallelism(8) },
  "parallelism-over-max": {
    build: (env) =>
      end(
        source(env)
          .map((pair) => pair.f0)
          .setMaxParallelism(4)
          .setParallelism(8),
      ),
    code: "GRAPH_PARALLELISM_ABOVE_MAX",
  },
  "checkpoint-interval-zero": {
    build: (env) => env.enableCheckpointing(0),
    code: "JOB_BAD_TIME",
    inOurWords: { flink: /interval must be larger than or equal to 10 ms/, ours: /checkpoint interval must be at least 10 ms, found 0 ms/ },
  },
  "restore-unknown-savepoint-path": {
    build: (env) => {
      env.configure(Configuration.fromMap({ "execution.state-recovery.path": "/no/such/savepoint" }));
      end(source(env));
    },
    code: "JOB_SAVEPOINT_NOT_FOUND",
  },
  "no-slots": {
    build: (env) =>
      end(
        source(env)
          .rebalance()
          .map((pair) => pair.f0)
          .setParallelism(101),
      ),
  },
};
