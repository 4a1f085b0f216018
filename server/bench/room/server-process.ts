/** The product as it is started, on two cores, on a port that it keeps over a restart. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PACK } from "../judge/sample.ts";

export class ServerProcess {
  readonly #dataDir: string;
  #child!: ChildProcess;
  #address = "";
  /** Between the order to stop and the first line of the next one. */
  isRestarting = false;

  private constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  static async start(dataDir: string): Promise<ServerProcess> {
    const server = new ServerProcess(dataDir);
    await server.#start("0");
    return server;
  }

  get address(): string {
    return this.#address;
  }

  async restart(): Promise<void> {
    this.isRestarting = true;
    await this.stop();
    await this.#start(new URL(this.#address).port);
    this.isRestarting = false;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, "close");
    this.#child.kill("SIGTERM");
    await gone;
  }

  async #start(port: string): Promise<void> {
    const main = [process.execPath, fileURLToPath(new URL("../../src/main.ts", import.meta.url))];
    const canPin = process.platform === "linux" && spawnSync("taskset", ["-c", "0,1", "true"]).status === 0;
    const [program, ...args] = canPin ? ["taskset", "-c", "0,1", ...main] : main;
    const env = {
      ...process.env,
      PORT: port,
      MILLRACE_DATA: this.#dataDir,
      MILLRACE_PACKS: PACK,
      MILLRACE_ACCOUNTS: "on",
      MILLRACE_WORKERS: "2",
      LOG_LEVEL: "error",
    };
    const child = spawn(program!, args, { stdio: ["ignore", "pipe", "inherit"], env });
    this.#child = child;
    const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code} before it listened`)));
    ended.catch(() => undefined); // Of no interest once it listens.
    const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
    this.#address = /http:\/\/\S+/.exec(line)![0];
  }
}
