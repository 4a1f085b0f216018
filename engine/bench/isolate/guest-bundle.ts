/** Bundles the guest into one script, as the judge does with its own. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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
    // A field that is declared before the constructor sets it would first be undefined, and its numbers would be objects from then on: a third
    // of the engine's speed (engine/decisions/0007).
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    legalComments: "none",
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}
