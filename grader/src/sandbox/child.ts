/**
 * A grading process: one isolate with the engine's core in it, and with its tables when a program needs them, driven by lines on stdin, answering on stdout. It holds no secret, has an empty
 * environment and an empty working directory, and expects to be killed at any moment (see grading-process.ts).
 */
import { readFileSync, writeFileSync } from "node:fs";
import ivm from "isolated-vm";
import { LineSplitter } from "./line-splitter.ts";
import type { ChildReply, ChildRequest, ScriptFiles } from "./protocol.ts";

const CORE_FILE = "millrace-guest.js";
const TABLES_FILE = "millrace-guest-tables.js";

let isolate: ivm.Isolate | null = null;
let context: ivm.Context | null = null;
let attachToGuest: ivm.Reference<(part: unknown) => void> | null = null;
let answerInGuest: ivm.Reference<(request: string) => string> | null = null;
let latestInGuest: ivm.Reference<() => string> | null = null;

function send(reply: ChildReply, text?: string): void {
  process.stdout.write(text === undefined ? `${JSON.stringify(reply)}\n` : `${JSON.stringify(reply)}\n${text}\n`);
}

async function boot(request: Extract<ChildRequest, { kind: "boot" }>): Promise<void> {
  isolate?.dispose();
  // After a catastrophic error the isolate's thread never ends, and neither would exit().
  isolate = new ivm.Isolate({ memoryLimit: request.memoryMb, onCatastrophicError: () => process.abort() });
  context = await isolate.createContext();
  await (await compiled(isolate, request.core, CORE_FILE)).run(context);
  const guest = await context.global.get("__millraceGuest", { reference: true });
  answerInGuest = (await guest.get("answer", { reference: true })) as ivm.Reference<(request: string) => string>;
  latestInGuest = (await guest.get("latest", { reference: true })) as ivm.Reference<() => string>;
  attachToGuest = (await guest.get("attach", { reference: true })) as ivm.Reference<(part: unknown) => void>;
  const seal = (await guest.get("seal", { reference: true })) as ivm.Reference<() => void>;
  await context.global.delete("__millraceGuest");
  await seal.apply(undefined, []);
  send({ kind: "booted", id: request.id });
}

async function attach(request: Extract<ChildRequest, { kind: "attach" }>): Promise<void> {
  if (isolate === null || context === null || attachToGuest === null) throw new Error("not booted");
  const script = await compiled(isolate, request.tables, TABLES_FILE);
  const part = (await script.run(context, { reference: true })) as ivm.Reference;
  await attachToGuest.apply(undefined, [part.derefInto()]);
  send({ kind: "booted", id: request.id });
}

/** V8 itself refuses code that another version of it, or one with other flags, has made; then the text is compiled. */
function compiled(into: ivm.Isolate, { text, code }: ScriptFiles, filename: string): Promise<ivm.Script> {
  const kept = code === null ? {} : { cachedData: new ivm.ExternalCopy(bytesOf(code)) };
  return into.compileScript(readFileSync(text, "utf8"), { filename, ...kept });
}

function bytesOf(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** Compiling the same text again in the same isolate finds the functions that have been compiled lazily, so the code has them too. */
async function keepCode({ id, core, tables }: Extract<ChildRequest, { kind: "keepCode" }>): Promise<void> {
  if (isolate === null) throw new Error("not booted");
  for (const [filename, { text, to }] of [
    [CORE_FILE, core],
    [TABLES_FILE, tables],
  ] as const) {
    const options = { filename, produceCachedData: true };
    const script: ivm.Script & ivm.CachedDataResult = await isolate.compileScript(readFileSync(text, "utf8"), options);
    if (script.cachedData === undefined) throw new Error("V8 gave no code");
    writeFileSync(to, new Uint8Array(script.cachedData.copy()));
  }
  send({ kind: "booted", id });
}

async function ask(request: Extract<ChildRequest, { kind: "guest" }>, text: string): Promise<void> {
  if (answerInGuest === null) throw new Error("not booted");
  const started = performance.now();
  const answer = await answerInGuest.apply(undefined, [text], { timeout: request.wallMs }).catch(answerBehind);
  if (typeof answer !== "string") throw new Error("the guest gave no text");
  send({ kind: "answer", id: request.id, wallMs: performance.now() - started }, answer);
}

/**
 * A rejection that no program has handled is thrown at whoever has called into the isolate, unless the garbage collector was quicker. The guest has
 * answered all the same: that is asked for once more. Throws what was thrown when there is no answer.
 */
async function answerBehind(error: unknown): Promise<string> {
  const { message } = error as Error;
  if (faultOf(String(message)) !== "error" || latestInGuest === null) throw error;
  const latest = await latestInGuest.apply(undefined, []);
  if (typeof latest !== "string" || latest === "") throw error;
  return latest;
}

function faultOf(message: string): "timeout" | "memory" | "error" {
  if (message.includes("timed out")) return "timeout";
  return message.includes("disposed") || message.includes("memory limit") ? "memory" : "error";
}

async function serve(request: ChildRequest, text: string): Promise<void> {
  try {
    if (request.kind === "boot") await boot(request);
    else if (request.kind === "attach") await attach(request);
    else if (request.kind === "keepCode") await keepCode(request);
    else await ask(request, text);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ kind: "fault", id: request.id, fault: faultOf(message), message });
  }
}

if (process.platform !== "linux") {
  const report = () => {
    const used = process.cpuUsage();
    send({ kind: "vitals", rssBytes: process.memoryUsage.rss(), cpuMs: (used.user + used.system) / 1000 });
  };
  setInterval(report, 20).unref();
}

let awaitingText: ChildRequest | null = null;
const lines = new LineSplitter(
  Number.POSITIVE_INFINITY,
  (line) => {
    if (awaitingText !== null) {
      const request = awaitingText;
      awaitingText = null;
      void serve(request, line);
      return;
    }
    const request = JSON.parse(line) as ChildRequest;
    if (request.kind === "guest") awaitingText = request;
    else void serve(request, "");
  },
  () => undefined,
);
process.stdin.on("data", (chunk: Buffer) => lines.push(chunk));
// The grader is gone. An isolate may be in the middle of an endless loop, in which exit() would wait for ever.
process.stdin.on("close", () => process.kill(process.pid, "SIGKILL"));
