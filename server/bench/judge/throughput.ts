/**
 * The product as it is started, on two cores with two workers: as many submissions at once as there are learners, sent over HTTP, while every two seconds one
 * grading process is killed with SIGKILL. Counted from the first submission to the last verdict, those of repeated judgements included. A submission
 * without its `accepted` is lost.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Health, SubmissionSummary } from "../../src/contract/index.ts";
import { PACK, type Sampled, textOf } from "./sample.ts";
import { quantile, type Row } from "../table.ts";

const KILL_EVERY_MS = 2_000;
/** Seldom: looking takes the same two cores. */
const LOOK_EVERY_MS = 1_000;
const GIVE_UP_AFTER_MS = 15 * 60_000;

export async function measureThroughput(sample: readonly Sampled[], learners: number): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const { server, address } = await start(dataDir);
  try {
    const health = () => get<Health>(address, "/api/health");
    await until(async () => (await health()).judge === "ready");
    if (process.platform === "linux") await until(async () => (await health()).warm);
    // Expected outputs are computed once per version of a pack.
    for (const [index, { problem, accepted }] of sample.entries())
      await submit(address, problem.id, { ...accepted[0]!, text: textOf(accepted[0]!, -1 - index) });
    await until(async () => (await standing(address, sample)).every(({ status }) => status === "judged"));

    let kills = 0;
    let turn = 0;
    const killer = setInterval(() => {
      if (killOne(server.pid!, turn++)) kills++;
    }, KILL_EVERY_MS);
    const startedAtMs = performance.now();
    const waits: number[] = [];
    try {
      for (let learner = 0; learner < learners; learner++) {
        const { problem, accepted } = sample[learner % sample.length]!;
        const submission = accepted[Math.floor(learner / sample.length) % accepted.length]!;
        await submit(address, problem.id, { ...submission, text: textOf(submission, learner) });
      }
      await until(async () => {
        const judged = (await standing(address, sample)).filter(({ status }) => status === "judged").length - sample.length;
        while (waits.length < judged) waits.push(performance.now() - startedAtMs);
        return judged === learners;
      });
    } finally {
      clearInterval(killer);
    }
    const tookS = (waits.at(-1) ?? Number.NaN) / 1000;
    const lost = (await standing(address, sample)).filter(({ verdict }) => verdict !== "accepted").length;
    return [
      { name: `verdicts of ${learners} waiting learners, two cores`, value: learners / tookS, unit: "per s", target: { atLeast: 4 } },
      { name: `  waiting for a verdict, p50`, value: quantile(waits, 0.5) / 1000, unit: "s" },
      { name: `  waiting for a verdict, p95`, value: quantile(waits, 0.95) / 1000, unit: "s" },
      { name: `  grading processes killed meanwhile`, value: kills, unit: "" },
      { name: "submissions lost", value: lost, unit: "", target: { atMost: 0 } },
    ];
  } finally {
    const gone = once(server, "close");
    server.kill("SIGTERM");
    await gone;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function start(dataDir: string): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const main = [process.execPath, fileURLToPath(new URL("../../src/main.ts", import.meta.url))];
  const canPin = process.platform === "linux" && spawnSync("taskset", ["-c", "0,1", "true"]).status === 0;
  const [program, ...args] = canPin ? ["taskset", "-c", "0,1", ...main] : main;
  const env = { ...process.env, PORT: "0", MILLRACE_DATA: dataDir, MILLRACE_PACKS: PACK, MILLRACE_WORKERS: "2", LOG_LEVEL: "fatal" };
  const server = spawn(program!, args, { stdio: ["ignore", "pipe", "ignore"], env });
  const ended = once(server, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code} before it listened`)));
  ended.catch(() => undefined); // Of no interest once it listens.
  const [line] = (await Promise.race([once(createInterface(server.stdout), "line"), ended])) as [string];
  return { server, address: /http:\/\/\S+/.exec(line)![0] };
}

/**
 * Kills the next of the server's grading processes, in turn: those that are busy, those that wait, that of the references, and now and then the one that the
 * others were forked off. False when there is none.
 */
function killOne(server: number, turn: number): boolean {
  const processes = groupOf(server).filter((pid) => /(child|zygote)-\w+\.mjs/.test(readOrNothing(`/proc/${pid}/cmdline`)));
  const victim = processes[turn % Math.max(1, processes.length)];
  if (victim === undefined) return false;
  try {
    return process.kill(victim, "SIGKILL");
  } catch {
    return false; // It has ended by itself meanwhile.
  }
}

/**
 * Its process group, without itself: a process whose parent was killed belongs to somebody else, but to the same group. Linux only; elsewhere there are none
 * to be seen, and none is killed.
 */
function groupOf(server: number): number[] {
  if (process.platform !== "linux") return [];
  const groupId = (pid: number): string | undefined => {
    const stat = readOrNothing(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2];
  };
  const group = groupId(server);
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== server && groupId(pid) === group);
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return ""; // No /proc, or the process is gone.
  }
}

async function submit(
  address: string,
  problem: string,
  body: { readonly language: string; readonly text: string; readonly functions?: string | undefined },
) {
  const { language, text, functions } = body;
  const response = await fetch(`${address}/api/problems/${problem}/submissions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ language, text, functions }),
  });
  if (response.status !== 201) throw new Error(`submitting was answered ${response.status}: ${await response.text()}`);
}

async function standing(address: string, sample: readonly Sampled[]): Promise<SubmissionSummary[]> {
  const lists = await Promise.all(
    sample.map(({ problem }) => get<SubmissionSummary[]>(address, `/api/problems/${problem.id}/submissions`)),
  );
  return lists.flat();
}

async function get<T>(address: string, path: string): Promise<T> {
  return (await (await fetch(`${address}${path}`)).json()) as T;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + GIVE_UP_AFTER_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAtMs) throw new Error("the bench takes too long");
    await sleep(LOOK_EVERY_MS);
  }
}
