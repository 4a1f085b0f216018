/** The table that is filled in keeps what is typed while it is typed, and comes back as it was: nothing is dropped at the end of a cell, a row or the table. */
import type { AnswerForm } from "@millrace/server/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormAnswer } from "../../src/state/form-answer.svelte.ts";

const column = (name: string, blank: boolean) => ({ name, label: name, blank, hint: null, options: null });

/** Two rows with two blanks each, one of them set from the beginning. */
const form = {
  prompt: "",
  columns: [column("case", false), column("watermark", true), column("fires", true)],
  rows: [
    { id: "r1", cells: ["first", null, null] },
    { id: "r2", cells: ["second", null, null] },
  ],
  variation: 0,
  variations: 1,
} as unknown as AnswerForm;

const values = (answer: FormAnswer) => answer.blanks.map(({ row, column: name }) => answer.value(row, name));

/** Key by key, as the table does it. */
function type(answer: FormAnswer, row: string, name: string, text: string): void {
  for (let length = 1; length <= text.length; length++) {
    answer.set(row, name, text.slice(0, length));
    expect(answer.value(row, name), "what stands in the cell is what was typed").toBe(text.slice(0, length));
  }
}

describe("an answer that is filled in", () => {
  it("keeps blanks at the end of a cell while it is typed, and the cells after it", () => {
    const answer = new FormAnswer(form, "{}\n");
    type(answer, "r2", "fires", "[10:00, 10:05) and ");
    type(answer, "r1", "watermark", "10:00:04 ");
    expect(values(answer)).toEqual(["10:00:04 ", "", "", "[10:00, 10:05) and "]);
    // Sent without them: they mean nothing.
    expect(answer.text).toBe('r1: { watermark: "10:00:04" }\nr2: { fires: "[10:00, 10:05) and" }\n');
    type(answer, "r2", "fires", "[10:00, 10:05) and [10:05, 10:10)");
    expect(values(new FormAnswer(form, answer.text))).toEqual(["10:00:04", "", "", "[10:00, 10:05) and [10:05, 10:10)"]);
  });

  it("loses the last cell neither when it is emptied nor when others are", () => {
    const answer = new FormAnswer(form, 'r1: { watermark: "a", fires: "b" }\nr2: { watermark: "c", fires: "d" }\n');
    answer.set("r2", "fires", "");
    expect([values(answer), answer.filled]).toEqual([["a", "b", "c", ""], 3]);
    answer.set("r2", "fires", " ");
    expect([values(answer), answer.filled]).toEqual([["a", "b", "c", " "], 3]);
    answer.set("r2", "fires", "e");
    for (const { row, column: name } of answer.blanks.slice(0, 3)) answer.set(row, name, "");
    expect(values(new FormAnswer(form, answer.text))).toEqual(["", "", "", "e"]);
  });

  it("comes back from its draft whatever was typed or pasted", () => {
    const cell = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(
        "}",
        "{ a: b }",
        "a: b, c: d",
        '"',
        "'",
        "it''s",
        "\\",
        "\\n",
        "#",
        "# no",
        "- a",
        "[a, b]",
        "a\u2028b",
        "a\u0085b",
        "null",
        "~",
        "=1+1",
        "é",
      ),
    );
    fc.assert(
      fc.property(fc.tuple(cell, cell, cell, cell), (cells) => {
        const answer = new FormAnswer(form, "{}\n");
        answer.blanks.forEach(({ row, column: name }, at) => answer.set(row, name, cells[at]!));
        expect(values(new FormAnswer(form, answer.text))).toEqual(cells.map((text) => text.trim()));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});
