interface Form {
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}

interface World {
  readonly faults?: readonly { readonly parallelism?: number }[];
}

export default function solve({ rows }: Form, world: World) {
  const answers: Record<string, Record<string, string>> = {};
  const snapshots = rows.map(({ cells }) => cells[2] as string).filter((text) => text !== "none");
  const lists = snapshots.map((text) => (text === "" ? [] : text.split(" ")));
  const allEntries = lists.flat();
  const parallelism = (world.faults ?? []).map((fault) => fault.parallelism).find((some) => some !== undefined) ?? lists.length;
  rows.forEach(({ id }, subtask) => {
    if (subtask >= parallelism) {
      answers[id] = { split: "none", union: "none" };
      return;
    }
    const base = Math.floor(allEntries.length / parallelism);
    const rest = allEntries.length % parallelism;
    const from = subtask * base + Math.min(subtask, rest);
    const even = allEntries.slice(from, from + base + (subtask < rest ? 1 : 0));
    // As many subtasks as before: each gets its own list back.
    const split = parallelism === lists.length ? lists[subtask] : even;
    answers[id] = { split: split.join(" ") || "empty", union: (lists[subtask] ?? []).join(" ") || "empty" };
  });
  return answers;
}
