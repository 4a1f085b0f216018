/**
 * Turns a recorded run of job.ts into the answer table: one row per subtask after the restart. What a subtask kept comes from the reports it wrote: the last
 * one before its snapshot, and the last one before the job went down. What it was given comes from its first report after the restart.
 */
interface Happening {
  readonly kind: string;
  readonly v?: number | null;
  readonly s?: number | null;
  readonly topic?: string;
  readonly what?: string;
  readonly checkpoint?: number;
  readonly value?: unknown;
}

interface Report {
  readonly subtask: number;
  readonly split: string;
  readonly union: string;
  readonly keeps: string;
}

interface Run {
  readonly recording: { readonly events: readonly Happening[] };
}

export function trace({ recording }: Run) {
  const { events } = recording;
  const restoredAt = events.findIndex((event) => event.kind === "checkpoint" && event.what === "restored");
  const from = events[restoredAt]?.checkpoint;
  const now = new Map<number, string>();
  const inSnapshot = new Map<number, string>();
  for (const event of events.slice(0, restoredAt)) {
    const report = reportOf(event);
    if (report !== null) now.set(report.subtask, report.keeps);
    const snapshot = event.kind === "checkpoint" && event.what === "snapshot" && event.checkpoint === from;
    if (snapshot && event.s !== null && event.s !== undefined) inSnapshot.set(event.s, now.get(event.s) ?? "");
  }
  const given = new Map<number, Report>();
  for (const event of events.slice(restoredAt)) {
    const report = reportOf(event);
    if (report !== null && !given.has(report.subtask)) given.set(report.subtask, report);
  }
  const answers: Record<string, Record<string, unknown>> = {};
  const most = Math.max(given.size, now.size);
  const rows = Array.from({ length: most }, (_, subtask) => {
    const id = `subtask-${subtask}`;
    const report = given.get(subtask);
    answers[id] = {
      split: report === undefined ? "none" : report.split || "empty",
      union: report === undefined ? "none" : report.union || "empty",
    };
    return { id, cells: [subtask, now.get(subtask) ?? "none", inSnapshot.get(subtask) ?? "none", null, null] };
  });
  return {
    columns: [
      { name: "subtask", label: "subtask", blank: false, hint: null },
      { name: "now", label: "kept when the job went down", blank: false, hint: null },
      { name: "snapshot", label: "in the snapshot it comes back from", blank: false, hint: null },
      {
        name: "split",
        label: "split list after the restart",
        blank: true,
        hint: "entries in order, e.g. p0@4 p2@7; empty; none without such a subtask",
      },
      {
        name: "union",
        label: "union list after the restart",
        blank: true,
        hint: "entries in order, e.g. p0@4 p2@7; empty; none without such a subtask",
      },
    ],
    rows,
    answers,
  };
}

function reportOf(event: Happening): Report | null {
  return event.kind === "write" && event.topic === "reports" ? (event.value as Report) : null;
}
