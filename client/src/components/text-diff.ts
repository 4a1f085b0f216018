/** How one text became another, line by line, with a few lines around each change. */
import { structuredPatch } from "diff";

export interface DiffRow {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
  /** Line numbers, from 1; null where the text has no such line. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Changes that lie together. */
export type DiffHunk = readonly DiffRow[];

const CONTEXT_LINES = 3;

/** Empty = the texts are the same. Line ends are of no account. */
export function diffOf(before: string, after: string): readonly DiffHunk[] {
  const { hunks } = structuredPatch("", "", linesOf(before), linesOf(after), "", "", { context: CONTEXT_LINES });
  return hunks.map(({ oldStart, newStart, lines }) => {
    let [old, now] = [oldStart, newStart];
    return lines
      .filter((line) => !line.startsWith("\\"))
      .map((line): DiffRow => {
        const text = line.slice(1);
        if (line.startsWith("-")) return { kind: "removed", text, before: old++, after: null };
        if (line.startsWith("+")) return { kind: "added", text, before: null, after: now++ };
        return { kind: "same", text, before: old++, after: now++ };
      });
  });
}

function linesOf(text: string): string {
  const unix = text.replaceAll("\r\n", "\n");
  return unix === "" || unix.endsWith("\n") ? unix : `${unix}\n`;
}
