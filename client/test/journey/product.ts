/**
 * The product as a newcomer gets it: the real server in a process of its own on a free port with an empty data folder, and the
 * submissions of the bundled pack to type into it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../../..");
export const PACK = join(root, "problems", "flink-interview");

export interface Product {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the server and waits until it says that it can judge. */
export async function startProduct(): Promise<Product> {
  const data = mkdtempSync(join(tmpdir(), "millrace-journey-"));
  const port = await freePort();
  const server = spawn(process.execPath, [join(root, "server/src/main.ts")], {
    env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", MILLRACE_DATA: data },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const address = `http://127.0.0.1:${port}`;
  await until(async () => (await (await fetch(`${address}/api/health`)).json()).status === "ok", 60_000);
  return {
    address,
    async stop() {
      await ended(server);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Text of the first submission in `submissions/<folder>` of a problem with the given ending. */
export function submission(problem: string, folder: string, ending: "ts" | "sql"): string {
  const path = join(PACK, problem, "submissions", folder);
  const file = readdirSync(path)
    .filter((name) => name.endsWith(`.${ending}`))
    .sort()[0];
  if (!file) throw new Error(`${problem} has no ${folder} submission in .${ending}`);
  return readFileSync(join(path, file), "utf8");
}

async function until(condition: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`the server was not ready within ${timeoutMs} ms`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.on("exit", () => done());
    child.kill("SIGTERM");
  });
}
