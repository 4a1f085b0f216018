/** The product as it is started: main.ts, the bundled packs, the real grader. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type {
  Health,
  Language,
  ProblemDetail,
  SampleReport,
  SubmissionDetail,
  SubmissionSummary,
  TypeFiles,
} from "../src/contract/index.ts";
import { killAll, killServer, type SpawnedServer, spawnServer } from "./spawned-server.ts";
import { judged, removeTempDirs, tempDir } from "./test-server.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PROBLEM = "windowed-word-count";
const ACCEPTED = readFileSync(
  new URL(`../../problems/flink-interview/${PROBLEM}/submissions/accepted/reference.ts`, import.meta.url),
  "utf8",
);

const dataDir = tempDir();
let server: SpawnedServer;

beforeAll(async () => {
  server = await startProduct();
});

afterAll(async () => {
  await killAll();
  removeTempDirs();
});

/** Until the judge is ready. */
async function startProduct(): Promise<SpawnedServer> {
  const spawned = await spawnServer("../src/main.ts", [], { PORT: "0", MILLRACE_DATA: dataDir, MILLRACE_WARM_UP: "off" });
  await vi.waitFor(async () => expect(await (await fetch(`${spawned.address}/api/health`)).json()).toMatchObject({ status: "ok" }), {
    timeout: 100_000,
    interval: 100,
  });
  return spawned;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${server.address}${path}`);
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function post<T>(path: string, text: string, language: Language = "datastream"): Promise<T> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${server.address}${path}`, { method: "POST", headers, body: JSON.stringify({ language, text }) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer as T;
}

const submit = (text: string): Promise<SubmissionSummary> => post(`/api/problems/${PROBLEM}/submissions`, text);

it("shows every problem with its samples", async () => {
  const { problems } = await get<{ problems: { id: string }[] }>("/api/problems");
  expect(problems.length).toBeGreaterThan(0);
  for (const { id } of problems) {
    const detail = await get<ProblemDetail>(`/api/problems/${id}`);
    if (detail.form !== null) expect(detail.form?.rows.length, id).toBeGreaterThan(0);
    else expect(detail.samples.flatMap(({ inputs, expected }) => [...inputs, ...expected]).length, id).toBeGreaterThan(1);
  }
});

it("gives the editor the declarations of flink", async () => {
  const { files } = await get<TypeFiles>("/api/types");
  expect(files.map(({ path }) => path)).toContain("index.d.ts");
});

it("runs the samples and records them", async () => {
  const report = await post<SampleReport>(`/api/problems/${PROBLEM}/run`, ACCEPTED);
  expect(report).toMatchObject({ verdict: "accepted" });
  expect(report.worlds[0]!.recording?.events.length).toBeGreaterThan(0);
});

it("places a mistake of types", async () => {
  const { diagnostics } = await post<{ diagnostics: { span?: { line: number } }[] }>(
    `/api/problems/${PROBLEM}/check`,
    `${ACCEPTED}\nconst n: number = "x";\n`,
  );
  expect(diagnostics[0]?.span?.line).toBe(ACCEPTED.split("\n").length + 1);
});

it("judges, and remembers the standing", async () => {
  const { id } = await submit(ACCEPTED);
  const detail = await judged(server.address, id, 100_000);
  expect(detail).toMatchObject({ verdict: "accepted" });
  expect(detail.score).toBe(detail.maxScore);
  expect(await get(`/api/problems/${PROBLEM}`)).toMatchObject({ lastVerdict: "accepted", bestScore: detail.score });
});

it("ends a program that eats all memory, and stays well", async () => {
  const bomb = `${ACCEPTED}\nconst a: unknown[] = [];\nfor (;;) a.push(new Array(1000).fill(1));\n`;
  const report = await post<SampleReport>(`/api/problems/${PROBLEM}/run`, bomb);
  expect(report.verdict).toBe("memory-limit");
  expect(await get<Health>("/api/health")).toMatchObject({ status: "ok" });
  expect(await post<SampleReport>(`/api/problems/${PROBLEM}/run`, ACCEPTED)).toMatchObject({ verdict: "accepted" });
});

it.runIf(process.platform !== "win32")("judges again when the grading process is killed", async () => {
  const { id } = await submit(ACCEPTED);
  await vi.waitFor(async () => expect((await get<SubmissionDetail>(`/api/submissions/${id}`)).status).toBe("judging"), {
    timeout: 10_000,
    interval: 5,
  });
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = list
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const workers = pairs.filter(([, parent]) => parent === server.child.pid).map(([pid]) => pid!);
  expect(workers.length).toBeGreaterThan(0);
  for (const pid of workers) process.kill(pid, "SIGKILL");
  expect(await judged(server.address, id, 100_000)).toMatchObject({ verdict: "accepted" });
});

it("judges after the server was killed", async () => {
  const { id } = await submit(ACCEPTED);
  await killServer(server);
  server = await startProduct();
  expect(await judged(server.address, id, 100_000)).toMatchObject({ verdict: "accepted", text: ACCEPTED });
});

it.runIf(process.platform !== "win32")("stops when it is asked to", async () => {
  const gone = once(server.child, "exit");
  server.child.kill("SIGTERM");
  expect(await gone).toEqual([0, null]);
});
