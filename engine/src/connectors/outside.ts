/**
 * The systems outside the cluster that connectors talk to, by what `OperatorContext.outside` hands them out for.
 * Whoever runs a job (the simulated cluster, the operator harness, a benchmark) provides them.
 */
import { invariant } from "../base/invariant.ts";
import type { OutsideWorld } from "../flow/operator.ts";
import { LogBroker } from "./log/log-broker.ts";

/** `outside(LOG)` is the `LogBroker`. */
export const LOG = Symbol("log");
/** `outside(STDOUT)` is a `StandardOutput`. */
export const STDOUT = Symbol("stdout");

/** Where `print()` writes: the `.out` file of a task manager. */
export interface StandardOutput {
  printLine(line: string): void;
}

export function logBrokerOf(outside: OutsideWorld): LogBroker {
  const broker = outside(LOG);
  invariant(broker instanceof LogBroker, "the host of this job provides no log broker as outside(LOG)");
  return broker;
}

export function standardOutputOf(outside: OutsideWorld): StandardOutput {
  const output = outside(STDOUT);
  invariant(typeof output === "object" && output !== null, "the host of this job provides no outside(STDOUT)");
  return output as StandardOutput;
}
