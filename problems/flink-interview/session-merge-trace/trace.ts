/**
 * Turns a recorded run of job.ts into the answer table: one row per click read, with what happened until the next one was read. The scenario
 * leaves a second between two clicks, more than enough for the periodic watermark (200 ms) to be sent.
 */
interface Happening {
  readonly kind: string;
  readonly topic?: string;
  readonly value?: unknown;
  readonly what?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly merged?: readonly unknown[];
}

interface Run {
  readonly recording: { readonly events: readonly Happening[] };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const GAP_MS = 1_800_000;

export function trace({ recording }: Run) {
  const events = recording.events;
  const reads = events.flatMap((event, index) => (event.kind === "read" ? [index] : []));
  let open: Span[] = [];
  const answers: Record<string, Record<string, unknown>> = {};
  const rows = reads.map((start, number) => {
    const happened = events.slice(start, reads[number + 1] ?? events.length);
    const { name, page, at } = happened[0].value as { name: string; page: string; at: number };
    const dropped = happened.some((event) => event.kind === "late");
    let session: Span = { from: at, to: at + GAP_MS };
    let does = "dropped";
    if (!dropped) {
      // The operator tells of each merge: the click's own window is one of those that become one.
      const merge = happened.find((event) => event.kind === "windowMerged");
      if (merge !== undefined) session = { from: merge.startMs ?? 0, to: merge.endMs ?? 0 };
      const parts = open.filter(({ from, to }) => from <= session.to && session.from <= to);
      if (parts.length === 1 && merge === undefined) session = parts[0];
      does = ["opens", "grows", "joins"][Math.min(parts.length, 2)];
      open = [...open.filter((part) => !parts.includes(part)), session];
    }
    const fired = happened.flatMap((event) => {
      if (event.kind !== "write" || event.topic !== "sessions") return [];
      const row = event.value as Span & { clicks: number };
      open = open.filter(({ from }) => from !== row.from);
      return [`${text(row)}=${row.clicks}`];
    });
    answers[name] = { does, session: dropped ? "-" : text(session), fires: fired.length === 0 ? "-" : fired.join(" ") };
    return { id: name, cells: [name, page, at / 1000, null, null, null] };
  });
  return {
    columns: [
      { name: "click", label: "click", blank: false, hint: null },
      { name: "page", label: "page", blank: false, hint: null },
      { name: "time", label: "event time, s", blank: false, hint: null },
      { name: "does", label: "the click", blank: true, options: ["opens", "grows", "joins", "dropped"], hint: null },
      { name: "session", label: "its session then, s", blank: true, hint: "e.g. [1000,2800); - when it was dropped" },
      { name: "fires", label: "what fires", blank: true, hint: "session=clicks, e.g. [1000,2800)=1; - for nothing" },
    ],
    rows,
    answers,
  };
}

function text({ from, to }: Span): string {
  return `[${from / 1000},${to / 1000})`;
}
