/** The grader's side of the compile process: sends requests, watches time and memory, restarts the process when it misbehaves. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DiagnosticData } from "@millrace/engine";
import { JudgeFault } from "../judge/judge-fault.ts";
import { emptyEnvironment } from "../sandbox/empty-environment.ts";
import { readVitals } from "../sandbox/vitals.ts";
import type { CompileAnswer, CompileRequest } from "./protocol.ts";

/** CPU time of a compilation; the first type check of a process also emits and parses the types of "flink". */
const MAX_CPU_MS = 8_000;
const MAX_COLD_CPU_MS = 40_000;
/** Wall time, for a machine that is busy with others. */
const MAX_WALL_MS = 60_000;
const MAX_RSS_BYTES = 1024 * 1024 * 1024;
/** A process that has grown this far between two requests is replaced when idle. */
const RECYCLE_RSS_BYTES = 700 * 1024 * 1024;
const WATCH_EVERY_MS = 50;

interface Pending {
  readonly id: number;
  readonly request: CompileRequest;
  readonly resolve: (answer: CompileAnswer) => void;
  readonly reject: (error: Error) => void;
  /** The process that was at it before has died. */
  readonly again: boolean;
}

export class CompileService {
  #child: ChildProcess | null = null;
  #warm = false;
  #nextId = 1;
  #current: Pending | null = null;
  #startedAt = 0;
  #cpuMsBefore = 0;
  readonly #queue: Pending[] = [];
  #watch: NodeJS.Timeout | null = null;
  #closed = false;

  /** Starts the process and compiles a line of each language, so that the first learner does not wait. */
  async start(): Promise<void> {
    await this.compile({ kind: "sql", text: "SELECT 1;", given: "", topics: [] });
    await this.compile({
      kind: "typescript",
      file: "solution.ts",
      text: 'import * as flink from "flink";\nflink;\n',
      given: null,
      checkTypes: true,
    });
  }

  compile(request: CompileRequest): Promise<CompileAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new JudgeFault("compile service is closed"));
      this.#queue.push({ id: this.#nextId++, request, resolve, reject, again: false });
      this.#pump();
    });
  }

  close(): void {
    this.#closed = true;
    this.#replace();
    for (const pending of this.#queue.splice(0)) pending.reject(new JudgeFault("compile service was closed"));
  }

  #pump(): void {
    if (this.#current !== null) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    const child = this.#child ?? this.#spawn();
    this.#current = next;
    this.#startedAt = performance.now();
    this.#cpuMsBefore = (child.pid === undefined ? null : readVitals(child.pid))?.cpuMs ?? 0;
    this.#watch = setInterval(() => this.#look(), WATCH_EVERY_MS);
    child.stdin!.write(`${JSON.stringify({ id: next.id, request: next.request })}\n`);
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, [fileURLToPath(new URL("./compile-worker.ts", import.meta.url))], {
      env: emptyEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#child = child;
    this.#warm = false;
    let complaint = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-4000);
    });
    child.stdin!.on("error", () => undefined); // A dying process breaks its pipe; "exit" tells.
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (this.#child === child) this.#receive(line);
    });
    child.on("exit", (code, signal) => {
      if (this.#child !== child) return;
      this.#child = null;
      const pending = this.#finish();
      if (pending?.again === false) this.#queue.unshift({ ...pending, again: true });
      else pending?.reject(new JudgeFault(`compile process ended twice (${signal ?? code}): ${complaint}`));
      this.#pump();
    });
    return child;
  }

  #receive(line: string): void {
    const reply = JSON.parse(line) as { id: number; answer?: CompileAnswer; error?: string };
    if (this.#current?.id !== reply.id) return;
    const pending = this.#finish()!;
    if (pending.request.kind === "typescript" && pending.request.checkTypes) this.#warm = true;
    if (reply.answer !== undefined) pending.resolve(reply.answer);
    else pending.reject(new JudgeFault(`compile process: ${reply.error}`));
    const vitals = this.#child?.pid === undefined ? null : readVitals(this.#child.pid);
    if (vitals !== null && vitals.rssBytes > RECYCLE_RSS_BYTES) this.#replace();
    this.#pump();
  }

  #look(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    const tookMs = performance.now() - this.#startedAt;
    const vitals = readVitals(pid);
    const tooBig = vitals !== null && vitals.rssBytes > MAX_RSS_BYTES;
    const cpuMs = (vitals?.cpuMs ?? tookMs) - this.#cpuMsBefore;
    if (!tooBig && tookMs < MAX_WALL_MS && cpuMs < (this.#warm ? MAX_CPU_MS : MAX_COLD_CPU_MS)) return;
    const pending = this.#finish();
    this.#replace();
    pending?.resolve({ diagnostics: [tooBig ? TOO_BIG : TOO_SLOW], script: null });
    this.#pump();
  }

  #finish(): Pending | null {
    const pending = this.#current;
    this.#current = null;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    return pending;
  }

  #replace(): void {
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGKILL");
  }
}

const TOO_SLOW: DiagnosticData = {
  code: "COMPILE_TIME_LIMIT",
  message: "Checking this program took too long and was given up.",
  phase: "compile",
  hint: "Deeply nested or recursive types are the usual reason; simplify them.",
};

const TOO_BIG: DiagnosticData = {
  code: "COMPILE_MEMORY_LIMIT",
  message: "Checking this program took too much memory and was given up.",
  phase: "compile",
  hint: "Very large literals or recursive types are the usual reason; simplify them.",
};
