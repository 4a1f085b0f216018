/** An explanation in the terminal: the smallest world as tables, then both runs side by side. */
import type { Explanation, SmallestWorld } from "../explain/explanation.ts";
import { count, formatInstant } from "../feedback/format.ts";
import { table } from "./table.ts";

export function explanationText(explanation: Explanation): string {
  const { smallest, outputs } = explanation;
  return [
    `${explanation.title}: ${explanation.sentence}`,
    "",
    smallestText(smallest),
    ...outputs.flatMap(({ topic, columns, expected, actual, more }) => [
      "",
      `${topic}, expected and found`,
      table(["", ...columns], [...expected.map((row) => ["expected", ...row]), ...actual.map((row) => ["found", ...row])]),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ]),
    "",
    stepsText(explanation),
  ].join("\n");
}

function smallestText({ streams, faults, size, from, eachNeeded, startMs }: SmallestWorld): string {
  const lines = [`Smallest failing world: ${amount(size)}; reduced from ${amount(from)}`];
  for (const { topic, columns, rows, does } of streams) {
    const time = (role: string, cell: unknown) =>
      (role === "eventTime" || role === "processingTime") && typeof cell === "number" ? formatInstant(cell, startMs) : cell;
    const cells = rows.map((row, index) => [...row.map((cell, at) => time(columns[at]!.role, cell)), does[index] ?? ""]);
    lines.push("", topic, table([...columns.map(({ name }) => name), "what it does"], cells));
  }
  for (const fault of faults) lines.push(`  fault: ${fault}`);
  if (eachNeeded) lines.push("", `Take away any one of the ${size.records + size.faults} and the two runs agree.`);
  return lines.join("\n");
}

function amount({ records, faults }: SmallestWorld["size"]): string {
  return `${count(records, "record")} and ${count(faults, "fault")}`;
}

function stepsText({ steps, smallest }: Explanation): string {
  const at = (ms: number | null) => (ms === null ? "" : formatInstant(ms, smallest.startMs));
  const rows = steps.rows.map(({ text, referenceMs, submissionMs }, index) => [
    index === steps.firstDifference ? ">" : "",
    at(referenceMs),
    at(submissionMs),
    text,
  ]);
  const note = steps.firstDifference === null ? "" : "; > is the first difference";
  const left = [
    ...(steps.before > 0 ? [`  ${steps.before} steps before`] : []),
    ...(steps.behind > 0 ? [`  ${steps.behind} steps behind`] : []),
  ];
  return [`Both runs, step by step${note}`, table(["", "reference", "yours", "step"], rows), ...left].join("\n");
}
