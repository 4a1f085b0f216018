/**
 * From a learner's module to a deployable program. The module is evaluated anew for each deployment; while it runs, the environment it
 * asks for is the one of this evaluation, and `execute` hands the finished graph over instead of waiting for a job to end.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { ClusterDefaults, JobProgram, StreamGraph } from "../graph/stream-graph.ts";
import { currentPosition } from "./graph-builder.ts";

const NO_DEFAULTS: ClusterDefaults = { parallelism: 1 };

class Evaluation {
  readonly defaults: ClusterDefaults;
  #executed: StreamGraph | null = null;

  constructor(defaults: ClusterDefaults) {
    this.defaults = defaults;
  }

  submit(graph: StreamGraph): void {
    if (this.#executed !== null) {
      const span = currentPosition();
      throw new Diagnostic({
        code: "JOB_EXECUTED_TWICE",
        message: `The program executes a second job, "${graph.jobName}", after "${this.#executed.jobName}"; one program is one job here.`,
        phase: "graph",
        hint: "Keep one env.execute() at the end; several sinks can share it.",
        ...(span === undefined ? {} : { span }),
      });
    }
    this.#executed = graph;
  }

  result(): StreamGraph {
    if (this.#executed === null) {
      throw new Diagnostic({
        code: "JOB_NOT_EXECUTED",
        message: "The program built a job but never executed it: call env.execute() at the end.",
        phase: "graph",
        expected: 'env.execute("my job")',
        hint: "Transformations only describe the job. Nothing runs before execute().",
      });
    }
    return this.#executed;
  }
}

let current: Evaluation | null = null;

/** Defaults for an environment made now. Outside of an evaluation (a test, a tool) parallelism is 1. */
export function clusterDefaults(): ClusterDefaults {
  return current === null ? NO_DEFAULTS : current.defaults;
}

/** Called by `env.execute`. */
export function submitJob(graph: StreamGraph): void {
  if (current === null) {
    throw new Diagnostic({
      code: "JOB_OUTSIDE_OF_CLUSTER",
      message: "execute() was called where no cluster listens: the program must be run by Millrace, and execute while its module loads.",
      phase: "graph",
      hint: "Call env.execute() at the top level of the file, not in a timer or a promise.",
    });
  }
  current.submit(graph);
}

/**
 * Makes a program of a function that runs the learner's module. Throws `Diagnostic`s JOB_NOT_EXECUTED, JOB_EXECUTED_TWICE,
 * JOB_WITHOUT_SINK, JOB_IS_ASYNCHRONOUS and what the fluent API itself complains about; lets the learner's own exceptions through.
 * @internal
 */
export function datastreamProgram(evaluate: () => void): JobProgram {
  return {
    instantiate(defaults: ClusterDefaults = NO_DEFAULTS): StreamGraph {
      const outer = current;
      const evaluation = new Evaluation(defaults);
      current = evaluation;
      try {
        const returned: unknown = evaluate();
        if (isPromise(returned)) {
          throw new Diagnostic({
            code: "JOB_IS_ASYNCHRONOUS",
            message: "The program returned a promise. A job is described synchronously; nothing in it may be awaited.",
            phase: "graph",
            hint: "Remove async and await around the code that builds the job. env.execute() returns at once.",
          });
        }
      } finally {
        current = outer;
      }
      return evaluation.result();
    },
  };
}

function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
