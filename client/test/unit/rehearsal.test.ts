/** What the worker checks while nobody asks it. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { misspelt, Rehearsal } from "../../src/workers/rehearsal.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("another letter behind one name; a text without names stays", () => {
  expect(misspelt("SELECT a FROM t", 0)).toBe("SELECTx a FROM t");
  expect(misspelt("SELECT a FROM t", 0.3)).toBe("SELECT ax FROM t");
  expect(misspelt("SELECT a FROM t", 0.99)).toBe("SELECT a FROM tx");
  expect(misspelt("1 + 2", 0.5)).toBe("1 + 2");
});

test("begins after a rest, ends when something is asked, goes on later, and is over some day", () => {
  const checked: string[] = [];
  const rehearsal = new Rehearsal((text) => checked.push(text));
  rehearsal.after("a b c d");
  expect(checked).toEqual([]);
  vi.advanceTimersToNextTimer();
  vi.advanceTimersToNextTimer();
  expect(checked).toEqual(["ax b c d", "ax b c d"]);
  rehearsal.stop();
  expect(vi.getTimerCount()).toBe(0);
  rehearsal.after("e");
  vi.runAllTimers();
  expect(checked).toContain("ex");
  const { length } = checked;
  rehearsal.after("f");
  vi.runAllTimers();
  expect(checked).toHaveLength(length);
});
