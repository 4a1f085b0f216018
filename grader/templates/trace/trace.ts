interface Happening {
  readonly kind: string;
  readonly value?: unknown;
  readonly watermarkMs?: number;
}

export function trace({ recording }: { readonly recording: { readonly events: readonly Happening[] } }) {
  const answers: Record<string, Record<string, unknown>> = {};
  const rows: { id: string; cells: unknown[] }[] = [];
  let watermark = Number.NEGATIVE_INFINITY;
  for (const event of recording.events) {
    if (event.kind === "read") {
      const { name, at } = event.value as { name: string; at: number };
      rows.push({ id: name, cells: [name, at, null] });
    }
    if (event.kind === "watermark") watermark = Math.max(watermark, event.watermarkMs ?? watermark);
    const last = rows.at(-1);
    if (last !== undefined) answers[last.id] = { watermark };
  }
  return {
    columns: [
      { name: "event", blank: false },
      { name: "time", blank: false },
      { name: "watermark", blank: true },
    ],
    rows,
    answers,
  };
}
