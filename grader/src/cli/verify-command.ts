/** millrace pack verify <packDir> [--seeds n] [--quick] [--no-mutants | --mutants-only] */
import { type MutantCounts, type VerifyLine, type VerifyOptions, verifyPack } from "../checks/verify-pack.ts";
import type { Grader } from "../grader.ts";
import { loadPack } from "../pack/load-pack.ts";
import { count } from "../feedback/format.ts";
import { formatDiagnostic } from "./diagnostics.ts";

/** Closes with what became of all mutants, the time it took, and "N passed, N failed"; exit code 1 when anything failed. */
export async function verifyCommand(
  grader: Grader,
  packDir: string,
  options: Pick<VerifyOptions, "seeds" | "mutants" | "quick"> & { readonly only: string | null },
): Promise<number> {
  const { pack, diagnostics } = await loadPack(packDir);
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${packDir.replace(/[\\/]$/, "")}/`));
  const startedAt = performance.now();
  const smallest: NonNullable<VerifyLine["smallest"]>[] = [];
  const mutants: MutantCounts[] = [];
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
        if (line.mutants !== undefined) mutants.push(line.mutants);
        const mark = line.complaint === null ? "ok  " : "FAIL";
        const seconds = `${(line.tookMs / 1000).toFixed(1)} s`.padStart(7);
        const world = line.smallest ?? null;
        if (world !== null) smallest.push(world);
        const shrunk =
          world === null ? "" : `; ${count(world.records, "record")}, ${count(world.faults, "fault")} after ${count(world.runs, "run")}`;
        console.log(`${mark} ${seconds}  ${line.problem.padEnd(28)} ${line.subject.padEnd(48)} ${line.found}${shrunk}`);
        for (const warning of line.warnings ?? []) console.log(`              (${warning})`);
        if (line.complaint !== null) console.log(`              ${line.complaint}`);
      },
    });
  }
  if (smallest.length > 0) {
    const median = (of: "records" | "faults" | "runs") => smallest.map((world) => world[of]).sort((a, b) => a - b)[smallest.length >> 1];
    const sizes = `${median("records")} records, ${median("faults")} faults, ${median("runs")} runs`;
    console.log(`smallest failing worlds of ${count(smallest.length, "wrong submission")}: median ${sizes}`);
  }
  if (mutants.length > 0) {
    const all = (of: Exclude<keyof MutantCounts, "survivors">) => mutants.reduce((sum, counts) => sum + counts[of], 0);
    const fates = `${all("killed")} killed, ${all("survived")} survived, ${all("equivalent")} equivalent, ${all("dropped")} no programs`;
    console.log(`mutants of ${count(mutants.length, "accepted submission")}: ${fates}`);
  }
  console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
