/**
 * A grading process: one isolate with the engine in it, driven by lines on stdin, answering on stdout. It holds no secret, has an empty
 * environment and an empty working directory, and expects to be killed at any moment (see grading-process.ts).
 */
import { readFileSync, writeFileSync } from "node:fs";
import ivm from "isolated-vm";
import { LineSplitter } from "./line-splitter.ts";
import type { ChildReply, ChildRequest } from "./protocol.ts";

const GUEST_FILE = "millrace-guest.js";

let isolate: ivm.Isolate | null = null;
let bundleText = "";
let answerInGuest: ivm.Reference<(request: string) => string> | null = null;

function send(reply: ChildReply, text?: string): void {
  process.stdout.write(text === undefined ? `${JSON.stringify(reply)}\n` : `${JSON.stringify(reply)}\n${text}\n`);
}

async function boot(request: Extract<ChildRequest, { kind: "boot" }>): Promise<void> {
  isolate?.dispose();
  // After a catastrophic error the isolate's thread never ends, and neither would exit().
  isolate = new ivm.Isolate({ memoryLimit: request.memoryMb, onCatastrophicError: () => process.abort() });
  const context = await isolate.createContext();
  bundleText = readFileSync(request.bundle, "utf8");
  // V8 itself refuses code that another version of it, or one with other flags, has made; then the text is compiled.
  const code = request.code === null ? {} : { cachedData: new ivm.ExternalCopy(bytesOf(request.code)) };
  const script = await isolate.compileScript(bundleText, { filename: GUEST_FILE, ...code });
  await script.run(context);
  const guest = await context.global.get("__millraceGuest", { reference: true });
  answerInGuest = (await guest.get("answer", { reference: true })) as ivm.Reference<(request: string) => string>;
  const seal = (await guest.get("seal", { reference: true })) as ivm.Reference<() => void>;
  await context.global.delete("__millraceGuest");
  await seal.apply(undefined, []);
  send({ kind: "booted", id: request.id });
}

function bytesOf(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** Compiling the same text again in the same isolate finds the functions that have been compiled lazily, so the code has them too. */
async function keepCode(request: Extract<ChildRequest, { kind: "keepCode" }>): Promise<void> {
  if (isolate === null) throw new Error("not booted");
  const options = { filename: GUEST_FILE, produceCachedData: true };
  const script: ivm.Script & ivm.CachedDataResult = await isolate.compileScript(bundleText, options);
  if (script.cachedData === undefined) throw new Error("V8 gave no code");
  writeFileSync(request.to, new Uint8Array(script.cachedData.copy()));
  send({ kind: "booted", id: request.id });
}

async function ask(request: Extract<ChildRequest, { kind: "guest" }>, text: string): Promise<void> {
  if (answerInGuest === null) throw new Error("not booted");
  const started = performance.now();
  const answer = await answerInGuest.apply(undefined, [text], { timeout: request.wallMs });
  if (typeof answer !== "string") throw new Error("the guest gave no text");
  send({ kind: "answer", id: request.id, wallMs: performance.now() - started }, answer);
}

function faultOf(message: string): "timeout" | "memory" | "error" {
  if (message.includes("timed out")) return "timeout";
  return message.includes("disposed") || message.includes("memory limit") ? "memory" : "error";
}

async function serve(request: ChildRequest, text: string): Promise<void> {
  try {
    if (request.kind === "boot") await boot(request);
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
