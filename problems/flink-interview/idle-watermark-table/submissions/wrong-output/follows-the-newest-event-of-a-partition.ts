interface Form {
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}

const BOUND_MS = 5_000;
const IDLE_S = 120;

export default function solve({ rows }: Form) {
  const own = new Map<string, number>();
  const heard = new Map<string, number>();
  let watermark = Number.NEGATIVE_INFINITY;
  const answers: Record<string, Record<string, unknown>> = {};
  for (const [number, { id, cells }] of rows.entries()) {
    const [, read, partition, at] = cells as [string, number, string, number];
    const until = number + 1 < rows.length ? (rows[number + 1].cells[1] as number) : read + 9;
    own.set(partition, at - BOUND_MS - 1);
    heard.set(partition, read);
    const names = [...heard.keys()].sort();
    const idle = names.filter((name) => (heard.get(name) ?? 0) + IDLE_S < until);
    const active = names.filter((name) => !idle.includes(name)).map((name) => own.get(name) ?? 0);
    if (names.length === 6) watermark = Math.max(watermark, Math.min(...active));
    answers[id] = {
      own: own.get(partition),
      idle: idle.length === 0 ? "-" : idle.join(" "),
      watermark: watermark === Number.NEGATIVE_INFINITY ? "-" : watermark,
    };
  }
  return answers;
}
