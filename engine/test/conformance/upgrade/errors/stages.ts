/**
 * Takes a program through the stages at which Flink may refuse it, as its recorder does: the API calls (`build`), the job graph (`graph`),
 * the job master's look at it (`jobmanager`), the run (`run`). What the compiler finds (compile-stage.ts) counts as `build`: a Java program
 * learns it there.
 */
import { Configuration, datastreamProgram, Diagnostic, StreamExecutionEnvironment } from "../../../../src/index.ts";
import { DEFAULT_LIMITS, jobGraphOf, type JobFailure, runWorld, type World } from "../../../../src/sim.ts";
import type { Env, ErrorProgram } from "./error-program.ts";

export type Stage = "build" | "graph" | "submit" | "jobmanager" | "run" | "none";

/** What became of a program. */
export interface Reaction {
  readonly stage: Stage;
  /** Of a refusal: its code and message. */
  readonly code?: string;
  readonly message?: string;
  /** Of an accepted program: how it ended. */
  readonly status?: string;
}

/** The recorder's cluster, and how long it waits for a job. */
const WORLD: World = {
  seed: 1,
  startMs: 0,
  cluster: { taskManagers: 1, slotsPerTaskManager: 100, parallelism: 1 },
  faults: [],
  end: { kind: "drain" },
  limits: { ...DEFAULT_LIMITS, maxVirtualMs: 20_000 },
  costsUs: { "*": 1000 },
  topics: [],
};

export function reactionTo(program: ErrorProgram, buildOnly: boolean): Reaction {
  const build = (env: Env) => void program.build?.(env);
  try {
    build(environment());
  } catch (error) {
    return refusal("build", error);
  }
  if (buildOnly) return { stage: "none" };
  const job = datastreamProgram(() => {
    const env = environment();
    build(env);
    env.execute();
  });
  try {
    jobGraphOf(job);
  } catch (error) {
    return refusal("graph", error);
  }
  const { status, failure } = runWorld(job, WORLD);
  if (status === "rejected" || status === "failed") {
    const { code, message } = failure as JobFailure;
    return { stage: status === "failed" ? "run" : "jobmanager", code, message };
  }
  return { stage: "none", status: status === "limit" ? "still running" : "FINISHED" };
}

function environment(): Env {
  return StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap({ "restart-strategy.type": "none" })).setParallelism(1);
}

function refusal(stage: Stage, error: unknown): Reaction {
  if (!(error instanceof Diagnostic)) throw error;
  return { stage, code: error.data.code, message: error.message };
}
