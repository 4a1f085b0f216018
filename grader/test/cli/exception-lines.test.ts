import type { ExceptionHistoryEntry } from "@millrace/engine/sim";
import { describe, expect, it } from "vitest";
import { exceptionLines } from "../../src/cli/exception-lines.ts";

const ENTRY: ExceptionHistoryEntry = {
  exceptionName: "TypeError",
  code: "JOB_USER_EXCEPTION",
  message: "TypeError: no user",
  timestampMs: Date.UTC(2026, 0, 1, 0, 0, 1),
  taskName: "map (1/2) - execution #0",
  taskManager: 1,
  failureLabels: { type: "USER" },
};

describe("failures on the command line", () => {
  it("are not mentioned when there are none", () => {
    expect(exceptionLines({ entries: [], truncated: false })).toEqual([]);
  });

  it("stand newest first, with what failed at the same time below", () => {
    const lost = { ...ENTRY, message: "lost", taskName: null, taskManager: null, failureLabels: {} };
    expect(exceptionLines({ entries: [{ ...lost, concurrentExceptions: [ENTRY] }], truncated: true })).toEqual([
      "",
      "the last 1 failures:",
      "  2026-01-01T00:00:01.000Z  (global failure)",
      "    lost",
      "    2026-01-01T00:00:01.000Z  map (1/2) - execution #0 on task manager 1  type=USER",
      "      TypeError: no user",
    ]);
  });
});
