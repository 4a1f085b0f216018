import { Diagnostic } from "../../base/diagnostic.ts";

/** Flink's modes of execution, for `env.setRuntimeMode`. (Flink: docs/dev/datastream/execution_mode) */
export const RuntimeExecutionMode = { STREAMING: "STREAMING", BATCH: "BATCH", AUTOMATIC: "AUTOMATIC" } as const;
export type RuntimeExecutionMode = (typeof RuntimeExecutionMode)[keyof typeof RuntimeExecutionMode];

/** @throws Diagnostic JOB_BAD_CONFIG_VALUE for anything but the three modes, in any case of letters. */
export function runtimeModeOf(mode: string): RuntimeExecutionMode {
  const upper = String(mode).toUpperCase();
  if (upper in RuntimeExecutionMode) return upper as RuntimeExecutionMode;
  throw new Diagnostic({
    code: "JOB_BAD_CONFIG_VALUE",
    message: `Could not parse value "${mode}" for key "execution.runtime-mode".`,
    phase: "graph",
    found: String(mode),
    expected: Object.keys(RuntimeExecutionMode).join(", "),
  });
}
