/**
 * `npm run check`: format, lint, types and layers, each as one line, in seconds. `--write` mends format and lint where possible
 * (`npm run format`). Prints the findings of what failed and exits non-zero.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageBin, root, runNode } from "./steps.mjs";

const TYPE_PROJECTS = ["engine", "engine/test", "grader", "server", "problems"];

/** Runs all checks at once; resolves to the number that passed and failed. */
export async function check({ write = false } = {}) {
  const biome = write ? ["check", "--write"] : ["check"];
  const tasks = [
    ["format and lint", [packageBin("@biomejs/biome", "biome"), ...biome, "--max-diagnostics=40", root]],
    ...TYPE_PROJECTS.filter((project) => existsSync(join(root, project, "tsconfig.json"))).map((project) => [
      `types of ${project}`,
      [packageBin("typescript", "tsc"), "-p", join(root, project)],
    ]),
    ["types of client", [packageBin("svelte-check"), "--workspace", join(root, "client"), "--output", "human", "--threshold", "error"]],
    ["layers", [packageBin("vitest"), "run", "--root", join(root, "engine"), "test/tidy"]],
  ];
  let failed = 0;
  const started = Date.now();
  const queue = [...tasks];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) {
      const [name, args] = task;
      const { code, output } = await runNode(args, { echo: false });
      if (code !== 0) failed++;
      process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${name}\n${code === 0 ? "" : output}`);
    }
  };
  await Promise.all([worker(), worker()]);
  process.stdout.write(`checked in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  return { passed: tasks.length - failed, failed };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { passed, failed } = await check({ write: process.argv.includes("--write") });
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
