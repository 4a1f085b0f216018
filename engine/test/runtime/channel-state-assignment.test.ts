import { describe, expect, it } from "vitest";
import { Diagnostic } from "../../src/base/diagnostic.ts";
import { subtaskForKey } from "../../src/base/key-groups.ts";
import type { OperatorEdge } from "../../src/graph/job-graph.ts";
import type { Partitioning } from "../../src/graph/stream-graph.ts";
import { RECORD, STATUS, WATERMARK } from "../../src/runtime/channel.ts";
import type { ChannelState, InFlightElement } from "../../src/runtime/checkpoint/channel-state.ts";
import { type RestoredElements, restoredChannels } from "../../src/runtime/checkpoint/channel-state-assignment.ts";

const HASH: Partitioning = { kind: "hash", keySelector: (value) => value };

function edge(partitioning: Partitioning): OperatorEdge {
  return { target: { operatorId: "reader", maxParallelism: 128 }, inputIndex: 0, partitioning } as unknown as OperatorEdge;
}

const record = (value: unknown): InFlightElement => ({ kind: RECORD, value, number: 0 });
const watermark = (number: number): InFlightElement => ({ kind: WATERMARK, value: undefined, number });
const status = (number: number): InFlightElement => ({ kind: STATUS, value: undefined, number });

function state(place: "input" | "output", sender: number, receiver: number, elements: readonly InFlightElement[]): ChannelState {
  return { targetId: "reader", inputIndex: 0, place, sender, receiver, senders: 2, receivers: 2, elements };
}

/** Short: r = record, w = watermark, s = status. */
function shown({ input, output }: RestoredElements): string[] {
  return [...input, ...output].map(({ kind, value, number }) =>
    kind === RECORD ? `${value}` : `${kind === WATERMARK ? "w" : "s"}${number}`,
  );
}

describe("channels put back", () => {
  it("BAR-8: as they were, the receiver's part first", () => {
    const states = [state("output", 0, 1, [record("c")]), state("input", 0, 1, [record("a"), watermark(5), record("b")])];
    const channels = restoredChannels(states, edge(HASH), 2, 2);
    expect(shown(channels(0, 1))).toEqual(["a", "w5", "b", "c"]);
    expect(channels(0, 0)).toEqual({ input: [], output: [] });
  });

  it("BAR-8: a sender that begins active has said nothing of it, so idleness in flight is taken back", () => {
    const channels = restoredChannels([state("input", 0, 0, [record("a"), status(1)])], edge(HASH), 2, 2);
    expect(shown(channels(0, 0))).toEqual(["a", "s1", "s0"]);
  });

  it("BAR-8: each record has one new receiver, by its key", () => {
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    const states = [0, 1].flatMap((receiver) => {
      const own = keys.filter((key) => subtaskForKey(key, 128, 2) === receiver);
      return [
        state("input", 0, receiver, own.map(record)),
        state(
          "output",
          1,
          receiver,
          own.map((key) => record(key)),
        ),
      ];
    });
    for (const receivers of [1, 3, 5]) {
      const channels = restoredChannels(states, edge(HASH), 3, receivers);
      const found: string[] = [];
      for (let receiver = 0; receiver < receivers; receiver++) {
        for (let sender = 0; sender < 3; sender++) {
          for (const key of shown(channels(sender, receiver))) {
            expect(subtaskForKey(key, 128, receivers)).toBe(receiver);
            found.push(key);
          }
        }
      }
      expect(found.sort()).toEqual([...keys, ...keys].sort());
    }
  });

  it("BAR-8: a watermark passes when all old channels of the new one have brought it; order within each is kept", () => {
    const states = [
      state("input", 0, 0, [record("a"), watermark(10), record("b")]),
      state("input", 1, 0, [record("x"), watermark(7)]),
      state("input", 1, 1, [watermark(20), record("y")]),
      state("input", 0, 1, [watermark(30), status(1)]),
    ];
    const channels = restoredChannels(states, edge({ kind: "rebalance" }), 1, 1);
    expect(shown(channels(0, 0))).toEqual(["a", "b", "x", "w7", "y"]);
  });

  it("BAR-8: an edge that has become pointwise cannot take over what was in flight", () => {
    const states = [state("input", 0, 0, [record("a")])];
    const channels = restoredChannels(states, edge({ kind: "rescale" }), 3, 3);
    expect(() => channels(0, 0)).toThrow(Diagnostic);
    expect(() => channels(0, 0)).toThrow(/Cannot rescale the given pointwise partitioner/);
  });
});
