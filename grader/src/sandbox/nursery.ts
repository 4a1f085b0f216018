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
import { isRunning, readVitals } from "./vitals.ts";
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
/** A copy that was killed before it could connect is noticed within this. */
const LOOK_EVERY_MS = 20;
/** Warming up takes long enough to be killed meanwhile, by whom or what ever. */
const WARM_UP_ATTEMPTS = 5;
const FORK_ATTEMPTS = 3;

export class Nursery {
  readonly #files: GuestFiles;
  readonly #rounds: number;
  readonly #onFault: (fault: unknown) => void;
  readonly #onWarm: () => void;
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

  /**
   * @param onFault told why there is no zygote any more, or no copy of one that lives; neither costs anybody a verdict.
   * @param onWarm told whenever `fork` works after it did not
   */
  constructor(files: GuestFiles, rounds: number, onFault: (fault: unknown) => void, onWarm: () => void = () => undefined) {
    this.#onFault = onFault;
    this.#onWarm = onWarm;
    this.#files = files;
    this.#rounds = rounds;
    this.#server = createServer((socket) => this.#receive(socket));
    this.#server.on("error", () => undefined); // Nobody will connect, and `fork` rejects.
  }

  /** True while `fork` can be expected to work. */
  get isWarm(): boolean {
    return this.zygotes > 0;
  }

  /** That are alive: one is forked, another stands by, except for the moment after one was killed. */
  get zygotes(): number {
    return this.#zygotes.filter(({ alive }) => alive).length;
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
        const copy = await this.#copyIfAlive(this.#zygote(), limits, false);
        await this.#haveSpare();
        if (copy?.alive === true) return copy;
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

  /** Rejects with what the last attempt ended with, when none succeeded. */
  async #warmUp(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#warmUpOnce();
        break;
      } catch (error) {
        if (this.#closed || attempt === WARM_UP_ATTEMPTS) throw error;
      }
    }
    if (!this.#closed) this.#onWarm();
  }

  async #warmUpOnce(): Promise<void> {
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
      const spare = await this.#copyOf(zygote, ZYGOTE_LIMITS, true);
      for (const one of [zygote, spare]) this.#adopt(one);
    } catch (error) {
      zygote.kill();
      throw error;
    } finally {
      this.#warming = null;
    }
    if (this.#closed) this.close();
  }

  #adopt(zygote: GradingProcess): void {
    this.#zygotes.push(zygote);
    zygote.ended.then(() => {
      this.#zygotes = this.#zygotes.filter((one) => one !== zygote);
      if (this.#closed) return;
      const replaced = this.isWarm ? this.#exclusively(() => this.#haveSpare()) : this.#warmUp();
      replaced.catch((fault) => this.#tell(fault)); // It stays as it is: one zygote less.
    });
  }

  /** The first that lives. */
  #zygote(): GradingProcess {
    const zygote = this.#zygotes.find(({ alive }) => alive);
    if (zygote === undefined) throw new ProcessDied("there is no zygote");
    return zygote;
  }

  #tell(fault: unknown): void {
    if (!this.#closed) this.#onFault(fault);
  }

  /** For the time when the first is killed. */
  async #haveSpare(): Promise<void> {
    while (this.zygotes === 1) {
      const spare = await this.#copyIfAlive(this.#zygote(), ZYGOTE_LIMITS, true);
      if (spare !== null) this.#adopt(spare);
    }
  }

  /** null = the zygote was killed meanwhile. A copy may be killed as well, but not each of them. */
  async #copyIfAlive(zygote: GradingProcess, limits: ProcessLimits, spare: boolean): Promise<GradingProcess | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#copyOf(zygote, limits, spare);
      } catch (error) {
        if (!zygote.alive) return null;
        if (attempt < FORK_ATTEMPTS) continue;
        this.#tell(error);
        throw error;
      }
    }
  }

  async #copyOf(zygote: GradingProcess, limits: ProcessLimits, spare: boolean): Promise<GradingProcess> {
    const token = this.#nextToken++;
    const connected = new Promise<Socket>((resolve) => this.#awaited.set(token, resolve));
    let copy: GradingProcess | null = null;
    try {
      const pid = await zygote.fork(this.#socket, token, spare);
      const socket = await this.#whileItRuns(pid, connected);
      const inheritedBytes = Math.max(0, (readVitals(pid)?.rssBytes ?? 0) - COLD_RSS_BYTES);
      copy = new GradingProcess(this.#files, limits, { to: (events) => new ForkedLink(pid, socket, events), inheritedBytes });
      return copy;
    } finally {
      this.#awaited.delete(token);
      // It has connected before its zygote could say so, which was killed. Without its socket it ends.
      if (copy === null) void connected.then((socket) => socket.destroy());
    }
  }

  /** A copy may be killed before it connects, and others wait for theirs meanwhile. */
  #whileItRuns(pid: number, connected: Promise<Socket>): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const giveUpAtMs = performance.now() + CONNECT_MS;
      const look = setInterval(() => {
        if (isRunning(pid) && performance.now() < giveUpAtMs) return;
        clearInterval(look);
        reject(new ProcessDied("a copy of the zygote did not connect"));
      }, LOOK_EVERY_MS);
      connected.then((socket) => {
        clearInterval(look);
        resolve(socket);
      }, reject);
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
