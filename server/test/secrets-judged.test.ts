/**
 * A learner asks for everything that learners may ask for, of a problem with a hidden world and of a wrong answer to it, with the real judge behind it. Words that stand only in what is
 * secret (hidden world, reference, editorial, bundled submissions, generator) come out of no answer, event, export or error. The routes come from Fastify: a new one is asked, too.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { SubmissionDetail, SubmissionSummary } from "../src/contract/index.ts";
import { loadCatalog } from "../src/services/catalog/load-catalog.ts";
import { GraderJudge } from "../src/services/judge/grader-judge.ts";
import { type Browser, userWith } from "./browser.ts";
import { makeApp, removeTempDirs, type TestApp, tempDir } from "./test-server.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CLI = fileURLToPath(new URL("../../grader/src/cli.ts", import.meta.url));

/** Each stands in one secret place only. */
const SECRETS = {
  "a value of the hidden world": "770011",
  "the time of the hidden world": "2031-07-19",
  "a comment of the reference": "kept-in-the-reference",
  "a name in the reference": "secretlyWarm",
  "the editorial": "kept-in-the-editorial",
  "a bundled wrong submission": "kept-in-a-wrong-submission",
  "the name of the hidden scenario's file": "secret-border",
};

let test: TestApp;
let ada: Browser & { readonly id: string };
let teacher: Browser & { readonly id: string };
let submissionId = "";
let classId = "";

beforeAll(async () => {
  const packDir = join(tempDir(), "mini");
  const problem = join(packDir, "readings");
  execFileSync(process.execPath, [CLI, "pack", "new", problem, "--kind", "datastream"]);
  const sample = readFileSync(join(problem, "scenarios", "sample-1.yaml"), "utf8");
  const hidden = sample
    .replace("visibility: sample", "visibility: hidden")
    .replace("2026-01-05", SECRETS["the time of the hidden world"])
    .replace("id: 2,", `id: ${SECRETS["a value of the hidden world"]},`);
  writeFileSync(join(problem, "scenarios", `${SECRETS["the name of the hidden scenario's file"]}.yaml`), hidden);
  const reference = join(problem, "submissions", "accepted", "reference.ts");
  const text = readFileSync(reference, "utf8").replace("(reading) => reading.celsius > 20", "secretlyWarm");
  const named = text.replace("const env =", "const secretlyWarm = (reading: Reading) => reading.celsius > 20;\nconst env =");
  writeFileSync(reference, `// ${SECRETS["a comment of the reference"]}\n${named}`);
  const wrong = join(problem, "submissions", "wrong-output", "includes-twenty.ts");
  writeFileSync(wrong, `// ${SECRETS["a bundled wrong submission"]}\n${readFileSync(wrong, "utf8")}`);
  writeFileSync(join(problem, "editorial.md"), `${SECRETS["the editorial"]}\n`);
  mkdirSync(join(packDir, "lessons"));
  writeFileSync(join(packDir, "lessons", "01-start.md"), "---\ntitle: Start\nsection: 1\nminutes: 3\n---\nRead.\n");

  const { catalog, problems, complaints } = await loadCatalog([packDir]);
  expect(complaints).toEqual([]);
  expect([...problems.get("readings")!.scenarios].map(({ visibility }) => visibility).sort()).toEqual(["hidden", "sample"]);
  const faults: string[] = [];
  const judge = new GraderJudge(problems, { workers: 1, warmUp: false, onFault: (fault) => faults.push(fault.message) });
  test = await makeApp({ accounts: true }, judge, { catalog, runLane: { atOnce: 2, maxWaiting: 9 } });
  await test.queue.start();
  ada = await userWith(test.app, test.parts, "ada", "learner");
  teacher = await userWith(test.app, test.parts, "teacher", "instructor");
  const made = (await teacher.call("POST", "/classes", { body: { name: "Streams" } })).json<{ id: string; code: string }>();
  classId = made.id;
  await ada.call("POST", "/classes/join", { body: { code: made.code } });
  await teacher.call("POST", `/classes/${classId}/assignments`, { body: { title: "Week 1", problemIds: ["readings"], dueAtMs: null } });

  // Wrong in the sample as well as in the hidden world, so that there is a difference in each.
  const answer = readFileSync(wrong, "utf8").replace(/^\/\/.*\n/, "");
  const sent = await ada.call("POST", "/problems/readings/submissions", { body: { language: "datastream", text: answer } });
  submissionId = sent.json<SubmissionSummary>().id;
  const settled = async (): Promise<boolean> => {
    const { status, explanation } = (await ada.call("GET", `/submissions/${submissionId}`)).json<SubmissionDetail>();
    return status === "judged" && explanation !== "pending";
  };
  await vi.waitUntil(settled, { timeout: 100_000, interval: 200 });
  expect(faults).toEqual([]);
});

afterAll(async () => {
  await test.close();
  removeTempDirs();
});

const known: Readonly<Record<string, () => string>> = {
  "problems/id": () => "readings",
  "problems/number": () => "1",
  "problems/file": () => "datastream",
  "lessons/id": () => "mini~start",
  "submissions/id": () => submissionId,
  "classes/id": () => classId,
};

function leaksOf(where: string, body: string): string[] {
  return Object.entries(SECRETS).flatMap(([what, word]) => (body.includes(word) ? [`${where} tells ${what}`] : []));
}

it("nothing that learners may read tells a secret", async () => {
  const asked: string[] = [];
  const leaks: string[] = [];
  for (const { name, access } of test.routes) {
    const [method, path = ""] = name.split(" ");
    if (method !== "GET") continue;
    const [, , resource] = path.split("/");
    const url = path.slice("/api".length).replace(/:(\w+)/g, (_, parameter: string) => known[`${resource}/${parameter}`]?.() ?? "none");
    const response = await ada.call("GET", url);
    // Whatever a route is for: what it refuses a learner with must not tell anything either.
    leaks.push(...leaksOf(`${name} (${access})`, response.body));
    if (response.statusCode === 200) asked.push(name);
  }
  expect(leaks).toEqual([]);
  for (const name of [
    "GET /api/problems/:id",
    "GET /api/submissions/:id",
    "GET /api/submissions/:id/events",
    "GET /api/problems/:id/run-kit",
  ])
    expect(asked, "these were answered").toContain(name);
});

it("nothing that learners may have run, checked or submitted tells a secret, nor does an error", async () => {
  const leaks: string[] = [];
  const texts = [
    "throw new Error('on purpose');",
    "syntax error {",
    `import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const readings = KafkaSource.builder<unknown>().setBootstrapServers("kafka:9092").setTopics("readings").build();
const warm = KafkaSink.builder<unknown>().setBootstrapServers("kafka:9092").setRecordSerializer(json("warm")).build();
env.fromSource(readings, WatermarkStrategy.noWatermarks(), "readings").map((each) => { console.log(JSON.stringify(each)); throw new Error(JSON.stringify(each)); }).sinkTo(warm);
env.execute("all");`,
  ];
  for (const text of texts) {
    const body = { language: "datastream", text };
    for (const route of ["run", "check", "program"])
      leaks.push(...leaksOf(route, (await ada.call("POST", `/problems/readings/${route}`, { body })).body));
    const changed = { ...body, sample: 0, changes: [] };
    leaks.push(...leaksOf("changed-run", (await ada.call("POST", "/problems/readings/changed-run", { body: changed })).body));
    const { id } = (await ada.call("POST", "/problems/readings/submissions", { body })).json<SubmissionSummary>();
    // Ends with the verdict and its explanation.
    leaks.push(...leaksOf("events", (await ada.call("GET", `/submissions/${id}/events`)).body));
    leaks.push(...leaksOf("submission", (await ada.call("GET", `/submissions/${id}`)).body));
    leaks.push(
      ...leaksOf("changed submission", (await ada.call("POST", `/submissions/${id}/changed-run`, { body: { changes: [] } })).body),
    );
  }
  expect(leaks).toEqual([]);
});

it("nor do the exports of a class, to those who lead it", async () => {
  for (const file of ["results", "results.csv", "misconceptions.csv"]) {
    const response = await teacher.call("GET", `/classes/${classId}/${file}`);
    expect(response.statusCode).toBe(200);
    expect(leaksOf(file, response.body)).toEqual([]);
  }
});
