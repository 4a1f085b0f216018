/**
 * The grader's handle on one grading process, and the outside watchdog.
 *
 * isolated-vm's memory limit and timeout can be defeated by a few tokens (`for(;;) a.push(new Array(1000).fill(1))` takes gigabytes and
 * ignores the timeout), and after that the process cannot even exit. So the limits that count are enforced from here: resident memory
 * and CPU time are read every 20 ms while a request runs, and the answer to any transgression is SIGKILL. Wall time has a limit of its
 * own, generous because the machine may be busy with others.
 */
import type { GuestAnswer, GuestRequest } from "../guest/protocol.ts";
import { JudgeFault } from "../judge/judge-fault.ts";
import { parseAnswer } from "./guest-answer.ts";
import type { GuestFiles } from "./guest-files.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { LinkEvents, ProcessLink } from "./process-link.ts";
import type { ChildReply, ChildRequest } from "./protocol.ts";
import { SpawnedLink } from "./spawned-link.ts";
import { readVitals, type Vitals } from "./vitals.ts";

export interface ProcessLimits {
  /** CPU time of one request, all threads. */
  readonly cpuMs: number;
  /** Resident memory of the whole process; of a zygote's copy, what it would be without that which the zygote has gathered while it warmed up. */
  readonly rssBytes: number;
}

export type ProcessResult =
  | { readonly kind: "answer"; readonly answer: GuestAnswer; readonly wallMs: number; readonly cpuMs: number }
  /** The process is dead, killed for this. */
  | { readonly kind: "limit"; readonly verdict: "memory-limit" | "time-limit" | "output-limit" }
  /** The process is dead for no reason that we gave it. */
  | { readonly kind: "died"; readonly message: string };

/**
 * isolated-vm needs the first. The second (MB): a run makes much that dies young; the default starts at 1 and scavenges all the time. The
 * others: a record passes some forty small functions, and V8's own limits keep it from making one piece of code of them (measured in
 * engine/bench, which runs with the same flags).
 */
export const NODE_FLAGS = [
  "--no-node-snapshot",
  "--min-semi-space-size=16",
  "--max-inlined-bytecode-size=600",
  "--max-inlined-bytecode-size-cumulative=4000",
];
const WATCH_EVERY_MS = 20;
/** Wall time is CPU time × this + WALL_SLACK_MS. */
const WALL_FACTOR = 4;
const WALL_SLACK_MS = 2000;
const MAX_REPLY_BYTES = 160 * 1024 * 1024;
/** An isolate that V8 gave up on dies at around this size without having been killed by us. */
const SUSPICIOUS_RSS_BYTES = 220 * 1024 * 1024;
/** The isolate's own limit: what the process may take minus what Node needs. */
const NODE_OVERHEAD_BYTES = 110 * 1024 * 1024;
const BOOT_WALL_MS = 20_000;

interface Pending {
  readonly id: number;
  readonly resolve: (result: ProcessResult) => void;
  readonly startedAt: number;
  readonly cpuMsBefore: number;
  readonly wallMs: number;
}

/** A grading process ended without our doing. */
export class ProcessDied extends JudgeFault {}

/** Connects to a grading process, whose events go to these. */
export type LinkTo = (events: LinkEvents) => ProcessLink;

export class GradingProcess {
  readonly #link: ProcessLink;
  readonly #files: GuestFiles;
  readonly #limits: ProcessLimits;
  /** Resident memory that is not held against it. */
  readonly #inheritedBytes: number;
  #nextId = 1;
  #pending: Pending | null = null;
  #watch: NodeJS.Timeout | null = null;
  #reported: Vitals | null = null;
  #answerOf: { id: number; wallMs: number } | null = null;
  #peakRssBytes = 0;
  #dead = false;
  #tellEnd: () => void = () => undefined;
  /** Resolves when it is dead, for whatever reason. */
  readonly ended = new Promise<void>((resolve) => {
    this.#tellEnd = resolve;
  });

  /** Starts a process of its own, unless `link` is to be had. */
  constructor(files: GuestFiles, limits: ProcessLimits, link?: { readonly to: LinkTo; readonly inheritedBytes: number }) {
    this.#files = files;
    this.#limits = limits;
    this.#inheritedBytes = link?.inheritedBytes ?? 0;
    const lines = new LineSplitter(
      MAX_REPLY_BYTES,
      (line) => this.#receive(line),
      () => this.#end({ kind: "limit", verdict: "output-limit" }),
    );
    const to: LinkTo = link?.to ?? ((events) => new SpawnedLink(files.program, [...NODE_FLAGS, ...files.flags], events));
    this.#link = to({
      onData: (chunk) => lines.push(chunk),
      onEnd: (why) => {
        const exhausted = this.#peakRssBytes > SUSPICIOUS_RSS_BYTES;
        this.#end(exhausted ? { kind: "limit", verdict: "memory-limit" } : { kind: "died", message: why });
      },
    });
  }

  get rssBytesLimit(): number {
    return this.#limits.rssBytes;
  }

  get alive(): boolean {
    return !this.#dead;
  }

  /** A fresh isolate with the engine's core loaded. May be called again to forget the former program. */
  async boot(): Promise<void> {
    const memoryMb = Math.max(32, Math.floor((this.#limits.rssBytes - NODE_OVERHEAD_BYTES) / 1024 / 1024));
    const { core } = this.#files;
    await this.#order((id) => ({ kind: "boot", id, memoryMb, core }));
  }

  /** Writes the code of what has run so far; see guest-files.ts. The tables must have been used. */
  keepCode(to: { readonly core: string; readonly tables: string }): Promise<void> {
    const { core, tables } = this.#files;
    return this.#order((id) => ({
      kind: "keepCode",
      id,
      core: { text: core.text, to: to.core },
      tables: { text: tables.text, to: to.tables },
    }));
  }

  /** One request at a time. Never rejects: every end is a result. `cpuMs` overrides the process's limit. */
  async ask(request: GuestRequest, cpuMs: number = this.#limits.cpuMs): Promise<ProcessResult> {
    const wallMs = cpuMs * WALL_FACTOR + WALL_SLACK_MS;
    const text = JSON.stringify(request);
    const askGuest = () => this.#request((id) => ({ kind: "guest", id, wallMs }), text, { cpuMs, wallMs });
    const result = await askGuest();
    if (result.kind !== "answer" || result.answer.kind !== "incomplete") return result;
    // Not the program's time: SQL and the Table API come into the isolate.
    const { tables } = this.#files;
    const attached = await this.#request((id) => ({ kind: "attach", id, tables }), null, { cpuMs: BOOT_WALL_MS, wallMs: BOOT_WALL_MS });
    if (attached.kind !== "answer") return attached;
    const again = await askGuest();
    if (again.kind !== "answer" || again.answer.kind !== "incomplete") return again;
    this.kill();
    return { kind: "died", message: "the guest wants the tables that it has" };
  }

  /** Of a zygote: the id of a copy, which connects to the socket and says `token`. Rejects with ProcessDied. */
  async fork(socket: string, token: number, spare: boolean): Promise<number> {
    const limits = { cpuMs: BOOT_WALL_MS, wallMs: BOOT_WALL_MS };
    const result = await this.#request((id) => ({ kind: "fork", id, socket, token, spare }), null, limits);
    if (result.kind === "answer" && result.answer.kind === "value") return result.answer.value as number;
    throw new ProcessDied(`no copy of the zygote: ${JSON.stringify(result)}`);
  }

  kill(): void {
    this.#end({ kind: "died", message: "killed by the grader" });
  }

  async #order(header: (id: number) => ChildRequest): Promise<void> {
    const result = await this.#request(header, null, { cpuMs: BOOT_WALL_MS, wallMs: BOOT_WALL_MS });
    if (result.kind === "died") throw new ProcessDied(`grading process did not boot: ${result.message}`);
    if (result.kind !== "answer") throw new JudgeFault(`grading process did not boot: ${JSON.stringify(result)}`);
  }

  #request(header: (id: number) => ChildRequest, text: string | null, limits: { cpuMs: number; wallMs: number }): Promise<ProcessResult> {
    if (this.#dead) return Promise.resolve({ kind: "died", message: "used after its end" });
    if (this.#pending !== null) throw new JudgeFault("a grading process serves one request at a time");
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const cpuMsBefore = this.#vitals()?.cpuMs ?? 0;
      this.#pending = { id, resolve, startedAt: performance.now(), cpuMsBefore, wallMs: limits.wallMs };
      this.#watch = setInterval(() => this.#look(limits.cpuMs), WATCH_EVERY_MS);
      const line = JSON.stringify(header(id));
      this.#link.write(text === null ? `${line}\n` : `${line}\n${text}\n`);
    });
  }

  #vitals(): Vitals | null {
    const { pid } = this.#link;
    return (pid === undefined ? null : readVitals(pid)) ?? this.#reported;
  }

  #look(cpuMs: number): void {
    const pending = this.#pending;
    if (pending === null) return;
    const vitals = this.#vitals();
    const rssBytes = (vitals?.rssBytes ?? 0) - this.#inheritedBytes;
    this.#peakRssBytes = Math.max(this.#peakRssBytes, rssBytes);
    const tooLarge = rssBytes > this.#limits.rssBytes;
    const tooLong = vitals !== null && vitals.cpuMs - pending.cpuMsBefore > cpuMs;
    if (tooLarge) this.#end({ kind: "limit", verdict: "memory-limit" });
    else if (tooLong || performance.now() - pending.startedAt > pending.wallMs) this.#end({ kind: "limit", verdict: "time-limit" });
  }

  #receive(line: string): void {
    if (this.#answerOf !== null) {
      const { id, wallMs } = this.#answerOf;
      this.#answerOf = null;
      if (this.#pending?.id !== id) return;
      const answer = parseAnswer(line);
      const cpuMs = Math.max(0, (this.#vitals()?.cpuMs ?? 0) - this.#pending.cpuMsBefore);
      const died = { kind: "died", message: "the guest's answer makes no sense" } as const;
      this.#settle(answer === null ? died : { kind: "answer", answer, wallMs, cpuMs });
      return;
    }
    const reply = JSON.parse(line) as ChildReply;
    if (reply.kind === "vitals") this.#reported = reply;
    else if (reply.kind === "answer") this.#answerOf = reply;
    else if (this.#pending?.id === reply.id) {
      if (reply.kind === "booted") this.#settle({ kind: "answer", answer: { kind: "loaded" }, wallMs: 0, cpuMs: 0 });
      else if (reply.kind === "forked") this.#settle({ kind: "answer", answer: { kind: "value", value: reply.pid }, wallMs: 0, cpuMs: 0 });
      else if (reply.fault === "timeout") this.#end({ kind: "limit", verdict: "time-limit" });
      else if (reply.fault === "memory") this.#end({ kind: "limit", verdict: "memory-limit" });
      else this.#end({ kind: "died", message: reply.message });
    }
  }

  #settle(result: ProcessResult): void {
    const pending = this.#pending;
    this.#pending = null;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    pending?.resolve(result);
  }

  /** Kills the process and gives its last result. */
  #end(result: ProcessResult): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#link.kill();
    this.#settle(result);
    this.#tellEnd();
  }
}
