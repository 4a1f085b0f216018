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
    const split = lists[subtask] ?? [];
    answers[id] = { split: split.join(" ") || "empty", union: allEntries.join(" ") || "empty" };
  });
  return answers;
}
