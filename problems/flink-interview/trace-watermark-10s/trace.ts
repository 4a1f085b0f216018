/**
 * Turns a recorded run of job.ts into the answer table: one row per event read, with what happened until the next event was read. The
 * scenario leaves a second between two events, more than enough for the periodic watermark (200 ms) to be sent.
 */
interface Happening {
  readonly kind: string;
  readonly t: number;
  readonly topic?: string;
  readonly value?: unknown;
  readonly watermarkMs?: number;
  readonly what?: string;
}

interface Run {
  readonly recording: { readonly events: readonly Happening[] };
}

interface Row {
  readonly id: string;
  readonly cells: unknown[];
}

const WINDOW_MS = 10_000;

export function trace({ recording }: Run) {
  const events = recording.events;
  const reads = events.flatMap((event, index) => (event.kind === "read" ? [index] : []));
  let watermarkMs = Number.NEGATIVE_INFINITY;
  const answers: Record<string, Record<string, unknown>> = {};
  const rows = reads.map((start, number): Row => {
    const happened = events.slice(start, reads[number + 1] ?? events.length);
    const { name, at } = happened[0].value as { name: string; at: number };
    for (const event of happened) {
      if (event.kind === "watermark") watermarkMs = Math.max(watermarkMs, event.watermarkMs ?? watermarkMs);
    }
    const dropped = happened.some((event) => event.kind === "late");
    const refired = happened.some((event) => event.kind === "window" && event.what === "refired");
    const fired = happened.flatMap((event) => {
      if (event.kind !== "write" || event.topic !== "counts") return [];
      const row = event.value as { from: number; count: number };
      return [`${windowText(row.from)}=${row.count}`];
    });
    const from = Math.floor(at / WINDOW_MS) * WINDOW_MS;
    const status = dropped ? "dropped" : refired || firesAtOnce(happened, from) ? "late" : "on time";
    answers[name] = { watermark: watermarkMs, window: windowText(from), status, fires: fired.length === 0 ? "-" : fired.join(" ") };
    return { id: name, cells: [name, at / 1000, null, null, null, null] };
  });
  return {
    columns: [
      { name: "event", label: "event", blank: false, hint: null },
      { name: "time", label: "event time, s", blank: false, hint: null },
      { name: "watermark", label: "watermark after it, ms", blank: true, hint: "a number of milliseconds, may be negative" },
      { name: "window", label: "its window, s", blank: true, hint: "e.g. [0,10)" },
      { name: "status", label: "treated as", blank: true, hint: "on time, late or dropped" },
      { name: "fires", label: "what fires", blank: true, hint: "window=count, e.g. [0,10)=3; - for nothing" },
    ],
    rows,
    answers,
  };
}

/** A late event fires its own window in the same instant; an event that is on time waits for the watermark. */
function firesAtOnce(happened: readonly Happening[], from: number): boolean {
  const readAt = happened[0].t;
  return happened.some(
    (event) =>
      event.kind === "write" && event.topic === "counts" && event.t < readAt + 100 && (event.value as { from: number }).from === from,
  );
}

function windowText(from: number): string {
  return `[${from / 1000},${(from + WINDOW_MS) / 1000})`;
}
