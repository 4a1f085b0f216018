/**
 * The grammar of `faults:` lines: what happens, then when. Ranges and `any` are resolved from the seed in expand.ts. Task managers are
 * counted from 1, partitions from 0, as everywhere in scenarios.
 */
import { parseDurationUs } from "./time-text.ts";

/** What happens. */
export type FaultAction =
  /** null = the job manager. Counted from 1. */
  | { readonly what: "crash"; readonly taskManager: number | "any" | null }
  | { readonly what: "breakConnection"; readonly from: number; readonly to: number }
  | { readonly what: "slowConnection"; readonly from: number; readonly to: number; readonly latencyMs: number; readonly forMs: number }
  | { readonly what: "silentPartition"; readonly topic: string; readonly partition: number; readonly forMs: number }
  | {
      readonly what: "clockAhead";
      readonly topic: string;
      readonly partition: number;
      readonly field: string | null;
      readonly byMs: number;
      readonly forMs: number;
    }
  | { readonly what: "partitionUnavailable"; readonly topic: string; readonly partition: number; readonly forMs: number }
  | { readonly what: "fenceProducer" }
  | { readonly what: "expireTransactions" }
  /** null = the parallelism that it has. */
  | { readonly what: "restartFromSavepoint"; readonly parallelism: number | null };

/** When it happens. */
export type FaultMoment =
  | { readonly kind: "after"; readonly from: number; readonly to: number }
  | { readonly kind: "at"; readonly from: string; readonly to: string }
  | { readonly kind: "checkpoint"; readonly from: number; readonly to: number; readonly step: CheckpointStep }
  /** `checkpoint` null = any. */
  | { readonly kind: "step"; readonly at: "before" | "after"; readonly step: FineStep; readonly checkpoint: Range | null };

export type FaultText = FaultAction & { readonly trigger: FaultMoment };

export type CheckpointStep = "triggered" | "barrier" | "acked" | "completed" | "committed";

const FINE_STEPS = [
  ...(["begin", "write", "trigger", "barrier", "flush", "preCommit", "snapshot"] as const),
  ...(["ack", "complete", "notify", "commit", "committed", "abort"] as const),
] as const;
export type FineStep = (typeof FINE_STEPS)[number];

interface Range {
  readonly from: number;
  readonly to: number;
}

const RANGE = String.raw`(\d+)(?:\.\.(\d+))?`;
const DURATION = String.raw`(\d\S*)`;
const AFTER = new RegExp(`^after\\s+${RANGE}\\s+records?$`);
const AT = /^at\s+(\S+?)(?:\.\.(\S+))?$/;
const CHECKPOINT = new RegExp(`^when\\s+checkpoint\\s+${RANGE}\\s+is\\s+(triggered|barrier|acked|completed|committed)$`);
const STEP = new RegExp(`^(before|after)\\s+(${FINE_STEPS.join("|")})(?:\\s+of\\s+checkpoint\\s+${RANGE})?$`);

type Groups = readonly (string | undefined)[];

/** What a line begins with, and what that means; null = the words fit, the numbers do not. */
const ACTIONS: readonly { readonly words: string; readonly read: (groups: Groups) => FaultAction | null }[] = [
  { words: "crash jm", read: () => ({ what: "crash", taskManager: null }) },
  { words: "crash tm any", read: () => ({ what: "crash", taskManager: "any" }) },
  { words: String.raw`crash tm (\d+)`, read: ([tm]) => withTaskManagers([tm], (taskManager) => ({ what: "crash", taskManager })) },
  {
    words: String.raw`break connection tm (\d+) to tm (\d+)`,
    read: ([from, to]) => withTaskManagers([from, to], (first, second) => ({ what: "breakConnection", from: first, to: second })),
  },
  {
    words: String.raw`slow connection tm (\d+) to tm (\d+) by ${DURATION} for ${DURATION}`,
    read: ([from, to, by, lasts]) =>
      withTaskManagers([from, to], (first, second) =>
        withDurations([by, lasts], (latencyMs, forMs) => ({ what: "slowConnection", from: first, to: second, latencyMs, forMs })),
      ),
  },
  {
    words: String.raw`silence partition (\d+) of (\S+) for ${DURATION}`,
    read: ([partition, topic, lasts]) =>
      withDurations([lasts], (forMs) => ({ what: "silentPartition", topic: topic ?? "", partition: Number(partition), forMs })),
  },
  {
    words: String.raw`clock of partition (\d+) of (\S+?)(?: in (\S+))? ahead by ${DURATION} for ${DURATION}`,
    read: ([partition, topic, field, by, lasts]) =>
      withDurations([by, lasts], (byMs, forMs) => ({
        what: "clockAhead",
        topic: topic ?? "",
        partition: Number(partition),
        field: field ?? null,
        byMs,
        forMs,
      })),
  },
  {
    words: String.raw`partition (\d+) of (\S+) unavailable for ${DURATION}`,
    read: ([partition, topic, lasts]) =>
      withDurations([lasts], (forMs) => ({ what: "partitionUnavailable", topic: topic ?? "", partition: Number(partition), forMs })),
  },
  { words: "fence producers", read: () => ({ what: "fenceProducer" }) },
  { words: "expire transactions", read: () => ({ what: "expireTransactions" }) },
  {
    words: String.raw`restart from savepoint(?: with parallelism (\d+))?`,
    read: ([parallelism]) =>
      parallelism === "0" ? null : { what: "restartFromSavepoint", parallelism: parallelism === undefined ? null : Number(parallelism) },
  },
];

const PATTERNS = ACTIONS.map(({ words, read }) => ({ pattern: new RegExp(`^${words.replaceAll(" ", String.raw`\s+`)}\\s+(.*)$`), read }));

/** null when the line is no fault. */
export function parseFault(line: string): FaultText | null {
  for (const { pattern, read } of PATTERNS) {
    const match = pattern.exec(line.trim());
    if (match === null) continue;
    const groups = match.slice(1);
    const action = read(groups);
    const trigger = parseTrigger((groups.at(-1) ?? "").trim());
    if (action !== null && trigger !== null) return { ...action, trigger };
  }
  return null;
}

/** The task managers that a fault names. */
export function taskManagersIn(fault: FaultText): readonly number[] {
  if ("from" in fault) return [fault.from, fault.to];
  return fault.what === "crash" && typeof fault.taskManager === "number" ? [fault.taskManager] : [];
}

function parseTrigger(text: string): FaultMoment | null {
  const after = AFTER.exec(text);
  if (after !== null) return withRange(after[1], after[2], (range) => ({ kind: "after", ...range }));
  const at = AT.exec(text);
  if (at !== null) return { kind: "at", from: at[1]!, to: at[2] ?? at[1]! };
  const checkpoint = CHECKPOINT.exec(text);
  if (checkpoint !== null) {
    return withRange(checkpoint[1], checkpoint[2], (range) => ({ kind: "checkpoint", ...range, step: checkpoint[3] as CheckpointStep }));
  }
  const step = STEP.exec(text);
  if (step === null) return null;
  const [, side, name, first, last] = step;
  const moment = { kind: "step", at: side as "before" | "after", step: name as FineStep } as const;
  // There is no moment before everything is committed that is not one of the commits.
  if (moment.step === "committed" && moment.at === "before") return null;
  return first === undefined ? { ...moment, checkpoint: null } : withRange(first, last, (range) => ({ ...moment, checkpoint: range }));
}

function withRange<R>(first: string | undefined, last: string | undefined, make: (range: Range) => R): R | null {
  const from = Number(first);
  const to = Number(last ?? first);
  return from >= 1 && from <= to ? make({ from, to }) : null;
}

function withTaskManagers<R>(texts: Groups, make: (first: number, second: number) => R): R | null {
  const numbers = texts.map(Number);
  return numbers.every((number) => number >= 1) ? make(numbers[0]!, numbers[1] ?? numbers[0]!) : null;
}

function withDurations<R>(texts: Groups, make: (firstMs: number, secondMs: number) => R): R | null {
  const durations = texts.map((text) => parseDurationUs(text ?? ""));
  if (durations.some((duration) => duration === null)) return null;
  const [first, second] = durations.map((duration) => Math.round((duration ?? 0) / 1000));
  return make(first!, second ?? first!);
}
