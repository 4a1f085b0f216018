/** Bundles the guest into one script, as the judge does with its own, and what a fast start can be made from. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ivm from "isolated-vm";

const GUEST = fileURLToPath(new URL("guest.ts", import.meta.url));
export const GUEST_FILE = "bench-guest.js";

/** The script's text: an IIFE that leaves `globalThis.bench` behind. */
export async function bundleGuest(): Promise<string> {
  const result = await build({
    entryPoints: [GUEST],
    bundle: true,
    write: false,
    format: "iife",
    platform: "neutral",
    target: "es2024",
    legalComments: "none",
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}

/** The job's functions are compiled when it has run once, so they are in what is kept. */
const WARM_UP = "bench.wordCount(() => {});";

/** V8's heap with the guest evaluated in it; an isolate can start from it. */
export function snapshotOf(bundle: string): ArrayBuffer {
  return ivm.Isolate.createSnapshot([{ code: bundle, filename: GUEST_FILE }], WARM_UP).copy();
}

/** V8's compiled code of the guest. Compiling the text again in the same isolate finds functions compiled lazily, too. */
export function isolateCodeOf(bundle: string): ArrayBuffer {
  const isolate = new ivm.Isolate({ memoryLimit: 128 });
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
