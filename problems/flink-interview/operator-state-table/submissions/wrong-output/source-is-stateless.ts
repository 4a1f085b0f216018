interface Form {
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}

const GAP = 1800;
const BOUND = 5;

export default function solve({ rows }: Form) {
  const answers: Record<string, Record<string, unknown>> = {
    "Source: clicks": { state: "none", holds: "nothing" },
    "keyBy(user)": { state: "none", holds: "nothing" },
    EventTimeSessionWindows: { state: "keyed state", holds: "an accumulator per session" },
    "Sink: Writer": { state: "operator state", holds: "its transactional id prefix" },
    "Sink: Committer": { state: "operator state", holds: "transactions to commit" },
  };
  const offsets = [0, 0];
  const newest = [-1e9, -1e9];
  let open: { user: string; from: number; to: number }[] = [];
  let written = 0;
  for (const { id, cells } of rows) {
    const [, user, partition, time] = cells as [string, string, number, string];
    if (time === "") continue;
    const [h, m, s] = time.split(":").map(Number);
    const at = h * 3600 + m * 60 + s;
    offsets[partition]++;
    // A session that this click touches, be it with its last instant, grows.
    const mine = open.filter((session) => session.user === user && session.to >= at);
    open = open.filter((session) => !mine.includes(session));
    open.push({ user, from: Math.min(at, ...mine.map(({ from }) => from)), to: at + GAP });
    newest[partition] = Math.max(newest[partition], at);
    const watermark = Math.min(...newest) - BOUND;
    const closed = open.filter(({ to }) => to <= watermark);
    written += closed.length;
    open = open.filter(({ to }) => to > watermark);
    answers[id] = { offset: offsets[partition], accumulators: open.length, written };
  }
  return answers;
}
