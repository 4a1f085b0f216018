/**
 * The run of job.ts as a table: one row per click with what the operators hold just before the next one is read, then one row per operator. What
 * the window operator holds is followed through the recorded windows, and its last value has to be the size that the run's state really has.
 */
interface Happening {
  readonly kind: string;
  readonly what?: string;
  readonly v?: number;
  readonly partition?: number;
  readonly offset?: number;
  readonly topic?: string;
  readonly value?: unknown;
  readonly key?: unknown;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly merged?: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly bytes?: number | null;
}

interface Run {
  readonly recording: { readonly events: readonly Happening[] };
  readonly outcome: { readonly stateSizes: readonly { readonly stateName: string; readonly entries: number }[] };
}

const STATES = ["none", "operator state", "keyed state"];
const HOLDS = [
  "nothing",
  "next offset per partition",
  "all clicks of a session",
  "an accumulator per session",
  "transactions to commit",
  "its transactional id prefix",
];

export function trace({ recording, outcome }: Run) {
  const events = recording.events;
  const reads = events.flatMap((event, index) => (event.kind === "read" ? [index] : []));
  const open = new Set<string>();
  const nameOf = (key: unknown, window: { startMs?: number; endMs?: number }) => `${key}/${window.startMs}/${window.endMs}`;
  let written = 0;
  const answers: Record<string, Record<string, unknown>> = {};
  const rows: { id: string; cells: unknown[] }[] = [];
  for (const [number, start] of reads.entries()) {
    for (const event of events.slice(start, reads[number + 1] ?? events.length)) {
      if (event.kind === "write" && event.topic === "sessions") written++;
      if (event.kind === "windowMerged") {
        for (const merged of event.merged ?? []) open.delete(nameOf(event.key, merged));
        open.add(nameOf(event.key, event));
      }
      if (event.kind === "window" && event.what === "assigned") open.add(nameOf(event.key, event));
      if (event.kind === "window" && event.what === "purged") open.delete(nameOf(event.key, event));
    }
    const { user, at } = events[start].value as { user: string; at: number };
    const id = `click ${number + 1}`;
    rows.push({ id, cells: [id, user, events[start].partition, new Date(at).toISOString().slice(11, 19), null, null, null, null, null] });
    answers[id] = { offset: (events[start].offset ?? 0) + 1, accumulators: open.size, written };
  }
  const kept = outcome.stateSizes.find(({ stateName }) => stateName === "window-contents");
  if ((kept?.entries ?? 0) !== open.size)
    throw new Error(`the recording has ${open.size} windows open, the state ${JSON.stringify(outcome.stateSizes)}`);
  const sourceKeeps = events.some(
    (event) => event.kind === "checkpoint" && event.what === "snapshot" && event.v === 0 && (event.bytes ?? 0) > 0,
  );
  const operators: [string, string, string][] = [
    ["Source: clicks", sourceKeeps ? STATES[1] : STATES[0], sourceKeeps ? HOLDS[1] : HOLDS[0]],
    ["keyBy(user)", STATES[0], HOLDS[0]],
    ["EventTimeSessionWindows", STATES[2], HOLDS[3]],
    ["Sink: Writer", STATES[1], HOLDS[5]],
    ["Sink: Committer", STATES[1], HOLDS[4]],
  ];
  for (const [id, state, holds] of operators) {
    rows.push({ id, cells: [id, "", "", "", null, null, null, null, null] });
    answers[id] = { state, holds };
  }
  return {
    columns: [
      { name: "step", label: "click or operator" },
      { name: "user", label: "user" },
      { name: "partition", label: "partition" },
      { name: "time", label: "event time" },
      { name: "offset", label: "offset kept for its partition", blank: true, hint: "what a checkpoint taken now holds" },
      { name: "accumulators", label: "accumulators in the window state", blank: true, hint: "a number" },
      { name: "written", label: "sessions written so far", blank: true, hint: "a number" },
      { name: "state", label: "kind of state", blank: true, options: STATES },
      { name: "holds", label: "what it holds", blank: true, options: HOLDS },
    ],
    rows,
    answers,
  };
}
