import { Diagnostic } from "../base/diagnostic.ts";
import type { JobGraph } from "./job-graph.ts";

/**
 * What a job graph must keep before tasks can be made of it. Flink builds such graphs too and refuses them when it schedules them.
 *
 * @throws Diagnostic GRAPH_PARALLELISM_ABOVE_MAX, JOB_SAVEPOINT_NOT_FOUND
 */
export function checkDeployable(graph: JobGraph): void {
  const { savepointPath } = graph.config;
  if (savepointPath !== undefined) {
    throw new Diagnostic({
      code: "JOB_SAVEPOINT_NOT_FOUND",
      phase: "graph",
      message: `Cannot find checkpoint or savepoint file/directory '${savepointPath}' on file system 'file'.`,
      found: `execution.state-recovery.path: ${savepointPath}`,
      hint: "The simulated cluster keeps savepoints itself and says which one a job starts from. Leave the path out.",
    });
  }
  for (const { operators, parallelism, name } of graph.vertices) {
    const [head] = operators;
    if (parallelism <= head.maxParallelism) continue;
    throw new Diagnostic({
      code: "GRAPH_PARALLELISM_ABOVE_MAX",
      phase: "graph",
      message:
        `Vertex ${name}'s parallelism (${parallelism}) is higher than the max parallelism (${head.maxParallelism}). ` +
        "Please lower the parallelism or increase the max parallelism.",
      found: `parallelism ${parallelism}, max parallelism ${head.maxParallelism} of "${head.name}"`,
      hint: "Lower the parallelism or raise setMaxParallelism of the first operator of the chain.",
      ...(head.position === undefined ? {} : { span: head.position }),
    });
  }
}
