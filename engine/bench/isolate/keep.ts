/**
 * What a fast start is made from: `node isolate/keep.ts snapshot|code|node <script> <file>` writes the file. V8 takes such a file only
 * under the flags under which it was made, so this runs as a process with the flags of the one that will start from it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import type ivm from "isolated-vm";
import type {} from "./guest.ts";
import { GUEST_FILE } from "./guest-bundle.ts";

/** The job's functions are compiled when it has run once, so they are in what is kept. */
const WARM_UP = "bench.wordCount(() => {});";

/** V8's heap with the guest evaluated in it; an isolate can start from it. */
export function snapshotOf(bundle: string, { Isolate }: typeof ivm): ArrayBuffer {
  return Isolate.createSnapshot([{ code: bundle, filename: GUEST_FILE }], WARM_UP).copy();
}

/** V8's compiled code of the guest. Compiling the text again in the same isolate finds functions compiled lazily, too. */
function isolateCodeOf(bundle: string, { Isolate }: typeof ivm): ArrayBuffer {
  const isolate = new Isolate({ memoryLimit: 128 });
  const context = isolate.createContextSync();
  isolate.compileScriptSync(bundle, { filename: GUEST_FILE }).runSync(context);
  context.evalSync(WARM_UP);
  const options = { filename: GUEST_FILE, produceCachedData: true };
  const again: ivm.Script & ivm.CachedDataResult = isolate.compileScriptSync(bundle, options);
  const code = again.cachedData?.copy();
  isolate.dispose();
  if (code === undefined) throw new Error("V8 gave no code");
  return code;
}

/** The same for a plain script in Node. */
function nodeCodeOf(bundle: string): Buffer {
  const script = new Script(bundle, { filename: GUEST_FILE });
  script.runInThisContext();
  bench.wordCount(() => {});
  return script.createCachedData();
}

async function keep(kind: string, from: string, to: string): Promise<void> {
  const bundle = readFileSync(from, "utf8");
  if (kind === "node") return writeFileSync(to, nodeCodeOf(bundle));
  // Plain Node is started without the flag that this needs.
  const { default: isolatedVm } = await import("isolated-vm");
  writeFileSync(to, new Uint8Array(kind === "snapshot" ? snapshotOf(bundle, isolatedVm) : isolateCodeOf(bundle, isolatedVm)));
}

if (import.meta.main) {
  const [kind = "", from = "", to = ""] = process.argv.slice(2);
  await keep(kind, from, to);
}
