import type { DiagnosticData } from "@millrace/engine";
import { describe, expect, it } from "vitest";
import { placeLiteral } from "../../src/feedback/place.ts";

const unknown: DiagnosticData = { code: "KAFKA_UNKNOWN_TOPIC", message: "", phase: "runtime", found: "linez", expected: "lines" };

describe("placeLiteral", () => {
  it("points at the literal that holds the name", () => {
    const text = 'const a = 1;\nsource.setTopics("linez");\n';
    expect(placeLiteral(unknown, text).span).toEqual({ line: 2, column: 18, endLine: 2, endColumn: 25 });
    expect(placeLiteral(unknown, "f('linez')").span).toEqual({ line: 1, column: 3, endLine: 1, endColumn: 10 });
  });

  it("prefers the call that takes topics to other uses of the same word", () => {
    expect(placeLiteral(unknown, 'b.setTopics("linez");\nenv.fromSource(s, w, "linez");').span).toMatchObject({ line: 1, column: 13 });
  });

  it("says nothing where it would guess", () => {
    expect(placeLiteral(unknown, 'f("linez", "linez")').span).toBeUndefined();
    expect(placeLiteral(unknown, "f(name)").span).toBeUndefined();
    expect(placeLiteral({ ...unknown, found: undefined }, 'f("linez")').span).toBeUndefined();
  });

  it("leaves other mistakes and known positions alone", () => {
    const placed = { ...unknown, span: { line: 9, column: 1 } };
    expect(placeLiteral(placed, 'f("linez")')).toBe(placed);
    const other = { ...unknown, code: "JOB_USER_EXCEPTION" };
    expect(placeLiteral(other, 'f("linez")')).toBe(other);
  });
});
