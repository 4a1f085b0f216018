/**
 * Grading processes forked off a zygote (zygote.ts), which takes milliseconds instead of a fifth of a second, and gives processes in which V8 has optimised
 * the engine already: they judge in a fraction of the CPU time. A second zygote stands by, for somebody may kill the first.
 *
 * Linux only. Where it does not work, or not yet, the pool starts processes from their file.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JudgeFault } from "../judge/judge-fault.ts";
import { MAX_SOCKET_PATH_BYTES } from "./fork.ts";
import { ForkedLink } from "./forked-link.ts";
import { GradingProcess, NODE_FLAGS, ProcessDied, type ProcessLimits } from "./grading-process.ts";
import type { GuestFiles } from "./guest-files.ts";
import type { ChildReply } from "./protocol.ts";
import { SpawnedLink } from "./spawned-link.ts";
import { readVitals } from "./vitals.ts";
import { warmUp } from "./warm-up/warm-up.ts";

/**
 * One thread, as fork.ts asks. Flags may change when a copy begins (zygote.ts). Old objects are first collected at a heap of this size (MB), which is in the
 * middle of the warm-up: what is collected takes code along that was made for it, so it must not happen at its end, nor in a copy that has just begun.
 */
const ZYGOTE_FLAGS = [
  "--single-threaded",
  "--no-freeze-flags-after-init",
  "--initial-heap-size=200",
  "--disable-warning=ExperimentalWarning",
];
/** Generous: it meets no program but ours. */
const ZYGOTE_LIMITS: ProcessLimits = { cpuMs: 60_000, rssBytes: 1000 * 1024 * 1024 };
/** What a grading process takes that was started from its file, before it has done anything. */
const COLD_RSS_BYTES = 85 * 1024 * 1024;
const CONNECT_MS = 10_000;

export class Nursery {
  readonly #files: GuestFiles;
  readonly #rounds: number;
  readonly #onFault: (fault: unknown) => void;
  readonly #dir = mkdtempSync(join(tmpdir(), "millrace-"));
  readonly #socket = join(this.#dir, "s");
  readonly #server: Server;
  readonly #awaited = new Map<number, (socket: Socket) => void>();
  /** Warmed up; the first is forked. */
  #zygotes: GradingProcess[] = [];
  #warming: GradingProcess | null = null;
  #nextToken = 1;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param onFault told why there is no zygote any more, or no copy of one that lives; neither costs anybody a verdict. */
  constructor(files: GuestFiles, rounds: number, onFault: (fault: unknown) => void) {
    this.#onFault = onFault;
    this.#files = files;
    this.#rounds = rounds;
    this.#server = createServer((socket) => this.#receive(socket));
    this.#server.on("error", () => undefined); // Nobody will connect, and `fork` rejects.
  }

  /** True while `fork` can be expected to work. */
  get isWarm(): boolean {
    return this.#zygotes.some(({ alive }) => alive);
  }

  /** Warms a zygote up. Rejects where there can be none. */
  async start(): Promise<void> {
    if (Buffer.byteLength(this.#socket) > MAX_SOCKET_PATH_BYTES)
      throw new JudgeFault("the temporary directory's path is too long for a socket");
    await new Promise<void>((resolve, reject) => this.#server.once("error", reject).listen(this.#socket, resolve));
    this.#server.unref();
    await this.#warmUp();
  }

  /** A process that knows no program. Rejects with ProcessDied when there is no zygote. */
  fork(limits: ProcessLimits): Promise<GradingProcess> {
    return this.#exclusively(async () => {
      for (;;) {
        const zygote = this.#zygote();
        const copy = await this.#copyIfAlive(zygote, limits, false);
        if (copy !== null) {
          await this.#haveSpare(zygote);
          return copy;
        }
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#warming?.kill();
    for (const zygote of this.#zygotes) zygote.kill();
    this.#zygotes = [];
    this.#server.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #warmUp(): Promise<void> {
    const { zygote: program, core, tables } = this.#files;
    // V8's code was made with other flags.
    const files = { ...this.#files, core: { text: core.text, code: null }, tables: { text: tables.text, code: null } };
    const zygote = new GradingProcess(files, ZYGOTE_LIMITS, {
      to: (events) => new SpawnedLink(program, [...NODE_FLAGS, ...ZYGOTE_FLAGS], events),
      inheritedBytes: 0,
    });
    this.#warming = zygote;
    try {
      await zygote.boot();
      await warmUp(zygote, this.#rounds);
      this.#zygotes = [zygote, await this.#copyOf(zygote, ZYGOTE_LIMITS, true)];
    } catch (error) {
      zygote.kill();
      throw error;
    } finally {
      this.#warming = null;
    }
    if (this.#closed) this.close();
  }

  /** The first that lives. When none does another is warmed up, for those who ask later. */
  #zygote(): GradingProcess {
    const before = this.#zygotes.length;
    this.#zygotes = this.#zygotes.filter(({ alive }) => alive);
    const [zygote] = this.#zygotes;
    if (zygote === undefined) {
      if (before > 0 && !this.#closed) this.#warmUp().catch((fault) => this.#tell(fault)); // It stays as it is: no zygote.
      throw new ProcessDied("there is no zygote");
    }
    return zygote;
  }

  #tell(fault: unknown): void {
    if (!this.#closed) this.#onFault(fault);
  }

  async #haveSpare(zygote: GradingProcess): Promise<void> {
    if (this.#zygotes.filter(({ alive }) => alive).length > 1) return;
    const spare = await this.#copyIfAlive(zygote, ZYGOTE_LIMITS, true);
    if (spare !== null) this.#zygotes.push(spare);
  }

  /** null = the zygote was killed meanwhile. */
  async #copyIfAlive(zygote: GradingProcess, limits: ProcessLimits, spare: boolean): Promise<GradingProcess | null> {
    try {
      return await this.#copyOf(zygote, limits, spare);
    } catch (error) {
      if (!zygote.alive) return null;
      this.#tell(error);
      throw error;
    }
  }

  async #copyOf(zygote: GradingProcess, limits: ProcessLimits, spare: boolean): Promise<GradingProcess> {
    const token = this.#nextToken++;
    const connected = this.#connected(token);
    connected.catch(() => undefined); // Of no interest when there is no copy.
    const pid = await zygote.fork(this.#socket, token, spare);
    const socket = await connected;
    const inheritedBytes = Math.max(0, (readVitals(pid)?.rssBytes ?? 0) - COLD_RSS_BYTES);
    return new GradingProcess(this.#files, limits, { to: (events) => new ForkedLink(pid, socket, events), inheritedBytes });
  }

  #connected(token: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#awaited.delete(token);
        reject(new ProcessDied("a copy of the zygote did not connect"));
      }, CONNECT_MS);
      this.#awaited.set(token, (socket) => {
        clearTimeout(late);
        this.#awaited.delete(token);
        resolve(socket);
      });
    });
  }

  /** A copy says who it is, in one line, and then only answers. */
  #receive(socket: Socket): void {
    socket.on("error", () => undefined); // "close" follows.
    socket.once("data", (line: Buffer) => {
      const awaited = this.#awaited.get(tokenIn(line));
      if (awaited === undefined) socket.destroy();
      else awaited(socket);
    });
  }

  /** One fork after the other: a zygote does one thing at a time. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work, work);
    this.#tail = result.catch(() => undefined); // Told to the caller by `result`.
    return result;
  }
}

/** NaN = whoever wrote this is no copy. */
function tokenIn(line: Buffer): number {
  try {
    return (JSON.parse(line.toString("utf8")) as Extract<ChildReply, { kind: "booted" }>).id;
  } catch {
    return Number.NaN;
  }
}
