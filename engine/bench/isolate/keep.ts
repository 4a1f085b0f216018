/**
 * What a fast start is made from: `node isolate/keep.ts snapshot|code|node <core> <tables> <file>` writes `file`, and for isolates `file.tables`, the
 * code of the tables. V8 takes such a file only under the flags under which it was made, so this runs as a process with the flags of the one that
 * will start from it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import type ivm from "isolated-vm";
import type {} from "./guest.ts";
import { GUEST_FILE, TABLES_FILE } from "./guest-bundle.ts";

/** The job's functions are compiled when it has run once, so they are in what is kept. */
const WARM_UP = "bench.wordCount(() => {});";
const WARM_UP_TABLES = "bench.wordQuery(() => {});";

export interface Texts {
  readonly core: string;
  readonly tables: string;
}

/** V8's heap with the core evaluated in it; an isolate can start from it. */
export function snapshotOf({ core }: Texts, { Isolate }: typeof ivm): ArrayBuffer {
  return Isolate.createSnapshot([{ code: core, filename: GUEST_FILE }], WARM_UP).copy();
}

/** V8's compiled code of both scripts. */
function isolateCodeOf({ core, tables }: Texts, { Isolate }: typeof ivm): { core: ArrayBuffer; tables: ArrayBuffer } {
  const isolate = new Isolate({ memoryLimit: 128 });
  const context = isolate.createContextSync();
  isolate.compileScriptSync(core, { filename: GUEST_FILE }).runSync(context);
  context.evalSync(WARM_UP);
  warmUpTables(isolate, context, tables);
  const code = { core: codeOf(isolate, core, GUEST_FILE), tables: codeOf(isolate, tables, TABLES_FILE) };
  isolate.dispose();
  return code;
}

/** The code of the second script for isolates from this snapshot. V8 refuses it where the isolate started from anything else. */
export function tablesCodeOf({ tables }: Texts, snapshot: ArrayBuffer, { Isolate, ExternalCopy }: typeof ivm): ArrayBuffer {
  const isolate = new Isolate({ memoryLimit: 128, snapshot: new ExternalCopy(snapshot) });
  warmUpTables(isolate, isolate.createContextSync(), tables);
  const code = codeOf(isolate, tables, TABLES_FILE);
  isolate.dispose();
  return code;
}

function warmUpTables(isolate: ivm.Isolate, context: ivm.Context, tables: string): void {
  attachTables(context, isolate.compileScriptSync(tables, { filename: TABLES_FILE }));
  context.evalSync(WARM_UP_TABLES);
}

/** Compiling a text again in the same isolate finds functions compiled lazily, too. */
function codeOf(isolate: ivm.Isolate, text: string, filename: string): ArrayBuffer {
  const again: ivm.Script & ivm.CachedDataResult = isolate.compileScriptSync(text, { filename, produceCachedData: true });
  const code = again.cachedData?.copy();
  if (code === undefined) throw new Error("V8 gave no code");
  return code;
}

/** Runs the compiled second script and hands what it gives to the guest. */
export function attachTables(context: ivm.Context, script: ivm.Script): void {
  const part = script.runSync(context, { reference: true }) as ivm.Reference;
  context.evalClosureSync("bench.attach($0)", [part.derefInto()]);
}

/** The same for a plain script in Node: the core alone. */
function nodeCodeOf({ core }: Texts): Buffer {
  const script = new Script(core, { filename: GUEST_FILE });
  script.runInThisContext();
  bench.wordCount(() => {});
  return script.createCachedData();
}

async function keep(kind: string, texts: Texts, to: string): Promise<void> {
  if (kind === "node") return writeFileSync(to, nodeCodeOf(texts));
  // Plain Node is started without the flag that this needs.
  const { default: isolatedVm } = await import("isolated-vm");
  const write = (file: string, bytes: ArrayBuffer): void => writeFileSync(file, new Uint8Array(bytes));
  if (kind === "snapshot") {
    const snapshot = snapshotOf(texts, isolatedVm);
    write(to, snapshot);
    write(`${to}.tables`, tablesCodeOf(texts, snapshot, isolatedVm));
  } else {
    const { core, tables } = isolateCodeOf(texts, isolatedVm);
    write(to, core);
    write(`${to}.tables`, tables);
  }
}

if (import.meta.main) {
  const [kind = "", core = "", tables = "", to = ""] = process.argv.slice(2);
  await keep(kind, { core: readFileSync(core, "utf8"), tables: readFileSync(tables, "utf8") }, to);
}
