/** Changes of a world in words. */
import type { WorldChange } from "@millrace/server/contract";
import type { BrokenLink } from "../../state/changes-link.ts";
import { MOST_CHANGES } from "../../state/changes-link.ts";
import type { OutputComparison } from "../../stage/output-comparison.ts";
import { texts } from "../../texts/en.ts";
import { formatDuration, formatTime } from "../../visuals/format-time.ts";

const t = texts.stage.world;

/** @param faults those of the world as given, in words */
export function changeSentence(change: WorldChange, faults: readonly string[]): string {
  switch (change.what) {
    case "move":
      return t.moved(`${change.topic} ${change.partition} : ${change.offset}`, formatDuration(change.byMs), change.byMs > 0);
    case "remove":
      return t.removed(`${change.topic} ${change.partition} : ${change.offset}`);
    case "add":
      return t.added(`${change.topic} ${change.partition}`, formatTime(change.atMs));
    case "kill":
      return t.killed(change.taskManager, formatTime(change.atMs));
    case "spare":
      return t.sparedFault(faults[change.fault] ?? String(change.fault + 1));
  }
}

/** What readers find now, beside what they found without the changes; the first sentence says the main thing. */
export function comparisonSentences({ found, more, fewer, again }: OutputComparison): string[] {
  if (more.length === 0 && fewer.length === 0) return [t.same(found)];
  return [t.differs(more.length, fewer.length), ...(again.length > 0 ? [t.again(again.length)] : [])];
}

export function brokenSentence({ what, change }: BrokenLink): string {
  if (what === "many") return t.brokenMany(MOST_CHANGES);
  return what === "long" ? t.brokenLong : t.brokenLink(change);
}
