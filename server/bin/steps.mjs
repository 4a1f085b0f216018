/** Small building blocks of the commands in this folder: run a child and wait, say what happens, hash a tree. Built-ins only. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The script behind a package's command, so that no shell and no `.cmd` file is needed on Windows. */
export function packageBin(packageName, binName = packageName) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[binName]);
}

/** Runs Node with `args`; resolves to the exit code and what was printed. `echo` passes the output on while it comes. */
export function runNode(args, { echo = true, env = {}, cwd = root } = {}) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (stream) => (chunk) => {
      output += chunk;
      if (echo) stream.write(chunk);
    };
    child.stdout.setEncoding("utf8").on("data", take(process.stdout));
    child.stderr.setEncoding("utf8").on("data", take(process.stderr));
    child.on("error", (error) => done({ code: 1, output: `${output}${error.message}\n` }));
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

export function say(text) {
  process.stderr.write(`millrace: ${text}\n`);
}

/** Hash over the names and contents of files and folders (relative to the root), to see whether something built is stale. */
export function hashTree(paths) {
  const hash = createHash("sha256");
  for (const path of paths.toSorted()) addToHash(hash, join(root, path));
  return hash.digest("hex");
}

function addToHash(hash, path) {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).toSorted()) if (name !== "node_modules" && name !== "dist") addToHash(hash, join(path, name));
    return;
  }
  hash.update(relative(root, path).replaceAll("\\", "/")).update("\0").update(readFileSync(path)).update("\0");
}
