/**
 * `npm run bench -- judge`: how long a learner waits for a verdict, and how many learners a machine serves while its grading processes are
 * being killed. Exits with 1 and names the rows that miss their target. What is measured and how: grader/README.md.
 */
import { sampleOf } from "./judge/sample.ts";
import { measureLatency } from "./judge/latency.ts";
import { measureThroughput } from "./judge/throughput.ts";
import { missedOf, printed, type Row } from "./table.ts";

const USAGE = `npm run bench -- judge [options]
  --problems n     of the bundled ones with at least 20 secret worlds and faults (8)
  --learners n     submissions that wait at the same time (200)
  --repeat n       times that each problem is judged for the latency (5)
  --only latency|throughput`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const settings = settingsOf(args);
  if (settings === null) {
    console.log(USAGE);
    return args.includes("--help") ? 0 : 2;
  }
  const sample = await sampleOf(settings.problems);
  const worlds = sample.map(({ problem, worlds }) => `${problem.id} (${worlds})`).join(", ");
  console.log(`${sample.length} problems with their worlds: ${worlds}`);
  const rows: Row[] = [];
  if (settings.only !== "throughput") rows.push(...(await measureLatency(sample, settings.repeat)));
  if (settings.only !== "latency") rows.push(...(await measureThroughput(sample, settings.learners)));
  for (const line of printed(rows)) console.log(line);
  const missed = rows.filter(missedOf);
  console.log(missed.length === 0 ? "\nevery target reached" : `\nmissed: ${missed.map(({ name }) => name).join("; ")}`);
  return missed.length === 0 ? 0 : 1;
}

interface Settings {
  readonly problems: number;
  readonly learners: number;
  readonly repeat: number;
  readonly only: string | null;
}

/** null = not understood. */
function settingsOf(args: readonly string[]): Settings | null {
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) values.set(args[at]!, args[at + 1] ?? "");
  const number = (name: string, otherwise: number): number => {
    const text = values.get(name) ?? String(otherwise);
    values.delete(name);
    return Number(text);
  };
  const settings = { problems: number("--problems", 8), learners: number("--learners", 200), repeat: number("--repeat", 5) };
  const only = values.get("--only") ?? null;
  values.delete("--only");
  const isKnown = only === null || only === "latency" || only === "throughput";
  return values.size === 0 && isKnown && Object.values(settings).every((value) => Number.isSafeInteger(value) && value > 0)
    ? { ...settings, only }
    : null;
}
