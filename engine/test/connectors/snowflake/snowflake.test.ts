import { describe, expect, it, vi } from "vitest";
import { Snowflake, type SnowflakeDescription } from "../../../src/connectors/snowflake/snowflake.ts";
import { KafkaSource, SnowflakeSink, WatermarkStrategy } from "../../../src/index.ts";
import { type Fault, type RunOutcome, runWorld, type SnowflakeTableOutcome } from "../../../src/sim.ts";
import {
  checkpointed,
  contentsOf,
  drawCrashes,
  finished,
  type Order,
  ordersOf,
  orderWorld,
  program,
  START_MS,
  upTo,
} from "../files/file-jobs.ts";
import { systemKit } from "../system-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const TABLE = "DB.PUBLIC.ORDERS";
const WAREHOUSE: SnowflakeDescription = { kind: "snowflake", name: "warehouse", tables: [{ name: TABLE, columns: ["id", "country"] }] };

function warehouse(more: Partial<SnowflakeDescription> = {}) {
  const description: SnowflakeDescription = { ...WAREHOUSE, ...more };
  const kit = systemKit(description);
  const snowflake = kit.systems.get("warehouse", Snowflake);
  return { ...kit, snowflake, ids: () => snowflake.outcome().tables[0].rows.map(({ row }) => row.id) };
}

describe("SNOW-1: staged files and COPY", () => {
  it("rows are in the table when they are copied, once per file name", () => {
    const { snowflake, ids } = warehouse();
    snowflake.put(TABLE, "f1", [{ id: 1 }, { id: 2 }]);
    expect([ids(), snowflake.outcome().tables[0].stagedFiles]).toEqual([[], ["f1"]]);
    expect(snowflake.copyInto(TABLE, ["f1"])).toEqual([]);
    expect(snowflake.copyInto(TABLE, ["f1"])).toEqual(["f1"]);
    snowflake.put(TABLE, "f1", [{ id: 3 }]);
    expect(snowflake.copyInto(TABLE, ["f1"])).toEqual(["f1"]);
    expect([ids(), snowflake.outcome().tables[0].stagedFiles]).toEqual([[1, 2], []]);
  });

  it("a copy is all or nothing", () => {
    const { snowflake, ids } = warehouse();
    snowflake.put(TABLE, "good", [{ id: 1 }]);
    snowflake.put(TABLE, "bad", [{ id: 2, color: "red" }]);
    expect(() => snowflake.copyInto(TABLE, ["good", "bad"])).toThrow("Extra columns: [color]");
    expect(() => snowflake.copyInto(TABLE, ["good", "missing"])).toThrow("Remote file 'missing' was not found");
    expect(ids()).toEqual([]);
  });

  it("a file older than the load history is skipped, loaded or not", () => {
    const { snowflake, ids, clock } = warehouse({ loadHistoryMs: 1000 });
    snowflake.put(TABLE, "loaded", [{ id: 1 }]);
    snowflake.copyInto(TABLE, ["loaded"]);
    snowflake.put(TABLE, "waiting", [{ id: 2 }]);
    clock.advanceTo(900);
    expect(snowflake.copyInto(TABLE, ["loaded"])).toEqual(["loaded"]);
    clock.advanceTo(2000);
    expect(snowflake.copyInto(TABLE, ["loaded", "waiting"])).toEqual(["loaded", "waiting"]);
    expect(ids()).toEqual([1]);
  });
});

describe("SNOW-2: channels", () => {
  it("commit after a while, know their token, and shut out older clients", () => {
    const { snowflake, ids, clock } = warehouse();
    const first = snowflake.openChannel(TABLE, "p0");
    expect(first.committedToken).toBeNull();
    snowflake.insertRow(first.open, { id: 0 }, "0");
    snowflake.insertRow(first.open, { id: 1 }, "1");
    expect(ids()).toEqual([]);
    clock.advanceTo(1000);
    expect(ids()).toEqual([0, 1]);
    snowflake.insertRow(first.open, { id: 2 }, "2");
    const second = snowflake.openChannel(TABLE, "p0");
    expect(second.committedToken).toBe("1");
    expect(() => snowflake.insertRow(first.open, { id: 3 }, "3")).toThrow("Channel p0 is invalid");
    snowflake.insertRow(second.open, { id: 2 }, "2");
    snowflake.flushChannel(second.open);
    clock.advanceTo(5000);
    expect([ids(), snowflake.outcome().tables[0].channels]).toEqual([[0, 1, 2], { p0: "2" }]);
  });
});

const copyJob = program((env) => {
  checkpointed(env);
  ordersOf(env).rebalance().sinkTo(SnowflakeSink.builder<Order>().setAccountId("warehouse").setTableName(TABLE).build());
});

interface Placed extends Order {
  readonly partition: number;
  readonly offset: number;
}

/** @param mixed between source and sink rows of different partitions mix, in another order each time. */
function channelJob(mixed = false) {
  return program((env) => {
    checkpointed(env);
    const source = KafkaSource.builder<Placed>()
      .setTopics("orders")
      .setDeserializer({ deserialize: ({ value, partition, offset }, out) => out.collect({ ...(value as Order), partition, offset }) })
      .build();
    const sink = SnowflakeSink.builder<Placed>()
      .setAccountId("warehouse")
      .setTableName(TABLE)
      .setChannel(
        ({ partition }) => (mixed ? "one" : `p${partition}`),
        ({ offset, id }) => (mixed ? id : offset),
      )
      .setRow(({ id, country }) => ({ id, country }))
      .build();
    const placed = env.fromSource(source, WatermarkStrategy.noWatermarks(), "orders");
    if (mixed) placed.sinkTo(sink).setParallelism(1);
    else placed.sinkTo(sink);
  });
}

const tableOf = (outcome: RunOutcome) =>
  contentsOf<{ readonly tables: readonly SnowflakeTableOutcome[] }>(finished(outcome), "warehouse").tables[0];
const loaded = (outcome: RunOutcome) =>
  tableOf(outcome)
    .rows.map(({ row }) => row.id as number)
    .sort((a, b) => a - b);

describe("SNOW-3: SnowflakeSink", () => {
  it("by files is exactly once on 60 seeds of crashes, also between staging and copying", () => {
    let restarts = 0;
    let staged = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const outcome = runWorld(copyJob, orderWorld([WAREHOUSE], { seed, faults: drawCrashes(seed) }));
      restarts += outcome.restarts;
      staged += tableOf(outcome).stagedFiles.length;
      expect(loaded(outcome), `seed ${seed}`).toEqual(upTo(60));
    }
    expect(restarts).toBeGreaterThan(50);
    // Files of checkpoints that never completed.
    expect(staged).toBeGreaterThan(0);
  });

  it("by channels is exactly once on 60 seeds of crashes, and visible between checkpoints", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const outcome = runWorld(
        channelJob(),
        orderWorld([{ ...WAREHOUSE, flushIntervalMs: 150 } as SnowflakeDescription], { seed, faults: drawCrashes(seed) }),
      );
      expect(loaded(outcome), `seed ${seed}`).toEqual(upTo(60));
    }
    const times = new Set(
      tableOf(runWorld(channelJob(), orderWorld([{ ...WAREHOUSE, flushIntervalMs: 150 } as SnowflakeDescription]))).rows.map(
        ({ visibleAtMs }) => visibleAtMs,
      ),
    );
    expect(times.size).toBeGreaterThan(15);
  });

  it("one channel for rows whose order changes loses some", () => {
    let lost = 0;
    for (let seed = 1; seed <= 30; seed++) {
      lost += 60 - new Set(loaded(runWorld(channelJob(true), orderWorld([WAREHOUSE], { seed, faults: drawCrashes(seed) })))).size;
    }
    expect(lost).toBeGreaterThan(0);
  });

  const strike = (action: { readonly what: string; readonly [parameter: string]: unknown }): Fault => ({
    kind: "system",
    system: "warehouse",
    action,
    when: { kind: "checkpoint", checkpoint: 3, step: "completed" },
  });

  it("SNOW-4: a copy whose answer is lost fails the job; the restart finds the files loaded", () => {
    const outcome = runWorld(copyJob, orderWorld([WAREHOUSE], { faults: [strike({ what: "loseAnswers", count: 1 })] }));
    expect([outcome.restarts, loaded(outcome)]).toEqual([1, upTo(60)]);
  });

  it("SNOW-4: staged files that somebody removes before the copy are lost: the job fails again at each restore", () => {
    const outcome = runWorld(copyJob, {
      ...orderWorld([WAREHOUSE], { faults: [strike({ what: "removeStagedFiles", table: TABLE })] }),
      limits: { ...orderWorld([]).limits, maxRestarts: 3 },
    });
    expect([outcome.status, outcome.failure?.message]).toEqual(["limit", expect.stringContaining("was not found")]);
  });

  it("a warehouse that is away is waited for, up to half a minute", () => {
    const fault: Fault = { ...strike({ what: "unavailable", forMs: 5000 }), when: { kind: "atMs", atMs: START_MS + 1500 } } as Fault;
    const outcome = runWorld(copyJob, orderWorld([WAREHOUSE], { faults: [fault] }));
    expect([outcome.restarts, loaded(outcome)]).toEqual([0, upTo(60)]);
  });
});
