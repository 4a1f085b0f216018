/**
 * Turns a recorded run of job.ts into the answer table: one row per moment. A moment is a record in the log, a checkpoint triggered or complete, a
 * transaction pre-committed or committed, a crash, the job's return. The answers hold right before the next moment.
 */
interface Happening {
  readonly kind: string;
  readonly t: number;
  readonly topic?: string;
  readonly what?: string;
  readonly checkpoint?: number;
  readonly transaction?: number;
  readonly value?: unknown;
}

interface Transaction {
  readonly status: string;
}

const MOST_ROWS = 18;

export function trace({ recording }: { readonly recording: { readonly events: readonly Happening[] } }) {
  const transactions = new Map<number, Transaction>();
  const log: { readonly name: string; readonly transaction: number }[] = [];
  let completed = "none";
  let crashed = false;
  /** Number of the row "the job is back", 0 before it. */
  let backAt = 0;
  const answers: Record<string, Record<string, unknown>> = {};
  const rows: { readonly id: string; readonly cells: unknown[] }[] = [];
  const momentOf = (event: Happening): string | null => {
    switch (event.kind) {
      case "write": {
        const { name } = event.value as { name: string };
        return log.some((other) => other.name === name) ? `${name} is written once more` : `${name} is written`;
      }
      case "transaction":
        if (event.what === "preCommitted") return "the barrier reaches the sink, which flushes";
        return event.what === "committed" ? "the committer commits" : null;
      case "checkpoint":
        if (event.what === "triggered") return `checkpoint ${event.checkpoint} is triggered`;
        if (event.what === "completed") return `all have acknowledged checkpoint ${event.checkpoint}`;
        return event.what === "restored" ? "the job is back" : null;
      case "fault":
        return "a process dies";
      default:
        return null;
    }
  };
  for (const event of recording.events) {
    if (event.kind === "fault" && crashed) continue;
    const moment = momentOf(event);
    if (moment !== null) {
      if (rows.length === MOST_ROWS) break;
      rows.push({ id: `m${rows.length + 1}`, cells: [rows.length + 1, Math.round(event.t / 1000), moment, null, null, null, null] });
    }
    if (event.kind === "fault") crashed = true;
    if (event.kind === "checkpoint" && event.what === "restored") backAt = rows.length;
    // The sink clears up while it starts; a checkpoint may be triggered in the same instant.
    if (event.kind === "transaction" && event.what === "aborted" && backAt > 0) {
      for (const { id } of rows.slice(backAt - 1)) answers[id] = { ...answers[id], transaction: "aborted" };
    }
    const number = event.transaction ?? 0;
    // It opens with the record that is written next, and is part of that moment.
    if (event.kind === "transaction" && event.what !== "open") {
      transactions.set(number, { status: event.what === "preCommitted" ? "pre-committed" : (event.what ?? "") });
    }
    if (event.kind === "write" && !transactions.has(number)) transactions.set(number, { status: "open" });
    if (event.kind === "write") log.push({ name: (event.value as { name: string }).name, transaction: number });
    if (event.kind === "checkpoint" && event.what === "completed") completed = String(event.checkpoint);
    const last = rows[rows.length - 1];
    if (last === undefined) continue;
    const newest = Math.max(0, ...transactions.keys());
    const visible = log.filter(({ transaction }) => transactions.get(transaction)?.status === "committed");
    answers[last.id] = {
      completed,
      transaction: transactions.get(newest)?.status ?? "none",
      uncommitted: log.map(({ name }) => name).join(" ") || "-",
      committed: visible.map(({ name }) => name).join(" ") || "-",
    };
  }
  return {
    columns: [
      { name: "row", label: "", blank: false, hint: null },
      { name: "time", label: "s", blank: false, hint: null },
      { name: "moment", label: "what happens", blank: false, hint: null },
      { name: "completed", label: "last complete checkpoint", blank: true, hint: "its number, or none" },
      {
        name: "transaction",
        label: "the newest transaction is",
        blank: true,
        options: ["none", "open", "pre-committed", "committed", "aborted"],
        hint: null,
      },
      { name: "uncommitted", label: "a read_uncommitted reader has seen", blank: true, hint: "e.g. A B B; - for nothing" },
      { name: "committed", label: "a read_committed reader has seen", blank: true, hint: "e.g. A B; - for nothing" },
    ],
    rows,
    answers,
  };
}
