/**
 * `npm run dev`: the server restarts when a file of server, grader, engine or a pack changes; the client is served by Vite, which
 * replaces changed modules in the open page and passes /api on to the server.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageBin, root, say } from "./steps.mjs";

const watched = ["server/src", "grader/src", "engine/src", "problems"].map((path) => `--watch-path=${join(root, path)}`);
const children = [
  spawn(process.execPath, [...watched, "--watch-preserve-output", join(root, "server/src/main.ts")], { stdio: "inherit" }),
  spawn(process.execPath, [packageBin("vite"), "--clearScreen", "false"], { stdio: "inherit", cwd: join(root, "client") }),
];
say("server and Vite are starting; open the address that Vite prints");
for (const child of children) {
  child.on("exit", (code) => {
    for (const other of children) other.kill();
    process.exitCode = code ?? 0;
  });
}
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
