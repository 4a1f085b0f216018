/** `millrace run --explain`: the plan of a job, in the sandbox like everything that is a learner's, and nothing run. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";

const CLI = join(import.meta.dirname, "../../src/cli.ts");
const PROBLEM = join(import.meta.dirname, "hello-pack/hello-filter");
const SCENARIO = join(PROBLEM, "scenarios/sample-1.yaml");
const folder = mkdtempSync(join(tmpdir(), "millrace-explain-"));

// Each command starts its sandbox and its type checker cold.
vi.setConfig({ testTimeout: 60_000 });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function explain(job: string) {
  return spawnSync(process.execPath, [CLI, "run", job, "--scenario", SCENARIO, "--explain"], { encoding: "utf8" });
}

it("prints the job graph", () => {
  const { status, stdout } = explain(join(PROBLEM, "submissions/accepted/reference.ts"));
  expect(stdout).toContain("Vertex 0: Source: readings -> Filter -> Sink: Writer\n  parallelism 1, max parallelism 128");
  // Flink's own id of a source that something is chained to.
  expect(stdout).toContain("Source: readings   [id cbc357ccb763df2852fee8c4fc7d55f2]");
  expect(status).toBe(0);
});

it("shows a mistake at its place", () => {
  const job = join(folder, "no-sink.ts");
  writeFileSync(
    job,
    'import { StreamExecutionEnvironment } from "flink";\nconst env = StreamExecutionEnvironment.getExecutionEnvironment();\nenv.fromData(1).map(String);\nenv.execute();\n',
  );
  const { status, stdout, stderr } = explain(job);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/no-sink\.ts:\d+.*JOB_WITHOUT_SINK|JOB_WITHOUT_SINK/s);
  expect(status).toBe(1);
});
