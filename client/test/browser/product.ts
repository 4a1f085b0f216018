/**
 * The product as a newcomer gets it: the real server in a process of its own on a free port with an empty data folder, and the
 * submissions of the bundled pack to type into it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

export const root = resolve(import.meta.dirname, "../../..");
export const PACK = join(root, "problems", "flink-interview");

export interface Product {
  readonly address: string;
  /** Makes a user, as an operator does: `npx millrace user add`. */
  addUser(name: string, role: "learner" | "instructor" | "admin", password: string): Promise<void>;
  /** Ends the process at once, as a power cut would: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, at the same address and with what it has stored. */
  startAgain(): Promise<void>;
  /** Ends the process in good order and removes its data. */
  stop(): Promise<void>;
}

/** Starts the server and waits until it says that it can judge. `packs`: other ones than the bundled. `env`: more settings. */
export async function startProduct(packs?: string, env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const data = mkdtempSync(join(tmpdir(), "millrace-journey-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const settings = {
    PORT: String(port),
    HOST: "127.0.0.1",
    MILLRACE_DATA: data,
    MILLRACE_WARM_UP: "off",
    ...(packs === undefined ? {} : { MILLRACE_PACKS: packs }),
    ...env,
  };
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(root, "server/src/main.ts")], {
      env: { ...process.env, ...settings },
      // Its first line says where it listens, which is known here.
      stdio: ["ignore", "ignore", "inherit"],
    });
    await until(async () => (await (await fetch(`${address}/api/health`)).json()).status === "ok", 60_000);
    return child;
  };
  let server = await start();
  return {
    address,
    async addUser(name, role, password) {
      const args = [join(root, "server/src/commands/main.ts"), "user", "add", name, "--role", role, "--password-stdin"];
      const child = spawn(process.execPath, args, { env: { ...process.env, MILLRACE_DATA: data }, stdio: ["pipe", "ignore", "inherit"] });
      child.stdin.end(password);
      const [code] = (await once(child, "exit")) as [number | null];
      if (code !== 0) throw new Error(`the user ${name} was not made`);
    },
    kill: () => ended(server, "SIGKILL"),
    async startAgain() {
      server = await start();
    },
    async stop() {
      await ended(server, "SIGTERM");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Text of the first submission in `submissions/<folder>` of a problem with the given ending, or made of one with it. */
export function submission(problem: string, folder: string, ending: "ts" | "sql"): string {
  const path = join(PACK, problem, "submissions");
  for (const name of readdirSync(join(path, folder)).sort()) {
    const text = readFileSync(join(path, folder, name), "utf8");
    if (name.endsWith(`.${ending}`)) return text;
    if (!name.endsWith(".edit.yaml")) continue;
    const { of, edits } = parse(text) as { of: string; edits: { replace: string; with: string }[] };
    if (!of.endsWith(`.${ending}`)) continue;
    return edits.reduce((edited, edit) => edited.replace(edit.replace, () => edit.with), readFileSync(join(path, of), "utf8"));
  }
  throw new Error(`${problem} has no ${folder} submission in .${ending}`);
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

async function ended(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}
