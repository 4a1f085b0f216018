/**
 * One row per event: the partition's own watermark, the partitions that are idle and the source's watermark, as the recording has them just before the
 * next event is read.
 */
interface Happening {
  readonly kind: string;
  readonly t: number;
  readonly v?: number;
  readonly partition?: number;
  readonly value?: unknown;
  readonly split?: string | null;
  readonly idle?: boolean;
  readonly watermarkMs?: number;
}

export function trace({ recording }: { readonly recording: { readonly events: readonly Happening[] } }) {
  const events = recording.events.filter(({ v }) => v === 0);
  const reads = events.flatMap((event, index) => (event.kind === "read" ? [index] : []));
  const own = new Map<number, number>();
  const idle = new Set<number>();
  let watermark: number | null = null;
  const answers: Record<string, Record<string, unknown>> = {};
  const partitionOf = (split: string) => Number(/(\d+)$/.exec(split)?.[1]);
  const rows = reads.map((start, number) => {
    for (const event of events.slice(start, reads[number + 1] ?? events.length)) {
      // Behind the last event nine seconds count; the end of the run is no part of the question.
      if (number === reads.length - 1 && event.t > events[start].t + 9_000) break;
      if (event.kind === "splitWatermark") own.set(partitionOf(event.split ?? ""), event.watermarkMs ?? 0);
      if (event.kind === "watermark") watermark = event.watermarkMs ?? null;
      if (event.kind === "idle" && event.split != null) {
        if (event.idle) idle.add(partitionOf(event.split));
        else idle.delete(partitionOf(event.split));
      }
    }
    const { partition = 0, t, value } = events[start];
    const id = `event ${number + 1}`;
    const names = [...idle].sort().map((number) => `P${number}`);
    answers[id] = { own: own.get(partition) ?? "-", idle: names.length === 0 ? "-" : names.join(" "), watermark: watermark ?? "-" };
    return { id, cells: [id, t / 1000, `P${partition}`, (value as { at: number }).at, null, null, null] };
  });
  return {
    columns: [
      { name: "event", label: "event" },
      { name: "read", label: "read at, s" },
      { name: "partition", label: "partition" },
      { name: "at", label: "event time, ms" },
      { name: "own", label: "its partition's own watermark, ms", blank: true, hint: "e.g. 44999" },
      { name: "idle", label: "idle partitions", blank: true, hint: "e.g. P1 P4; - for none" },
      { name: "watermark", label: "watermark of the source, ms", blank: true, hint: "- while there is none" },
    ],
    rows,
    answers,
  };
}
