/** Goes through the real packs: nothing that would give an answer away may come out of any route. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem } from "@millrace/grader";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../src/app.ts";
import { composeParts } from "../src/compose.ts";
import { openDatabase } from "../src/db/database.ts";
import { type LoadedCatalog, loadCatalog } from "../src/services/catalog/load-catalog.ts";
import { Signals } from "../src/services/queue/signals.ts";
import { openStores } from "../src/stores.ts";
import { InProcessJudge } from "./in-process-judge.ts";
import { removeTempDirs, testConfig } from "./test-server.ts";

const PROBLEMS = fileURLToPath(new URL("../../problems/", import.meta.url));

let app: FastifyInstance;
let loaded: LoadedCatalog;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  loaded = await loadCatalog([PROBLEMS]);
  const config = testConfig();
  const database = openDatabase(config.dataDir);
  const { catalog } = loaded;
  const queue = { wake: () => {}, retryAfterS: () => 1 };
  const [stores, judge, signals] = [openStores(database), new InProcessJudge(), new Signals()];
  const built = await buildApp(config, (log) => composeParts({ config, catalog, judge, stores, signals, queue, log }));
  await built.parts.judge.open();
  app = built.app;
  closers.push(
    () => app.close(),
    () => database.close(),
    removeTempDirs,
  );
});

afterAll(async () => {
  for (const close of closers) await close();
});

/** Long lines that stand only in what learners must not see. */
function secretLines(problem: Problem): string[] {
  const shown = [
    problem.statement,
    ...Object.values(problem.starter),
    ...Object.values(problem.given),
    ...problem.hints.map((hint) => hint.body),
  ].join("\n");
  const hidden = [
    problem.reference.text,
    problem.editorial ?? "",
    problem.modules.generate ?? "",
    problem.modules.trace ?? "",
    ...problem.submissions.map((submission) => submission.text),
  ];
  const lines = hidden.flatMap((text) => text.split("\n")).map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line.length >= 30 && !/^import |^\/\/|^\*/.test(line) && !shown.includes(line));
}

describe("the bundled packs", () => {
  it("load without a complaint", () => {
    expect(loaded.complaints).toEqual([]);
    expect(loaded.catalog.problems.length).toBeGreaterThan(0);
  });

  it("render every statement and hint", () => {
    for (const problem of loaded.catalog.problems) {
      expect(problem.statementHtml, problem.id).toMatch(/^<(h\d|p)>/);
      expect(problem.hintsHtml.length, problem.id).toBeGreaterThan(0);
    }
  });

  it("give nothing away in any answer", async () => {
    const problems = [...loaded.problems.values()];
    expect(problems.flatMap(secretLines).length).toBeGreaterThan(20);
    const common = ["/api/problems", "/api/types", "/api/health", "/api/openapi.json"];
    for (const problem of problems) {
      const urls = [...common, `/api/problems/${problem.id}`, `/api/problems/${problem.id}/submissions`];
      const lines = secretLines(problem);
      const secretScenarios = problem.scenarios.filter((scenario) => scenario.visibility !== "sample").map((scenario) => scenario.file);
      for (const url of urls) {
        const response = await app.inject(url);
        expect(response.statusCode, url).toBe(200);
        const strings = allStrings(response.json());
        for (const secret of [...lines, ...secretScenarios])
          expect(
            strings.find((text) => text.includes(secret)),
            `${url}: ${secret}`,
          ).toBeUndefined();
      }
    }
  });

  it("are not served as files", async () => {
    for (const dir of ["flink-interview"]) {
      for (const problem of loaded.problems.values()) {
        for (const file of [
          "problem.yaml",
          "editorial.md",
          "generate.ts",
          "submissions/accepted/reference.ts",
          ...problem.scenarios.map(({ file }) => file),
        ]) {
          for (const prefix of ["/", "/problems/", "/api/problems/", "/assets/..%2f..%2f..%2fproblems/", "/..%2f..%2fproblems/"]) {
            const response = await app.inject(`${prefix}${dir}/${problem.id}/${file}`);
            expect(response.statusCode, `${prefix}${dir}/${problem.id}/${file}`).toBe(404);
          }
        }
      }
    }
    expect(existsSync(join(PROBLEMS, "flink-interview", "pack.yaml"))).toBe(true);
  });
});

function allStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(allStrings);
  if (value !== null && typeof value === "object") return Object.values(value).flatMap(allStrings);
  return [];
}
