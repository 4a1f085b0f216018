/** The server as a process of its own, to be killed for real. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface SpawnedServer {
  readonly child: ChildProcess;
  readonly address: string;
}

const children: ChildProcess[] = [];

/** Resolves when the server has printed its address. @param script relative to this folder. */
export async function spawnServer(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<SpawnedServer> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const stdio = ["ignore", "pipe", "inherit", "ipc"] as const;
  const child = spawn(process.execPath, [path, ...args], { stdio: [...stdio], env: { ...process.env, ...env } });
  children.push(child);
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code} before it listened`)));
  ended.catch(() => {});
  const [line] = (await Promise.race([once(createInterface(child.stdout!), "line"), ended])) as [string];
  return { child, address: /http:\/\/\S+/.exec(line)![0] };
}

/** SIGKILL: no handler runs, nothing is flushed. */
export async function killServer({ child }: Pick<SpawnedServer, "child">): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export async function killAll(): Promise<void> {
  for (const child of children.splice(0)) await killServer({ child });
}
