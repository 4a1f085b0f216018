import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InternalTimer, TimerQueue, type TimerQueueCopy } from "../../src/flow/timer-queue.ts";
import { KeyContext } from "../../src/state/key-context.ts";
import { VOID_NAMESPACE } from "../../src/state/namespace.ts";

const namespaces = [VOID_NAMESPACE, { namespaceKey: "w1" }, { namespaceKey: "w2" }];
const commandParts = { namespace: fc.nat(2), key: fc.constantFrom("a", "b", "c"), timestamp: fc.nat(40) };
const command = fc.record({
  ...commandParts,
  what: fc.constantFrom("add", "add", "add", "add", "remove", "poll"),
  queue: fc.nat(1),
});

function nameOf({ key, namespace, timestampMs }: Pick<InternalTimer, "key" | "namespace" | "timestampMs">): string {
  return `${String(key)}/${timestampMs}/${namespace.namespaceKey}`;
}

describe("timer queue", () => {
  it("TMR-1, TMR-2: two queues over one key context are two sets of timers that give the earliest first", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const context = new KeyContext();
        const queues = [new TimerQueue(context), new TimerQueue(context)];
        const models = [new Map<string, number>(), new Map<string, number>()];
        for (const { what, key, namespace: which, queue: number, timestamp } of commands) {
          const queue = queues[number];
          const model = models[number];
          const namespace = namespaces[which];
          const name = `${key}/${timestamp}/${namespace.namespaceKey}`;
          context.setCurrentKey(key, key);
          if (what === "add") {
            expect(queue.add(namespace, timestamp)).toBe(!model.has(name));
            model.set(name, timestamp);
          } else if (what === "remove") {
            expect(queue.remove(namespace, timestamp)).toBe(model.delete(name));
          } else {
            const timer = queue.pollDue(timestamp);
            const earliest = Math.min(...model.values());
            expect(timer?.timestampMs).toBe(earliest <= timestamp ? earliest : undefined);
            if (timer !== undefined)
              expect(model.delete(`${String(timer.key)}/${timer.timestampMs}/${timer.namespace.namespaceKey}`)).toBe(true);
          }
          expect(queue.size).toBe(model.size);
          expect([...queue].map((timer) => `${String(timer.key)}/${timer.timestampMs}/${timer.namespace.namespaceKey}`).sort()).toEqual(
            [...model.keys()].sort(),
          );
        }
        const keysWithTimers = new Set(models.flatMap((model) => [...model.keys()].map((name) => name.split("/")[0])));
        expect(context.keyCount).toBe(keysWithTimers.size);
      }),
    );
  });

  it("a copy is what the queue was, whatever is set, moved, deleted and fired afterwards", () => {
    const change = fc.record({
      ...commandParts,
      what: fc.constantFrom("add", "add", "add", "move", "move", "remove", "poll", "copy", "detach"),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200, size: "max" }), (changes) => {
        const context = new KeyContext();
        const queue = new TimerQueue(context);
        const copies: { copy: TimerQueueCopy; expected: string[] }[] = [];
        for (const { what, key, namespace: which, timestamp } of changes) {
          const namespace = namespaces[which];
          context.setCurrentKey(key, key);
          if (what === "add") queue.add(namespace, timestamp);
          else if (what === "remove") queue.remove(namespace, timestamp);
          else if (what === "move") queue.move(namespace, timestamp, namespaces[(which + 1) % 3], timestamp + 7);
          else if (what === "poll") queue.pollDue(timestamp);
          else if (what === "copy") copies.push({ copy: queue.copy(context.copyKeys()), expected: [...queue].map(nameOf) });
          else copies.at(-1)?.copy.detach();
        }
        for (const { copy, expected } of copies) {
          const names: string[] = [];
          copy.forEach((row, namespace, timestampMs) => names.push(nameOf({ key: copy.keyAt(row), namespace, timestampMs })));
          expect(names).toEqual(expected);
          expect(copy.size).toBe(expected.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("forgets deleted timers before they are due", () => {
    const context = new KeyContext();
    const queue = new TimerQueue(context);
    context.setCurrentKey("a", "a");
    for (let time = 0; time < 5000; time++) {
      queue.add(VOID_NAMESPACE, time * 2);
      if (time > 0) queue.remove(VOID_NAMESPACE, (time - 1) * 2);
    }
    expect(queue.size).toBe(1);
    expect(queue.pollDue(1_000_000)?.timestampMs).toBe(9998);
    expect(queue.peekTimestamp()).toBeUndefined();
    expect(context.keyCount).toBe(0);
  });
});
