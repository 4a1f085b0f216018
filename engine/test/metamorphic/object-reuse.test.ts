import { describe, expect, it } from "vitest";
import { type Collector, ProcessFunction, type ProcessContext, type StreamExecutionEnvironment } from "../../src/index.ts";
import { committed, runJob, type TestWorld } from "../datastream/run-job.ts";
import { write } from "./program.ts";
import { KafkaSource, WatermarkStrategy } from "../../src/index.ts";

interface Item {
  readonly key: string;
  n: number;
}

const world: TestWorld = { input: { in: [1, 2, 3].map((n) => [n, { key: "a", n }] as const) } };

function read(env: StreamExecutionEnvironment) {
  return env.fromSource(KafkaSource.builder<Item>().setTopics("in").build(), WatermarkStrategy.noWatermarks(), "in");
}

/** Keeps what it gets and gives it all out at the third. */
class Keeping extends ProcessFunction<Item, { key: string; all: number[] }> {
  private readonly items: Item[] = [];

  override processElement(item: Item, _ctx: ProcessContext, out: Collector<{ key: string; all: number[] }>): void {
    this.items.push(item);
    if (this.items.length === 3) out.collect({ key: "a", all: this.items.map(({ n }) => n) });
  }
}

/** Fills one object again and again, as Java programmers do to spare the garbage collector. */
class OneObject extends ProcessFunction<Item, Item> {
  private readonly item: Item = { key: "a", n: 0 };

  override processElement({ n }: Item, _ctx: ProcessContext, out: Collector<Item>): void {
    this.item.n = n * 10;
    out.collect(this.item);
  }
}

const keptBy = (reuse?: boolean) =>
  committed(
    runJob((env) => {
      if (reuse === true) env.getConfig().enableObjectReuse();
      if (reuse === false) env.getConfig().disableObjectReuse();
      write(read(env).process(new OneObject()).process(new Keeping()));
    }, world),
  );

describe("object reuse (checklist: off by default, chained operators copy)", () => {
  it("is off: an operator may keep what the one before it changes later", () => {
    expect(keptBy()).toEqual([{ key: "a", all: [10, 20, 30] }]);
    expect(keptBy(false)).toEqual(keptBy());
  });

  it("hands the very objects on when enabled", () => {
    expect(keptBy(true)).toEqual([{ key: "a", all: [30, 30, 30] }]);
  });

  it("leaves the emitter's object alone: what the next operator changes, it does not see", () => {
    const rows = (reuse: boolean) =>
      committed(
        runJob((env) => {
          if (reuse) env.getConfig().enableObjectReuse();
          let last: Item | undefined;
          const emitted = read(env).map((item) => {
            const before = last?.n ?? null;
            last = { ...item };
            return Object.assign(last, { before });
          });
          write(
            emitted.map((item) => {
              item.n += 100;
              return item;
            }),
          );
        }, world),
      ).map((row) => (row as { before: number | null }).before);
    expect(rows(false)).toEqual([null, 1, 2]);
    expect(rows(true)).toEqual([null, 101, 102]);
  });
});
