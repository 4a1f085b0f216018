import { describe, expect, it, vi } from "vitest";
import { json, KafkaSink } from "../../../src/index.ts";
import { type Fault, type RunOutcome, runWorld, type SocketDescription, type SocketOutcome, type World } from "../../../src/sim.ts";
import { checkpointed, contentsOf, drawCrashes, finished, orderWorld, program, START_MS, upTo } from "../files/file-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

function server(more: Partial<SocketDescription> = {}): SocketDescription {
  return {
    kind: "socket",
    name: "typist",
    host: "localhost",
    port: 9999,
    lines: upTo(60).map((n) => ({ atMs: START_MS + 50 + n * 100, text: `w${n}` })),
    ...more,
  };
}

function socketJob(port = 9999, maxRetry = 0, delimiter = "\n") {
  return program((env) => {
    checkpointed(env);
    env
      .socketTextStream("localhost", port, delimiter, maxRetry)
      .sinkTo(
        KafkaSink.builder<string>()
          .setRecordSerializer(json("out"))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("s")
          .build(),
      );
  });
}

function worldOf(socket: SocketDescription, more: Partial<World> = {}): World {
  return { ...orderWorld([socket], { count: 0 }), topics: [{ name: "out", partitions: 1, arrivals: [] }], ...more };
}

const lines = (outcome: RunOutcome) =>
  (finished(outcome).topics[0]?.records ?? []).filter(({ committedAtMs }) => committedAtMs !== null).map(({ value }) => value as string);
const all = upTo(60).map((n) => `w${n}`);

describe("SOCK-1: socketTextStream", () => {
  it("reads lines as they come", () => {
    expect(lines(runWorld(socketJob(), worldOf(server()))).sort()).toEqual([...all].sort());
  });

  it("loses what comes while the job is down, on most seeds of crashes, and gives nothing twice", () => {
    let lost = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const outcome = runWorld(socketJob(), worldOf(server(), { seed, faults: drawCrashes(seed) }));
      const got = lines(outcome);
      expect(new Set(got).size, `seed ${seed}`).toBe(got.length);
      if (got.length < 60) lost++;
      const { unheard, connections } = contentsOf<SocketOutcome>(outcome, "typist");
      expect(connections).toBe(outcome.restarts + 1);
      expect(unheard.filter((line) => got.includes(line))).toEqual([]);
    }
    expect(lost).toBeGreaterThan(20);
  });

  it("SOCK-2: ends when the server closes the connection, with what was begun", () => {
    const outcome = runWorld(
      socketJob(9999, 0, ";"),
      worldOf(server({ lines: [{ atMs: START_MS + 100, text: "a;b;c" }], closesAtMs: START_MS + 500 })),
    );
    expect(lines(outcome).sort()).toEqual(["a", "b", "c\n"]);
    expect(outcome.endMs).toBeLessThan(START_MS + 3000);
  });

  it("SOCK-2: connects again when it may, and fails when nobody is there", () => {
    const refused = runWorld(
      socketJob(9999, 3),
      worldOf(server({ closesAtMs: START_MS + 1000 }), { limits: { ...worldOf(server()).limits, maxRestarts: 2 } }),
    );
    expect(refused.failure?.message).toContain("Connection refused (localhost:9999)");
    const nobody = runWorld(socketJob(1), worldOf(server(), { limits: { ...worldOf(server()).limits, maxRestarts: 2 } }));
    expect(nobody.failure?.message).toContain("Connection refused (localhost:1)");
  });

  it("SOCK-2: a connection that breaks fails the job", () => {
    const faults: Fault[] = [
      { kind: "system", system: "typist", action: { what: "dropConnection" }, when: { kind: "atMs", atMs: START_MS + 1500 } },
    ];
    const outcome = runWorld(socketJob(), worldOf(server(), { faults }));
    expect(outcome.restarts).toBe(1);
    expect(lines(outcome).length).toBeLessThan(60);
  });
});
