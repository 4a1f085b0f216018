interface Form {
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}

interface Session {
  readonly from: number;
  readonly to: number;
  readonly clicks: number;
}

export default function solve({ rows }: Form) {
  const answers: Record<string, Record<string, string>> = {};
  let watermarkMs = Number.NEGATIVE_INFINITY;
  let open: Session[] = [];
  for (const { id, cells } of rows) {
    const at = cells[2] as number;
    const own = { from: at, to: at + 1800, clicks: 1 };
    const parts = open.filter(({ from, to }) => from <= own.to && own.from <= to);
    const all = [...parts, own];
    const session = {
      from: Math.min(...all.map(({ from }) => from)),
      to: Math.max(...all.map(({ to }) => to)),
      clicks: all.reduce((sum, { clicks }) => sum + clicks, 0),
    };
    const dropped = session.to * 1000 - 1 <= watermarkMs;
    if (!dropped) open = [...open.filter((part) => !parts.includes(part)), session];
    watermarkMs = Math.max(watermarkMs, at * 1000 - 300_000 - 1);
    const fired = open.filter(({ to }) => to * 1000 - 1 <= watermarkMs).sort((a, b) => a.to - b.to);
    open = open.filter((part) => !fired.includes(part));
    answers[id] = {
      does: dropped ? "dropped" : ["opens", "grows", "joins"][Math.min(parts.length, 2)],
      session: dropped ? "-" : text(session),
      fires: fired.map((part) => `${text(part)}=${part.clicks}`).join(" ") || "-",
    };
  }
  return answers;
}

function text({ from, to }: Session): string {
  return `[${from},${to})`;
}
