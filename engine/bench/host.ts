/** The process that the bench runs in, and running work in it without an isolate. */
import { spawnSync } from "node:child_process";
import type { Place } from "./sections/throughput.ts";
import { type Work, type WorkName, workCalled } from "./work.ts";

/** Those of the judge's processes (a test compares them), and one for measuring live memory. */
const NODE_FLAGS = [
  "--no-node-snapshot",
  "--min-semi-space-size=16",
  "--max-inlined-bytecode-size=600",
  "--max-inlined-bytecode-size-cumulative=4000",
  "--expose-gc",
];

export function hasNodeFlags(): boolean {
  return NODE_FLAGS.every((flag) => process.execArgv.includes(flag));
}

/** Runs the script in a process with the flags; gives its exit code. */
export function inNodeWithFlags(script: string, args: readonly string[]): number {
  const { status } = spawnSync(process.execPath, [...NODE_FLAGS, script, ...args], { stdio: "inherit" });
  return status ?? 1;
}

export function placeInNode(work: Readonly<Partial<Record<WorkName, Work>>>): Place {
  return {
    run: (name, size) => {
      const cpuBefore = process.threadCpuUsage();
      const start = performance.now();
      const rows = workCalled(name, work)(size);
      const wallMs = performance.now() - start;
      const { user, system } = process.threadCpuUsage(cpuBefore);
      return { wallMs, cpuMs: (user + system) / 1000, rows };
    },
    dispose: () => undefined,
  };
}
