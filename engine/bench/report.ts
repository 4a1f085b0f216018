/** Prints sections as they come, beside the baseline, and closes with what missed its target. */
import { baselineFigure, describeMachine, readBaseline, saveBaseline, thisMachine } from "./baseline.ts";
import { missOf, type Section, tableOf } from "./section.ts";

/** Gives the exit code: 1 when a row misses. */
export async function reportOf(measured: AsyncIterable<Section>, { savesBaseline }: { readonly savesBaseline: boolean }): Promise<number> {
  const baseline = savesBaseline ? null : readBaseline();
  console.log(`this machine: ${describeMachine(thisMachine())}`);
  if (baseline !== null) console.log(`baseline: ${baseline.date}, ${describeMachine(baseline.machine)}`);
  const sections: Section[] = [];
  for await (const section of measured) {
    for (const line of tableOf(section, (id) => baselineFigure(baseline, id))) console.log(line);
    sections.push(section);
  }
  if (savesBaseline) saveBaseline(sections);
  const misses = sections.flatMap((section) =>
    section.rows.flatMap((row) => {
      const miss = missOf(section, row);
      return miss === null ? [] : [`${row.id} (${miss})`];
    }),
  );
  console.log(misses.length === 0 ? "\nevery target reached" : `\nmissed: ${misses.join("; ")}`);
  return misses.length === 0 ? 0 : 1;
}
