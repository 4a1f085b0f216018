/** Runs one of the operator's commands as a process of its own, to its end. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/commands/main.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(dataDir: string, args: readonly string[], { input = "", env = {} } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, MILLRACE_DATA: dataDir, PORT: "", HOST: "", ...env } });
  child.stdin.on("error", () => {}).end(input);
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}
