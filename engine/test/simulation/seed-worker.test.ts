/** SIM-6: a seed that hangs or kills its process has a name, and the seeds behind it still count. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { SeedWorker } from "./seed-worker.ts";
import type { Tally } from "./tally.ts";

const directory = mkdtempSync(join(tmpdir(), "millrace-seeds-"));
afterAll(() => rmSync(directory, { recursive: true }));

it("names the seed that hangs and the seed that ends its process, and goes on", async () => {
  const script = join(directory, "worker.mjs");
  writeFileSync(
    script,
    `process.on("message", ({ first, count }) => {
      for (let seed = first; seed < first + count; seed++) {
        if (seed === 12) for (;;);
        if (seed === 14) process.exit(3);
        process.send({ jobs: [{ job: "j", seeds: 1, restarts: 0, checkpoints: 0, faults: {} }], failed: [] });
      }
    });`,
  );
  const worker = new SeedWorker(1500, script);
  const tallies: Tally[] = [];
  await worker.run({ first: 10, count: 6, job: "" }, (tally) => tallies.push(tally));
  worker.close();
  expect(tallies.map(({ jobs, failed }) => failed[0]?.seed ?? jobs[0].job)).toEqual(["j", "j", 12, "j", 14, "j"]);
  expect(tallies[2].failed[0].violations[0].message).toBe("nothing came of it within 1.5 s: it hangs inside one step");
  expect(tallies[4].failed[0].violations[0].message).toBe("the process that ran it ended with 3");
});
