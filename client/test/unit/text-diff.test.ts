import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffRow, diffOf } from "../../src/components/text-diff.ts";

const rows = (before: string, after: string) => diffOf(before, after).flat();
const written = ({ kind, text, before, after }: DiffRow) =>
  `${{ same: " ", removed: "-", added: "+" }[kind]}${text} ${before ?? ""}:${after ?? ""}`;

describe("how one text became another", () => {
  it.each([
    ["the same", "a\nb\n", "a\nb\n", []],
    ["line ends are of no account, nor whether the last line has one", "a\r\nb", "a\nb\n", []],
    ["a line changed", "a\nb\nc\n", "a\nB\nc\n", [" a 1:1", "-b 2:", "+B :2", " c 3:3"]],
    ["from nothing", "", "a\nb", ["+a :1", "+b :2"]],
    ["to nothing", "a", "", ["-a 1:"]],
    ["lines that look like signs", "-a\n", "+a\n\\\\ No newline\n", ["--a 1:", "++a :1", "+\\\\ No newline :2"]],
  ])("%s", (_name, before, after, expected) => {
    expect(rows(before, after).map(written)).toEqual(expected);
  });

  it("shows changes that lie apart apart, with three lines around each", () => {
    const text = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
    const other = text.with(4, "five").with(34, "thirty-five");
    const hunks = diffOf(text.join("\n"), other.join("\n"));
    expect(hunks.map((hunk) => [hunk[0]!.before, hunk.at(-1)!.before])).toEqual([
      [2, 8],
      [32, 38],
    ]);
  });

  it("leaves no line out: what is not added is the text before, what is not removed the text after", () => {
    const text = fc.array(fc.constantFrom("a", "b", "", "-", "+ c", "\\\\ x"), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const all = rows(before.map((line) => `${line}\n`).join(""), after.map((line) => `${line}\n`).join(""));
        if (all.length === 0) {
          expect(before).toEqual(after);
          return;
        }
        const numbered = (side: "before" | "after", lines: readonly string[]) =>
          all.filter((row) => row[side] !== null).every((row) => lines[row[side]! - 1] === row.text);
        expect([numbered("before", before), numbered("after", after)]).toEqual([true, true]);
        const removed = all.filter(({ kind }) => kind === "removed").length;
        expect(before.length - removed + all.filter(({ kind }) => kind === "added").length).toBe(after.length);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
