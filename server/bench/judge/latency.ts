/**
 * From the call to the verdict, one submission at a time, warm: the pack's expected outputs are known, and a grading process waits that was
 * forked off a warm one (Linux). All
 * processes share one core (Linux; elsewhere they have all, and the title says so). What follows the verdict is not part of it.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Grader, WARM_UP_ROUNDS } from "@millrace/grader";
import { type Sampled, sampleOf, textOf } from "./sample.ts";
import { quantile, type Row } from "../table.ts";

/** Until the process that was used has been replaced by another warm one; nobody submits twice within it. */
const PAUSE_MS = 1_200;

/** By problem, in the order of the sample. */
type Latencies = Readonly<Record<string, readonly number[]>>;

export async function measureLatency(sample: readonly Sampled[], repeat: number): Promise<Row[]> {
  const canPin = process.platform === "linux" && spawnSync("taskset", ["-c", "0", "true"]).status === 0;
  const self = [fileURLToPath(import.meta.url), String(sample.length), String(repeat)];
  const [program, args] = canPin ? ["taskset", ["-c", "0", process.execPath, ...self]] : [process.execPath, self];
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  let latencies: Latencies = {};
  child.on("message", (message) => {
    latencies = message as Latencies;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the latency could not be measured (${code})`);
  const all = Object.values(latencies).flat();
  const place = canPin ? "one core" : "all cores";
  return [
    ...Object.entries(latencies).map(([id, values]) => ({ name: `  ${id}, p50`, value: quantile(values, 0.5), unit: "ms" })),
    { name: `verdict p50, ${place}`, value: quantile(all, 0.5), unit: "ms", target: { atMost: 500 } },
    { name: `verdict p95, ${place}`, value: quantile(all, 0.95), unit: "ms", target: { atMost: 1500 } },
  ];
}

async function measure(problems: number, repeat: number): Promise<Latencies> {
  const latencies: Record<string, number[]> = {};
  const grader = new Grader({ poolSize: 1, warmUpRounds: WARM_UP_ROUNDS });
  try {
    await grader.warm();
    let learner = 0;
    for (const { problem, accepted } of await sampleOf(problems)) {
      const values: number[] = [];
      latencies[problem.id] = values;
      // The first one computes the expected outputs and is not counted.
      for (let round = 0; round <= repeat; round++) {
        const submission = accepted[round % accepted.length]!;
        await sleep(PAUSE_MS);
        const startedAtMs = performance.now();
        const report = await grader.judge(problem, { ...submission, text: textOf(submission, learner++) });
        const tookMs = performance.now() - startedAtMs;
        if (report.verdict !== "accepted") throw new Error(`${problem.id}, ${submission.path}: ${report.verdict}: ${report.headline}`);
        if (round > 0) values.push(tookMs);
      }
    }
  } finally {
    await grader.close();
  }
  return latencies;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const latencies = await measure(Number(process.argv[2]), Number(process.argv[3]));
  process.send?.(latencies);
  process.disconnect?.();
}
