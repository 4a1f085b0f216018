/**
 * Bundles guest and engine into one script (an IIFE, so nothing of it is in scope for other code) and lists its classes at the end so
 * that they can be frozen. Kept in grader/dist under the hash of both sources.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { JudgeFault } from "../judge/judge-fault.ts";
import { cacheDir, engineHash, hashFolder, keepBuilt } from "./engine-sources.ts";

const GUEST = fileURLToPath(new URL("../guest/guest.ts", import.meta.url));

/** Path of the bundle, built if it does not exist yet. */
export async function guestBundle(): Promise<string> {
  const file = `guest-${engineHash()}-${hashFolder(fileURLToPath(new URL("../guest/", import.meta.url)))}.js`;
  const path = join(cacheDir(), file);
  if (existsSync(path)) return path;
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
  const text = withClassList(result.outputFiles[0]!.text);
  keepBuilt(file, text);
  return path;
}

/** Top-level classes of an esbuild IIFE stand at an indentation of two. */
function withClassList(bundle: string): string {
  const names = new Set<string>();
  for (const match of bundle.matchAll(/^ {2}(?:var ([\w$]+) = class|class ([\w$]+))/gm)) names.add(match[1] ?? match[2]!);
  const end = bundle.lastIndexOf("})();");
  if (end < 0) throw new JudgeFault("the guest bundle has not the shape that esbuild gives an IIFE");
  return `${bundle.slice(0, end)}  globalThis.__millraceGuest.classes.push(${[...names].join(", ")});\n${bundle.slice(end)}`;
}
