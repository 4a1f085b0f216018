/**
 * A process that runs the 20-record job and writes each row as it comes: `snapshot <file>`, `code <script> <code>` (both in an isolate) or
 * `node <script> <code>` (a plain script). Bundled before it is started: stripping types would take longer than all the rest.
 */
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";
import type ivm from "isolated-vm";
import type {} from "./guest.ts";

const GUEST_FILE = "bench-guest.js";
const [how, first = "", second = ""] = process.argv.slice(2);
const emit = (row: string): void => void writeSync(1, row);

if (how === "node") {
  const script = new Script(readFileSync(first, "utf8"), { filename: GUEST_FILE, cachedData: readFileSync(second) });
  if (script.cachedDataRejected === true) throw new Error("V8 refuses the code it has made");
  script.runInThisContext();
  bench.wordCount(emit);
} else {
  // Only here: the plain process is measured without it.
  const isolatedVm = createRequire(__filename)("isolated-vm") as typeof ivm;
  const snapshot = how === "snapshot" ? { snapshot: new isolatedVm.ExternalCopy(bytesOf(first)) } : {};
  const isolate = new isolatedVm.Isolate({ memoryLimit: 128, ...snapshot });
  const context = isolate.createContextSync();
  if (how === "code") {
    const cachedData = new isolatedVm.ExternalCopy(bytesOf(second));
    const script: ivm.Script & { readonly cachedDataRejected?: boolean } = isolate.compileScriptSync(readFileSync(first, "utf8"), {
      filename: GUEST_FILE,
      cachedData,
    });
    if (script.cachedDataRejected === true) throw new Error("V8 refuses the code it has made");
    script.runSync(context);
  }
  context.evalClosureSync("bench.wordCount($0)", [new isolatedVm.Callback(emit)]);
}

function bytesOf(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
