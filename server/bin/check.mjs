/**
 * `npm run check`: format, lint, types and layers, each as one line, in seconds. `--write` mends format and lint where possible
 * (`npm run format`). Prints the findings of what failed and exits non-zero.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageBin, root, runNode } from "./steps.mjs";

/**
 * The engine alone, which may use nothing of Node; then the engine's tests, grader and server as one program (server/bin/tsconfig.json): each by itself, all three
 * would check the engine's sources again.
 */
const TYPE_PROJECTS = [
  ["types of engine", "engine"],
  ["types of engine/test, grader and server", "server/bin"],
  ["types of client/test", "client/test"],
];

/** Type checks remember what they have seen, so that only what has changed is checked again. */
function typesOf(project) {
  const memory = join(root, "node_modules", ".cache", "millrace", `${project.replace("/", "-")}.tsbuildinfo`);
  return [packageBin("typescript", "tsc"), "-p", join(root, project), "--incremental", "--tsBuildInfoFile", memory];
}

/** Runs all checks, two at a time. The answer has the form of `runNode`'s: exit code, and the output with its closing line. `layers`: those too, default true. */
export async function check({ write = false, echo = true, layers = true } = {}) {
  const queue = [
    [
      "types of client",
      [
        packageBin("svelte-check"),
        "--workspace",
        join(root, "client"),
        "--output",
        "human",
        "--threshold",
        "warning",
        "--fail-on-warnings",
      ],
    ],
    ...TYPE_PROJECTS.map(([name, project]) => [name, typesOf(project)]),
    ["format and lint", [packageBin("@biomejs/biome", "biome"), "check", ...(write ? ["--write"] : []), "--max-diagnostics=40", root]],
    ["types of the packs' submissions", [join(root, "problems", "check-types.ts")]],
    ...(layers ? [["layers", [packageBin("vitest"), "run", "--root", join(root, "engine"), "test/tidy"]]] : []),
  ];
  const started = Date.now();
  let passed = 0;
  let failed = 0;
  let output = "";
  const tell = (text) => {
    output += text;
    if (echo) process.stdout.write(text);
  };
  const lane = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) {
      const [name, args] = task;
      const result = await runNode(args, { echo: false });
      if (result.code === 0) passed++;
      else failed++;
      tell(result.code === 0 ? `ok   ${name}\n` : `FAIL ${name}\n${result.output}`);
    }
  };
  await Promise.all([lane(), lane()]);
  tell(`checked in ${((Date.now() - started) / 1000).toFixed(1)} s\n${passed} passed, ${failed} failed\n`);
  return { code: failed === 0 ? 0 : 1, output };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await check({ write: process.argv.includes("--write") })).code;
}
