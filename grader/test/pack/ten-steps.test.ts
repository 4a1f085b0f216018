/**
 * A new problem by the ten steps of problems/README.md, to the letter: each step writes what the README names, `pack verify` runs at the end, and afterwards every
 * file that the steps name is there.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const CLI = join(import.meta.dirname, "../../src/cli.ts");
const README = readFileSync(join(import.meta.dirname, "../../../problems/README.md"), "utf8");
const PROBLEM = "warm-rooms";

let problems = "";
beforeAll(() => {
  problems = mkdtempSync(join(tmpdir(), "millrace-steps-"));
});
afterAll(() => rmSync(problems, { recursive: true, force: true }));

const job = (condition: string) => `import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";

interface Reading {
  readonly room: string;
  readonly celsius: number;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
const readings = KafkaSource.builder<Reading>().setBootstrapServers("kafka:9092").setTopics("readings").build();
const warm = KafkaSink.builder<Reading>().setBootstrapServers("kafka:9092").setRecordSerializer(json("warm")).build();
env
  .fromSource(readings, WatermarkStrategy.noWatermarks(), "readings")
  .filter((reading) => ${condition})
  .sinkTo(warm);
env.execute("${PROBLEM}");
`;

const edit = (condition: string) => `of: accepted/reference.ts
edits:
  - replace: "> 20"
    with: "${condition}"
`;

/** What is written at each step but the first and the last, by path in the problem's folder. */
const WRITTEN: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  2: {
    "problem.yaml": `format: 1
id: ${PROBLEM}
title: Warm rooms
kind: datastream
difficulty: 1
section: 1
minutes: 5
constants: { least: 20 }
outputs:
  warm: { identity: [room, celsius], columns: [room, celsius] }
`,
  },
  3: {
    "statement.md": "Copy readings of more than {{least}} °C from topic `readings` to topic `warm`.\n",
  },
  4: {
    "scenarios/sample-1.yaml": `format: 1
title: Around the border
visibility: sample
start: "2026-01-05T10:00:00Z"
streams:
  readings:
    records:
      - { at: "+1s", value: { room: a, celsius: 19 } }
      - { at: "+2s", value: { room: b, celsius: 20 } }
      - { at: "+3s", value: { room: c, celsius: 21 } }
`,
  },
  5: { "submissions/accepted/reference.ts": job("reading.celsius > 20") },
  6: { "starter/solution.ts": job("true") },
  7: {
    "scenarios/secret-many.yaml": `format: 1
title: Many rooms
seeds: 20
start: "2026-01-05T10:00:00Z"
streams: { readings: {} }
generate: { rooms: 30 }
`,
    "generate.ts": `export default function generate(random: { nextInt(bound: number): number }, params: { readonly rooms: number }) {
  const startMs = Date.parse("2026-01-05T10:00:00Z");
  const reading = (_: unknown, room: number) => {
    return { atMs: startMs + room * 1000, partition: 0, key: null, value: { room: \`r\${room}\`, celsius: 15 + random.nextInt(12) } };
  };
  return { readings: Array.from({ length: params.rooms }, reading) };
}
`,
  },
  8: {
    "submissions/wrong-output/includes-the-border.edit.yaml": edit(">= 20"),
    "submissions/wrong-output/all-of-them.edit.yaml": edit("> -300"),
    "submissions/lost-records/one-degree-off.edit.yaml": edit("> 21"),
    "submissions.yaml": `wrong-output/includes-the-border.edit.yaml: { hint: border }
wrong-output/all-of-them.edit.yaml: { hint: border }
lost-records/one-degree-off.edit.yaml: { hint: missing }
`,
  },
  9: {
    "hints.md": `## The border {#border}
when: wrong-output

Is a reading of exactly {{least}} °C warm?

## Rows that are missing {#missing}
when: lost-records

Compare the coldest row of yours with the coldest expected one.
`,
    "editorial.md": "A filter keeps what is warmer than {{least}} °C.\n",
  },
};

function millrace(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", cwd: dirname(problems) });
  return { status, output: `${stderr}${stdout}` };
}

it("is a complete problem after ten steps", { timeout: 180_000 }, () => {
  const list = README.slice(README.indexOf("## A new problem in ten steps")).split("\n### ")[0]!;
  const steps = list.split("\n").flatMap((line) => /^(\d+)\. (.*)/.exec(line)?.[2] ?? []);
  expect(steps).toHaveLength(10);
  const at = (command: string) =>
    command
      .replace("npx millrace ", "")
      .replace("problems/<pack>/<problem>", join(problems, "my-pack", PROBLEM))
      .replace("<pack>", join(problems, "my-pack"));
  const commandOf = (step: string) => at(/`(npx millrace [^`]+)`/.exec(step)![1]!).split(" ");

  expect(millrace(commandOf(steps[0]!)).status).toBe(0);
  const folder = join(problems, "my-pack", PROBLEM);
  rmSync(join(folder, "submissions/wrong-output"), { recursive: true });
  for (const [step, files] of Object.entries(WRITTEN)) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    // Whatever a step names in back-ticks and looks like a path was written by now.
    const named = [...steps[Number(step) - 1]!.matchAll(/`([\w<>*/.-]+\.(?:yaml|ts|md))`/g)].map((match) =>
      match[1]!.replace(/<[^>]+>/g, "*"),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const pattern of named) expect(globSync(pattern, { cwd: folder }), `step ${step}: ${pattern}`).not.toEqual([]);
  }
  const { status, output } = millrace(commandOf(steps[9]!));
  expect(output).toMatch(/structure +complete/);
  expect(output).toMatch(/4 killed, 0 survived/);
  expect(output).toMatch(/ passed, 0 failed\s*$/);
  expect(status).toBe(0);
});
