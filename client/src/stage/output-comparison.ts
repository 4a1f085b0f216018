/** What readers find in the end in two runs of the same program: the same, or what is more and what is fewer. */
import type { StageFacts, StageWrite } from "./stage-facts.ts";

export interface OutputComparison {
  /** What read_committed readers find in the second run. */
  readonly found: number;
  /** Written in the second run and not, or not so often, in the first. */
  readonly more: readonly StageWrite[];
  /** Of the first run. */
  readonly fewer: readonly StageWrite[];
  /** Of `more`, what is in the first run too: it is there once too often. */
  readonly again: readonly StageWrite[];
}

export function compareOutputs(first: StageFacts, second: StageFacts): OutputComparison {
  const [before, after] = [visible(first), visible(second)];
  const left = new Map<string, StageWrite[]>();
  for (const write of before) push(left, nameOf(write), write);
  const known = new Set(left.keys());
  const more: StageWrite[] = [];
  for (const write of after) {
    const same = left.get(nameOf(write));
    if (same === undefined || same.length === 0) more.push(write);
    else same.pop();
  }
  return { found: after.length, more, fewer: [...left.values()].flat(), again: more.filter((write) => known.has(nameOf(write))) };
}

function visible({ writes }: StageFacts): StageWrite[] {
  return writes.filter(({ transaction }) => transaction === null || transaction.outcome === "committed");
}

const nameOf = ({ topic, value, rowKind }: StageWrite): string => `${topic}\u0000${rowKind ?? ""}\u0000${JSON.stringify(value)}`;

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}
