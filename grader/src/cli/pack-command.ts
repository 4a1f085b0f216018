/** millrace pack new | build | import | schema: what is done to a pack without running anything of it. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ArchiveFault } from "../pack/archive/archive-fault.ts";
import { buildPack } from "../pack/archive/build-pack.ts";
import { importPack } from "../pack/archive/import-pack.ts";
import { loadPack } from "../pack/load-pack.ts";
import { newProblem } from "../pack/new-problem.ts";
import type { ProblemKind } from "../pack/problem.ts";
import { jsonSchemas } from "../pack/schema/json-schemas.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { UsageError } from "./usage-error.ts";

const KINDS: readonly ProblemKind[] = ["datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"];

export function packNewCommand(dir: string, kindName: string): number {
  const kind = KINDS.find((candidate) => candidate === kindName);
  if (kind === undefined) throw new UsageError(`--kind is one of ${KINDS.join(", ")}, not ${kindName}.`);
  try {
    for (const made of newProblem(dir, kind)) console.log(`made ${made}`);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  console.log(`next: npx millrace pack verify ${dirname(dir)}`);
  return 0;
}

/** A pack that cannot be read is not packed. */
export async function packBuildCommand(dir: string, out: string | null): Promise<number> {
  const { pack, diagnostics } = await loadPack(dir);
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${dir.replace(/[\\/]$/, "")}/`));
  if (pack === null || diagnostics.length > 0) return 1;
  const file = out ?? `${pack.id}-${pack.version}.zip`;
  return refusing(dir, () => {
    const archive = buildPack(dir);
    writeFileSync(file, archive);
    console.log(`${file}: ${pack.problems.length} problems, ${archive.length} bytes`);
    return 0;
  });
}

export async function packImportCommand(file: string, into: string): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`${file} does not exist.`);
  return refusing(file, async () => {
    const { dir, pack, diagnostics } = await importPack(file, into);
    for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${file}: `));
    if (dir === null) return 1;
    console.log(`${dir}: ${pack?.title} ${pack?.version}, ${pack?.problems.length} problems`);
    return 0;
  });
}

async function refusing(subject: string, action: () => number | Promise<number>): Promise<number> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ArchiveFault)) throw error;
    console.error(`${subject}: ${error.message}.`);
    return 1;
  }
}

export function packSchemaCommand(dir: string): number {
  mkdirSync(dir, { recursive: true });
  for (const [file, text] of Object.entries(jsonSchemas())) writeFileSync(join(dir, file), text);
  console.log(`${Object.keys(jsonSchemas()).length} schemas in ${dir}`);
  return 0;
}
