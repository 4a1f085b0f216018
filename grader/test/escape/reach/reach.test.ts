/**
 * From inside a program, walks over everything that any of its functions is handed and that describes its job, and asks of all that is met: is it public?
 *
 * given.ts is the crawler, jobs/ is what it is let loose in, one isolate each. Public is what the types exported by "flink" declare (public-members.ts), and what harmless.ts
 * says. **Add something that functions are given**: call it in a job.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_LIMITS, type World } from "@millrace/engine/sim";
import { describe, expect, it } from "vitest";
import { toScript } from "../../../src/compile/script.ts";
import { GradingProcess } from "../../../src/sandbox/grading-process.ts";
import { callCommon } from "../../../src/sandbox/warm-up/warm-up.ts";
import { guestFiles } from "../../../src/sandbox/guest-files.ts";
import { HARMLESS_MEMBERS, HARMLESS_PATHS } from "./harmless.ts";
import { publicMembers } from "./public-members.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const JOBS = readdirSync(join(HERE, "jobs"));
const LIMITS = { cpuMs: 30_000, rssBytes: 600 * 1024 * 1024 };

/** Records of the jobs, and fields of what they count. */
const DATA = ["at", "n", "user", "to"];

const world: World = {
  seed: 1,
  startMs: 0,
  topics: [
    {
      name: "clicks",
      partitions: 1,
      arrivals: Array.from({ length: 8 }, (_, index) => ({
        atMs: 1000 * (index + 1),
        partition: 0,
        key: null,
        value: { user: "ab"[index % 2], at: index + 1, n: index + 1 },
      })),
    },
    { name: "out", partitions: 1, arrivals: [] },
  ],
  services: [{ name: "prices", rows: [{ key: "a", value: 1 }], latencyMs: { min: 1, max: 2 } }],
  cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
  faults: [],
  end: { kind: "drain" },
  limits: DEFAULT_LIMITS,
  costsUs: {},
};

describe("what a program can reach", () => {
  const allowed = publicMembers();

  it("knows the classes of the engine and what of them is public", () => {
    expect(allowed.classes.DataStream).toEqual(expect.arrayContaining(["map", "keyBy"]));
    expect(allowed.classes.DataStream).not.toContain("transform");
    // Not exported: what of it is public stands in the interface.
    expect(allowed.classes.StreamingRuntimeContext).toContain("getState");
    expect(allowed.classes.LogBroker).toEqual([]);
  });

  it.each(JOBS)(
    "%s: only what is public",
    async (file) => {
      const { status, met, violations } = await crawl(file, readFileSync(join(HERE, "jobs", file), "utf8"));
      expect(violations).toEqual([]);
      // The walk took place, and disturbed nothing. (What describes a job calls everything that its objects have; no job comes of that.)
      if (file !== "program.ts") expect(status).toBe("finished");
      expect(met.length).toBeGreaterThan(file === "tables.ts" ? 3 : 10);
    },
    120_000,
  );

  it("tells what is not", async () => {
    const text = `
      import { StreamExecutionEnvironment } from "flink";
      import { look, tell } from "./given";
      class LogBroker { private readonly topics = new Map(); append() { return this.topics; } }
      look([{ secret: new LogBroker() }], "program");
      tell();
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.fromData(1).print();
      env.execute();
    `;
    const { violations } = await crawl("leak.ts", text, []);
    expect(violations.join(" ")).toMatch(/secret.*|LogBroker: .*append.*topics/s);
  }, 120_000);

  async function crawl(file: string, text: string, own = ownClasses(text)) {
    const [given, code] = await Promise.all([toScript("given.ts", readFileSync(join(HERE, "given.ts"), "utf8")), toScript(file, text)]);
    if ("diagnostics" in given || "diagnostics" in code) throw new Error(JSON.stringify([given, code]));
    const list = JSON.stringify({ ...allowed, own, data: DATA, harmless: HARMLESS_MEMBERS, paths: HARMLESS_PATHS });
    const modules = { "./given": { kind: "script", text: given.script }, "./allowed.json": { kind: "json", text: list } } as const;
    const child = new GradingProcess(await guestFiles(), LIMITS);
    try {
      await child.boot();
      // Whatever programs of ours have left behind is there to be met, too, as in a process that was forked off a warm one.
      await callCommon(child);
      const loaded = await child.ask({ kind: "load", language: "datastream", code, modules });
      expect(loaded).toMatchObject({ kind: "answer", answer: { kind: "loaded" } });
      const run = await child.ask({ kind: "run", world, record: false, maxRecordingEvents: 0, maxChars: 16_000_000 });
      if (run.kind !== "answer" || run.answer.kind !== "outcome") throw new Error(JSON.stringify(run).slice(0, 1000));
      const lines = run.answer.console;
      const met = new Set(lines.filter((line) => line.startsWith("met ")).flatMap((line) => line.slice(4).split(" ")));
      return { status: run.answer.outcome.status, met: [...met], violations: lines.filter((line) => /^(! |…)/.test(line)) };
    } finally {
      child.kill();
    }
  }
});

function ownClasses(text: string): string[] {
  const named = [...text.matchAll(/\bclass (\w+)/g)].map(([, name]) => name!);
  return [...named, ...[...text.matchAll(/spiedClass\(\w+, "(\w+)"\)/g)].map(([, as]) => `Own${as}`)];
}
