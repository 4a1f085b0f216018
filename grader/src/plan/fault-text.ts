/** The grammar of `faults:` lines. Ranges and `any` are resolved from the seed in expand.ts. */

export interface FaultText {
  /** null = the job manager. Counted from 1. */
  readonly taskManager: number | "any" | null;
  readonly trigger:
    | { readonly kind: "after"; readonly from: number; readonly to: number }
    | { readonly kind: "at"; readonly from: string; readonly to: string }
    | { readonly kind: "checkpoint"; readonly from: number; readonly to: number; readonly step: CheckpointStep };
}

export type CheckpointStep = "triggered" | "barrier" | "acked" | "completed" | "committed";

const RANGE = String.raw`(\d+)(?:\.\.(\d+))?`;
const VICTIM = /^crash\s+(?:(jm)|tm\s+(any|\d+))\s+(.*)$/;
const AFTER = new RegExp(`^after\\s+${RANGE}\\s+records?$`);
const AT = /^at\s+(\S+?)(?:\.\.(\S+))?$/;
const CHECKPOINT = new RegExp(`^when\\s+checkpoint\\s+${RANGE}\\s+is\\s+(triggered|barrier|acked|completed|committed)$`);

/** null when the line is no fault. */
export function parseFault(line: string): FaultText | null {
  const victim = VICTIM.exec(line.trim());
  if (victim === null) return null;
  const taskManager = victim[1] !== undefined ? null : victim[2] === "any" ? "any" : Number(victim[2]);
  if (taskManager === 0) return null;
  const trigger = parseTrigger(victim[3]!.trim());
  return trigger === null ? null : { taskManager, trigger };
}

function parseTrigger(text: string): FaultText["trigger"] | null {
  const after = AFTER.exec(text);
  if (after !== null) return range("after", after[1]!, after[2]);
  const at = AT.exec(text);
  if (at !== null) return { kind: "at", from: at[1]!, to: at[2] ?? at[1]! };
  const checkpoint = CHECKPOINT.exec(text);
  if (checkpoint === null) return null;
  const numbers = range("after", checkpoint[1]!, checkpoint[2]);
  return numbers === null ? null : { kind: "checkpoint", from: numbers.from, to: numbers.to, step: checkpoint[3] as CheckpointStep };
}

function range(kind: "after", first: string, last: string | undefined): { kind: "after"; from: number; to: number } | null {
  const from = Number(first);
  const to = Number(last ?? first);
  return from >= 1 && from <= to ? { kind, from, to } : null;
}
