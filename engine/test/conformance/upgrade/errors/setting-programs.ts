import { Configuration } from "../../../../src/index.ts";
import { end, type ErrorPrograms, keyed, source } from "./error-program.ts";

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
  "operator-parallelism-0": {
    build: (env) =>
      source(env)
        .map((pair) => pair.f0)
        .setParallelism(0),
    code: "JOB_BAD_NUMBER",
    inOurWords: parallelism(0),
  },
  "collection-source-parallelism-2": { build: (env) => end(env.fromData(1, 2).setParallelism(2)) },
  "checkpoint-interval-negative": {
    build: (env) => env.enableCheckpointing(-1),
    code: "JOB_BAD_TIME",
    inOurWords: {
      flink: /interval must be larger than or equal to 10 ms/,
      ours: /checkpoint interval must be at least 10 ms, found -1 ms/,
    },
  },
  "checkpoint-timeout-zero": {
    build: (env) => env.getCheckpointConfig().setCheckpointTimeout(0),
    code: "JOB_BAD_TIME",
    inOurWords: { flink: /timeout must be larger than or equal to 10 ms/, ours: /checkpoint timeout must be at least 10 ms, found 0 ms/ },
  },
  "checkpoint-min-pause-negative": {
    build: (env) => env.getCheckpointConfig().setMinPauseBetweenCheckpoints(-1),
    code: "JOB_BAD_TIME",
    inOurWords: { flink: /Pause value must be zero or positive/, ours: /pause between checkpoints must be at least 0 ms, found -1 ms/ },
  },
  "checkpoint-concurrent-zero": {
    build: (env) => env.getCheckpointConfig().setMaxConcurrentCheckpoints(0),
    code: "JOB_BAD_NUMBER",
    inOurWords: {
      flink: /concurrent attempts must be at least one/,
      ours: /number of concurrent checkpoints must be a whole number of at least 1/,
    },
  },
  "checkpoint-tolerable-negative": {
    build: (env) => env.getCheckpointConfig().setTolerableCheckpointFailureNumber(-1),
    code: "JOB_BAD_NUMBER",
    inOurWords: {
      flink: /tolerable failure checkpoint number must be non-negative/,
      ours: /tolerable number of failed checkpoints must be a whole number of at least 0/,
    },
  },
  "checkpoint-mode-unknown": {
    build: (env) => env.configure(Configuration.fromMap({ "execution.checkpointing.mode": "MAYBE_ONCE" })),
    code: "JOB_BAD_CONFIG_VALUE",
    inOurWords: {
      flink: /Could not parse value for enum class .*CheckpointingMode/,
      ours: /Could not parse value "MAYBE_ONCE" for key "execution\.checkpointing\.mode"/,
    },
  },
  "checkpoint-interval-text": {
    build: (env) => env.configure(Configuration.fromMap({ "execution.checkpointing.interval": "often" })),
    code: "JOB_BAD_CONFIG_VALUE",
    inOurWords: {
      flink: /is not a valid ISO-8601 duration format: often/,
      ours: /Could not parse value "often" for key "execution\.checkpointing\.interval"/,
    },
  },
  "auto-watermark-interval-negative": {
    build: (env) => env.getConfig().setAutoWatermarkInterval(-1),
    code: "JOB_BAD_TIME",
    inOurWords: {
      flink: /Auto watermark interval must not be negative/,
      ours: /auto watermark interval must be at least 0 ms, found -1 ms/,
    },
  },
  "max-parallelism-32768": { build: (env) => env.setMaxParallelism(32_768) },
  "keyed-stream-set-parallelism": {
    build: (env) =>
      end(
        keyed(env)
          .map((pair) => pair.f0)
          .setParallelism(200),
      ),
  },
  "buffer-timeout-negative": {
    build: (env) => env.setBufferTimeout(-2),
    code: "JOB_BAD_NUMBER",
    inOurWords: {
      flink: /Timeout of buffer must be non-negative or -1/,
      ours: /buffer timeout must be a whole number of at least -1, found -2/,
    },
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
