/** millrace pack verify <packDir> [--seeds n] [--quick] [--no-mutants | --mutants-only] */
import { type VerifyOptions, verifyPack } from "../checks/verify-pack.ts";
import type { Grader } from "../grader.ts";
import { loadPack } from "../pack/load-pack.ts";
import { formatDiagnostic } from "./diagnostics.ts";

/** Closes with "N passed, N failed"; exit code 1 when anything failed. */
export async function verifyCommand(
  grader: Grader,
  packDir: string,
  options: Pick<VerifyOptions, "seeds" | "mutants" | "quick"> & { readonly only: string | null },
): Promise<number> {
  const { pack, diagnostics } = await loadPack(packDir);
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${packDir.replace(/[\\/]$/, "")}/`));
  let passed = 0;
  let failed = diagnostics.length;
  if (pack !== null) {
    const only = options.only;
    const chosen = only === null ? pack : { ...pack, problems: pack.problems.filter((problem) => problem.id.includes(only)) };
    console.log(`${pack.title} ${pack.version}: ${chosen.problems.length} problems, ${options.seeds} seeds per secret scenario`);
    await grader.start();
    await verifyPack(grader, chosen, {
      seeds: options.seeds,
      mutants: options.mutants,
      quick: options.quick,
      parallel: 2,
      onLine: (line) => {
        if (line.complaint === null) passed++;
        else failed++;
        const mark = line.complaint === null ? "ok  " : "FAIL";
        const seconds = `${(line.tookMs / 1000).toFixed(1)} s`.padStart(7);
        console.log(`${mark} ${seconds}  ${line.problem.padEnd(28)} ${line.subject.padEnd(48)} ${line.found}`);
        for (const warning of line.warnings ?? []) console.log(`              (${warning})`);
        if (line.complaint !== null) console.log(`              ${line.complaint}`);
      },
    });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
