/** Processes forked off a warm one do what processes do that were started from their file, and know nothing of each other. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { GuestAnswer, GuestRequest } from "../../src/guest/protocol.ts";
import { canFork } from "../../src/sandbox/fork.ts";
import { GradingProcess } from "../../src/sandbox/grading-process.ts";
import { type GuestFiles, guestFiles } from "../../src/sandbox/guest-files.ts";
import { Nursery } from "../../src/sandbox/nursery.ts";
import { BROAD } from "../../src/sandbox/warm-up/programs.ts";

const LIMITS = { cpuMs: 20_000, rssBytes: 350 * 1024 * 1024 };
const faults: unknown[] = [];
/** The directories of zygotes. */
const families = new Set<string>();
const RUN = { kind: "run", record: true, maxRecordingEvents: 20_000, maxChars: 64_000_000 } as const;

describe.runIf(canFork())("forks", () => {
  let files: GuestFiles;
  let nursery: Nursery;

  beforeAll(async () => {
    files = await guestFiles();
    nursery = new Nursery(files, 1, (fault) => faults.push(fault));
    await nursery.start();
    expect(copies()).toHaveLength(2);
  }, 120_000);

  afterAll(() => {
    nursery.close();
    expect(faults).toEqual([]);
  });

  it.each(BROAD.map((warmUp, index) => [index, warmUp] as const))(
    "answer as others do: program %i",
    async (_, { load, worlds }) => {
      const started = new GradingProcess(files, LIMITS);
      await started.boot();
      const forked = await nursery.fork(LIMITS);
      try {
        for (const request of [load, ...worlds.map((world): GuestRequest => ({ ...RUN, world }))])
          expect(await answerOf(forked, request)).toEqual(await answerOf(started, request));
      } finally {
        started.kill();
        forked.kill();
      }
    },
    120_000,
  );

  it("begin anew, each of them", async () => {
    const script = `
      const f = require("flink");
      const left = f.Types.LEFT_BEHIND;
      try { f.Types.LEFT_BEHIND = 1; } catch {}
      Array.prototype.left === undefined || console.log("left behind");
      try { Array.prototype.left = 1; } catch {}
      console.log("first " + (globalThis.left === undefined) + " " + (left === undefined) + " " + RegExp.$1);
      try { globalThis.left = 1; } catch {}
      /(second)/.test("second");
      const env = f.StreamExecutionEnvironment.getExecutionEnvironment();
      env.fromData(1).print();
      env.execute();
    `;
    const prints: unknown[] = [];
    for (let copy = 0; copy < 2; copy++) {
      const forked = await nursery.fork(LIMITS);
      await answerOf(forked, { kind: "load", language: "datastream", code: { script, mappings: "" }, modules: {} });
      const answer = await answerOf(forked, { ...RUN, world: BROAD[0]!.worlds[0]! });
      prints.push(answer.kind === "outcome" ? answer.console : answer);
      forked.kill();
    }
    expect(prints[1]).toEqual(prints[0]);
    expect(String(prints[1])).not.toContain("second");
  }, 60_000);

  it("end when they are killed, and are told to have died", async () => {
    await quiet(nursery);
    const zygotes = copies();
    const forked = await nursery.fork(LIMITS);
    expect(await answerOf(forked, BROAD[0]!.load)).toEqual({ kind: "loaded" });
    process.kill(copies().find((pid) => !zygotes.includes(pid))!, "SIGKILL");
    await vi.waitFor(() => expect(forked.alive).toBe(false));
    expect(await forked.ask(BROAD[0]!.load)).toMatchObject({ kind: "died" });
  }, 60_000);

  it("of a zygote that is killed end with it, and another zygote takes over", async () => {
    const forked = await nursery.fork(LIMITS);
    process.kill(children(process.pid).find(isZygote)!, "SIGKILL");
    await vi.waitFor(() => expect(forked.alive).toBe(false));
    const next = await nursery.fork(LIMITS);
    expect(await answerOf(next, BROAD[0]!.load)).toEqual({ kind: "loaded" });
    next.kill();
  }, 60_000);

  it("are to be had again some time after all zygotes were killed", async () => {
    for (const pid of copies()) process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(nursery.isWarm).toBe(false));
    await expect(nursery.fork(LIMITS)).rejects.toThrow("zygote");
    await vi.waitFor(() => expect(nursery.isWarm).toBe(true), { timeout: 120_000, interval: 200 });
    const forked = await nursery.fork(LIMITS);
    expect(await answerOf(forked, BROAD[0]!.load)).toEqual({ kind: "loaded" });
    forked.kill();
  }, 180_000);

  it("are to be had at once when a zygote, a copy or the next zygote is killed in the very moment", async () => {
    for (let round = 0; round < 12; round++) {
      await quiet(nursery);
      const before = new Set(copies());
      const forked = nursery.fork(LIMITS);
      const zygote = children(process.pid).find(isZygote) ?? older(copies());
      // One kill, for which one zygote stands by: before a copy is made, as soon as one is there (or the next zygote), or of the zygote in that moment.
      if (round % 3 > 0) await vi.waitFor(() => expect(copies().some((pid) => !before.has(pid))).toBe(true), { interval: 1 });
      killIfThere(round % 3 === 1 ? copies().find((pid) => !before.has(pid))! : zygote);
      const died = await forked.then(
        (copy) => copy.ask(BROAD[0]!.load).finally(() => copy.kill()),
        (error: unknown) => error,
      );
      expect(died).not.toBeInstanceOf(Error);
      expect(nursery.isWarm).toBe(true);
    }
    await quiet(nursery);
  }, 60_000);

  it("leave nothing behind when all is closed", async () => {
    const own = new Nursery(files, 1, (fault) => faults.push(fault));
    const before = new Set(copies());
    await own.start();
    const forked = await own.fork(LIMITS);
    const mine = copies().filter((pid) => !before.has(pid));
    expect(mine).toHaveLength(3);
    own.close();
    await vi.waitFor(() => expect(copies().filter((pid) => mine.includes(pid))).toEqual([]));
    await vi.waitFor(() => expect(forked.alive).toBe(false));
    await expect(own.fork(LIMITS)).rejects.toThrow("zygote");
  }, 120_000);
});

async function answerOf(process: GradingProcess, request: GuestRequest): Promise<GuestAnswer> {
  const result = await process.ask(request);
  if (result.kind !== "answer") throw new Error(JSON.stringify(result));
  return result.answer;
}

/** Zygotes that this process has started, and what they have made of themselves, whoever their parent is by now. */
function copies(): number[] {
  for (const pid of children(process.pid)) if (isZygote(pid)) families.add(directoryOf(pid));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => families.has(directoryOf(pid)) && isZygote(pid));
}

/** Of a zygote and its copy: whose parent is none of them. Ids wrap around. */
function older(pids: readonly number[]): number {
  return pids.find((pid) => !pids.some((other) => children(other).includes(pid)))!;
}

/** There are two zygotes and no copy, and none of them is about to end. */
function quiet(nursery: Nursery): Promise<void> {
  const look = () => expect([nursery.zygotes, copies().length]).toEqual([2, 2]);
  return vi.waitFor(
    async () => {
      look();
      await sleep(50);
      look();
    },
    { timeout: 30_000, interval: 5 },
  );
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** A zygote has a directory of its own, which its copies share. */
function directoryOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(" (deleted)", "");
  } catch {
    return "";
  }
}

function children(pid: number): number[] {
  const text = readOrNothing(`/proc/${pid}/task/${pid}/children`).trim();
  return text === "" ? [] : text.split(/\s+/).map(Number);
}

/** Zombies have no command line. */
function isZygote(pid: number): boolean {
  return /zygote-\w+\.mjs/.test(readOrNothing(`/proc/${pid}/cmdline`));
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
