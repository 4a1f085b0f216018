/** Builds the client into client/dist when its sources have changed since the last build. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashTree, packageBin, root, runNode, say } from "./steps.mjs";

const INPUTS = [
  "client/src",
  "client/public",
  "client/index.html",
  "client/vite.config.ts",
  "client/package.json",
  "engine/src",
  "package-lock.json",
];
const STAMP = join(root, "client", "dist", ".built-from");

/** Exits with vite's own message when the build fails. */
export async function buildClient() {
  const hash = hashTree(INPUTS);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  say("building the client …");
  const started = Date.now();
  const { code, output } = await runNode([packageBin("vite"), "build", "--logLevel", "warn"], { echo: false, cwd: join(root, "client") });
  if (code !== 0) {
    process.stderr.write(output);
    say("the client could not be built");
    process.exit(1);
  }
  writeFileSync(STAMP, hash);
  say(`client built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
