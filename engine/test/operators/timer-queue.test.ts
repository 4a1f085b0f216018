import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimerQueue } from "../../src/flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../src/state/namespace.ts";

const namespaces = [VOID_NAMESPACE, { namespaceKey: "w1" }, { namespaceKey: "w2" }];
const command = fc.record({
  what: fc.constantFrom("add", "add", "add", "remove", "poll"),
  key: fc.constantFrom("a", "b", "c"),
  namespace: fc.nat(2),
  timestamp: fc.nat(6),
});

describe("timer queue", () => {
  it("TMR-1, TMR-2: behaves as a set of timers that gives the earliest first", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        const queue = new TimerQueue();
        const model = new Map<string, number>();
        for (const { what, key, namespace, timestamp } of commands) {
          const name = `${key}/${namespaces[namespace].namespaceKey}/${timestamp}`;
          if (what === "add") {
            expect(queue.add(key, key, namespaces[namespace], timestamp)).toBe(!model.has(name));
            model.set(name, timestamp);
          } else if (what === "remove") {
            expect(queue.remove(key, namespaces[namespace], timestamp)).toBe(model.delete(name));
          } else {
            const timer = queue.pollDue(timestamp);
            const earliest = Math.min(...model.values());
            expect(timer?.timestampMs).toBe(earliest <= timestamp ? earliest : undefined);
            if (timer !== undefined)
              expect(model.delete(`${String(timer.key)}/${timer.namespace.namespaceKey}/${timer.timestampMs}`)).toBe(true);
          }
          expect(queue.size).toBe(model.size);
        }
        expect([...queue].length).toBe(model.size);
      }),
    );
  });
});
