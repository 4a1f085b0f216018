/** `node run.ts [--rounds 20] [--seed 1] [--program text]`: the metamorphic suite on more inputs than `npm test` has time for. */
import { parseArgs } from "node:util";
import { PROGRAMS } from "./programs/all.ts";
import { RESTORED_AREAS, restoreDifference } from "./restores.ts";
import { firstDifference } from "./run-program.ts";

/** Random operators per round. */
const OPERATORS = 50;

function main(): number {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      program: { type: "string", default: "" },
    },
  });
  const first = Number(values.seed);
  let runs = 0;
  let failed = 0;
  for (let seed = first; seed < first + Number(values.rounds); seed++) {
    for (const program of PROGRAMS) {
      if (!program.name.includes(values.program)) continue;
      runs++;
      const difference = firstDifference(program, seed);
      if (difference === null) continue;
      failed++;
      console.log(difference);
    }
    if (values.program !== "") continue;
    for (const area of RESTORED_AREAS) {
      for (let index = 0; index < OPERATORS; index++) {
        const difference = restoreDifference(area, seed * OPERATORS + index);
        if (difference === undefined) continue;
        runs++;
        if (difference === null) continue;
        failed++;
        console.log(difference);
      }
    }
  }
  console.log(`${runs - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
