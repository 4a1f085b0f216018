interface Form {
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}

interface Transaction {
  status: string;
  checkpoint: number;
}

export default function solve({ rows }: Form) {
  const answers: Record<string, Record<string, string>> = {};
  const log: { readonly name: string; readonly tx: Transaction }[] = [];
  let newest: Transaction | null = null;
  let flushed: Transaction | null = null;
  let triggered = 0;
  let completed = 0;
  rows.forEach(({ id, cells }) => {
    const moment = cells[2] as string;
    const written = /^(\w+) is written/.exec(moment);
    const numbered = / (\d+)/.exec(moment);
    if (written !== null) {
      if (newest === null || newest.status !== "open") newest = { status: "open", checkpoint: 0 };
      log.push({ name: written[1], tx: newest });
    } else if (moment.endsWith("is triggered")) {
      triggered = Number(numbered?.[1]);
    } else if (moment.startsWith("all have acknowledged")) {
      completed = Number(numbered?.[1]);
    } else if (moment.includes("reaches the sink") && newest !== null) {
      newest.status = "pre-committed";
      newest.checkpoint = triggered;
      flushed = newest;
    } else if (moment === "the committer commits" && flushed !== null) {
      // The next transaction may be open by now.
      flushed.status = "committed";
    } else if (moment === "the job is back" && newest !== null) {
      // What a complete checkpoint has promised is kept; the rest is aborted.
      const promised = newest.status === "pre-committed" && newest.checkpoint <= completed;
      if (newest.status !== "committed" && !promised) newest.status = "aborted";
    }
    answers[id] = {
      completed: completed === 0 ? "none" : String(completed),
      transaction: (newest as Transaction | null)?.status ?? "none",
      uncommitted: log.map(({ name }) => name).join(" ") || "-",
      committed:
        log
          .filter(({ tx }) => tx.status === "committed" || tx.status === "pre-committed")
          .map(({ name }) => name)
          .join(" ") || "-",
    };
  });
  return answers;
}
