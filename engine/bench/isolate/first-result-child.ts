/**
 * A process that runs a job of 20 records and writes each row as it comes; its argument is a `FirstResult` as JSON. Bundled before it is
 * started: stripping types would take longer than all the rest.
 */
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";
import type ivm from "isolated-vm";
import type {} from "./guest.ts";

/** A script and V8's code of it: paths. */
export interface KeptScript {
  readonly text: string;
  readonly code: string;
}

export interface FirstResult {
  /** Where the core comes from: a snapshot's path, or a script, in an isolate or in this process itself. */
  readonly core: { readonly snapshot: string } | { readonly isolate: KeptScript } | { readonly node: KeptScript };
  /** With them the job is a query. */
  readonly tables: KeptScript | null;
}

const { core, tables } = JSON.parse(process.argv[2] ?? "") as FirstResult;
const emit = (row: string): void => void writeSync(1, row);

if ("node" in core) {
  const script = new Script(readFileSync(core.node.text, "utf8"), { filename: "bench-guest.js", cachedData: readFileSync(core.node.code) });
  if (script.cachedDataRejected === true) throw new Error("V8 refuses the code it has made");
  script.runInThisContext();
  bench.wordCount(emit);
} else {
  // Only here: the plain process is measured without it.
  const isolatedVm = createRequire(__filename)("isolated-vm") as typeof ivm;
  const snapshot = "snapshot" in core ? { snapshot: new isolatedVm.ExternalCopy(bytesOf(core.snapshot)) } : {};
  const isolate = new isolatedVm.Isolate({ memoryLimit: 128, ...snapshot });
  const context = isolate.createContextSync();
  const compiled = ({ text, code }: KeptScript, filename: string): ivm.Script => {
    const cachedData = new isolatedVm.ExternalCopy(bytesOf(code));
    const script: ivm.Script & { readonly cachedDataRejected?: boolean } = isolate.compileScriptSync(readFileSync(text, "utf8"), {
      filename,
      cachedData,
    });
    if (script.cachedDataRejected === true) throw new Error("V8 refuses the code it has made");
    return script;
  };
  if ("isolate" in core) compiled(core.isolate, "bench-guest.js").runSync(context);
  if (tables !== null) {
    const part = compiled(tables, "bench-guest-tables.js").runSync(context, { reference: true }) as ivm.Reference;
    context.evalClosureSync("bench.attach($0)", [part.derefInto()]);
  }
  context.evalClosureSync(`bench.${tables === null ? "wordCount" : "wordQuery"}($0)`, [new isolatedVm.Callback(emit)]);
}

function bytesOf(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
