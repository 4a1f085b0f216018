/** A lesson's figure without a browser: the plane at a moment, and the worker that runs it. */
import type { World } from "@millrace/engine/sim";
import { describe, expect, it } from "vitest";
import { FigureRunner, type RunningWorker } from "../../src/state/figure-runner.ts";
import { planeModel } from "../../src/visuals/plane-model.ts";
import { planeMoments, planeUntil } from "../../src/visuals/plane-until.ts";
import { type FigureAnswer, runFigure } from "../../src/workers/run-figure.ts";
import { sessionRecording } from "../fixtures/session-recording.ts";

describe("the plane at a moment", () => {
  const whole = planeModel(sessionRecording({ crash: true }));
  const moments = planeMoments(whole);

  it("grows from nothing to the whole, and never takes anything back", () => {
    expect(planeUntil(whole, Number.NEGATIVE_INFINITY)).toMatchObject({ records: [], windows: [], barriers: [], downtimes: [] });
    const sizes = moments.map((ms) => {
      const { records, windows, barriers, downtimes } = planeUntil(whole, ms);
      return [records.length, windows.length, barriers.length, downtimes.length, windows.filter(({ firedMs }) => firedMs !== null).length];
    });
    for (const [i, size] of sizes.entries()) if (i > 0) size.forEach((n, j) => expect(n).toBeGreaterThanOrEqual(sizes[i - 1][j]));
    const fired = whole.windows.filter(({ firedMs }) => firedMs !== null).length;
    expect(sizes.at(-1)).toEqual([whole.records.length, whole.windows.length, whole.barriers.length, whole.downtimes.length, fired]);
    expect(sizes.at(-1)?.every((n) => n > 0)).toBe(true);
  });

  it("knows nothing of what comes later, on the axes of the whole", () => {
    for (const ms of moments) {
      const { records, windows, watermark, processing, event } = planeUntil(whole, ms);
      expect([processing, event]).toEqual([whole.processing, whole.event]);
      expect(records.every(({ processingMs }) => processingMs <= ms)).toBe(true);
      expect((watermark?.pieces ?? []).flat().every(({ processingMs }) => processingMs <= ms)).toBe(true);
      for (const { steps, firedMs, closedMs } of windows) {
        expect(Math.max(...steps.map(({ fromMs }) => fromMs), firedMs ?? 0, closedMs ?? 0)).toBeLessThanOrEqual(ms);
      }
    }
  });

  it("has its moments in order, each once", () => {
    expect(moments).toEqual([...new Set(moments)].sort((a, b) => a - b));
  });
});

const WORLD: World = {
  seed: 1,
  startMs: 0,
  topics: [{ name: "in", partitions: 1, arrivals: [{ atMs: 10, partition: 0, key: null, value: { at: 5 } }] }],
  cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
  faults: [],
  end: { kind: "drain" },
  limits: { maxVirtualMs: 1e9, maxSteps: 1e6, maxOutputRecords: 1_000, maxRestarts: 3 },
  costsUs: {},
};
const SQL = `CREATE TABLE given (\`at\` BIGINT) WITH ('connector' = 'kafka', 'topic' = 'in', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE seen (\`at\` BIGINT) WITH ('connector' = 'print');
INSERT INTO seen SELECT * FROM given;`;

/** A worker in the same thread, with the real run. */
class DirectWorker implements RunningWorker {
  onmessage: ((message: MessageEvent<FigureAnswer>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  isOver = false;
  postMessage(request: Parameters<typeof runFigure>[0]): void {
    queueMicrotask(() => this.onmessage?.({ data: runFigure(request) } as MessageEvent<FigureAnswer>));
  }
  terminate(): void {
    this.isOver = true;
  }
}

describe("the runner of figures", () => {
  it("answers each with its own recording, and a mistake with its sentence", async () => {
    const runner = new FigureRunner(() => new DirectWorker());
    const [first, second] = await Promise.all([
      runner.run({ sql: SQL, world: WORLD }),
      runner.run({ sql: SQL, world: { ...WORLD, topics: [{ ...WORLD.topics[0], arrivals: [] }] } }),
    ]);
    expect([first, second].map(({ events }) => events.filter(({ kind }) => kind === "read").length)).toEqual([1, 0]);
    await expect(runner.run({ sql: "SELECT kelvin FROM given", world: WORLD })).rejects.toThrow(/given/);
  });

  it("gives up what waits when the worker breaks, and begins another one for the next", async () => {
    const workers: DirectWorker[] = [];
    const runner = new FigureRunner(() => {
      workers.push(new DirectWorker());
      return workers[workers.length - 1];
    });
    const waits = runner.run({ sql: SQL, world: WORLD });
    workers[0].onerror?.({ message: "could not be loaded", preventDefault: () => undefined } as ErrorEvent);
    await expect(waits).rejects.toThrow("could not be loaded");
    expect((await runner.run({ sql: SQL, world: WORLD })).format).toBe(1);
    runner.stop();
    expect(workers.map(({ isOver }) => isOver)).toEqual([true, true]);
  });
});
