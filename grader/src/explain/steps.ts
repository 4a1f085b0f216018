/** A recording as a list of steps that can be compared with another program's: no vertex, no subtask, no name of the program's own. */
import type { Recording, RecordingEvent } from "@millrace/engine/sim";
import { formatInstant } from "../feedback/format.ts";
import type { StepKind } from "./explanation.ts";

export interface Step {
  readonly kind: StepKind;
  readonly t: number;
  /** Equal for the same step of another run: kind, key, event time; never the processing time. */
  readonly identity: string;
  readonly text: string;
}

/** Flink's least and greatest Long stand for "none yet" and "no more". */
const FAR_MS = 8.64e15;

export function stepsOf(recording: Recording, startMs: number): Step[] {
  const sources = new Set(recording.vertices.filter(({ inputs }) => inputs.length === 0).map(({ id }) => id));
  const steps = recording.events.flatMap((event, seq) => {
    const told = tell(event, sources, (ms) => formatInstant(ms, startMs));
    return told === null ? [] : [{ kind: told[0], t: event.t, identity: `${told[0]} ${told[2] ?? told[1]}`, text: told[1], seq }];
  });
  // Within a millisecond subtasks run in an order of their own; reads come first, then what follows from them.
  steps.sort((a, b) => a.t - b.t || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.seq - b.seq);
  return withoutRoutine(steps);
}

/**
 * Checkpoint after checkpoint with nothing in between is one step, and so are its transactions: a day of them would hide what happens. Their numbers do
 * not make them other steps, since a run may have one more of them before the same event.
 */
function withoutRoutine(steps: readonly Step[]): Step[] {
  const told: Step[] = [];
  let round: Step[] = [];
  const endRound = () => {
    const completed = round.filter(({ kind }) => kind === "checkpoint");
    const [first, last] = [completed[0], completed.at(-1)];
    if (first !== undefined && last !== undefined) {
      const text = first === last ? first.text : `${first.text.replace(/ completed$/, "")} to ${last.text.replace("checkpoint ", "")}`;
      told.push({ ...last, text, identity: "checkpoint completed" });
    }
    const committed = round.findLast(({ kind }) => kind === "transaction");
    if (committed !== undefined) told.push(committed);
    round = [];
  };
  for (const step of steps) {
    if (step.identity === COMMITTED || (step.kind === "checkpoint" && step.text.endsWith(" completed"))) {
      round.push(step);
    } else {
      endRound();
      told.push(step);
    }
  }
  endRound();
  return told;
}

const COMMITTED = "transaction transaction committed";

const ORDER: readonly StepKind[] = [
  "fault",
  "job",
  "read",
  "late",
  "watermark",
  "timer",
  "window",
  "write",
  "checkpoint",
  "transaction",
  "system",
];

/** Kind, words, and what makes it the same step when the words do not; null = of no interest. */
function tell(
  event: RecordingEvent,
  sources: ReadonlySet<number>,
  at: (ms: number) => string,
): readonly [StepKind, string, string?] | null {
  switch (event.kind) {
    case "read":
      return ["read", `read ${event.topic} ${event.partition}:${event.offset}${event.replay ? " again" : ""}`];
    case "watermark":
      if (!sources.has(event.v) || event.watermarkMs < -FAR_MS) return null;
      return ["watermark", event.watermarkMs > FAR_MS ? "watermark: no more to come" : `watermark ${at(event.watermarkMs)}`];
    case "window": {
      if (event.what === "assigned" || event.what === "purged") return null;
      const span = `${at(event.startMs)}–${event.endMs > FAR_MS ? "end" : at(event.endMs)}`;
      return ["window", `window ${span} of ${short(event.key)} ${event.what === "fired" ? "fires" : "fires again"}`];
    }
    case "windowMerged":
      return ["window", `windows of ${short(event.key)} merge into ${at(event.startMs)}–${at(event.endMs)}`];
    case "late": {
      const what = event.to === null ? "dropped as late" : "put aside as late";
      return ["late", `${short(event.value)} of ${at(event.eventMs)} ${what}, watermark ${at(event.watermarkMs)}`];
    }
    case "timer":
      return [
        "timer",
        `timer ${at(event.timestampMs)} of ${short(event.key)} fires`,
        `${event.domain} ${event.timestampMs} ${short(event.key)}`,
      ];
    case "checkpoint":
      if (event.what !== "completed" && event.what !== "aborted" && event.what !== "restored") return null;
      return [
        "checkpoint",
        event.what === "restored" ? `restored from ${event.checkpoint}` : `checkpoint ${event.checkpoint} ${event.what}`,
      ];
    case "write":
      return ["write", `write to ${event.topic}: ${short(event.value)}`, `${event.topic} ${JSON.stringify(event.value)}`];
    case "transaction":
      return event.what === "committed" || event.what === "aborted" ? ["transaction", `transaction ${event.what}`] : null;
    case "system":
      return ["system", `${event.system}: ${event.what}`, `${event.system} ${event.what} ${JSON.stringify(event.detail)}`];
    case "fault":
      return ["fault", event.what];
    case "job":
      return event.what === "running" && event.attempt <= 1 ? null : ["job", `job ${event.what}`];
    default:
      return null;
  }
}

export function short(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
