/** An explanation in the terminal: the smallest world as tables, then both runs side by side. */
import type { Explanation, SmallestWorld } from "../explain/explanation.ts";
import { count, formatInstant } from "../feedback/format.ts";
import type { SampleTable } from "../judge/samples.ts";
import { table } from "./table.ts";

export function explanationText(explanation: Explanation): string {
  const { smallest, outputs } = explanation;
  const at = (ms: number) => formatInstant(ms, smallest.startMs);
  return [
    `${explanation.title}: ${explanation.sentence}`,
    "",
    smallestText(smallest),
    ...outputs.flatMap(({ topic, columns, expected, actual, more }) => [
      "",
      `${topic}, expected and found`,
      table(
        ["", ...columns.map(({ name }) => name)],
        [...expected.map((row) => ["expected", ...told(columns, row, at)]), ...actual.map((row) => ["found", ...told(columns, row, at)])],
      ),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ]),
    "",
    stepsText(explanation),
  ].join("\n");
}

function smallestText({ streams, faults, size, from, eachNeeded, startMs }: SmallestWorld): string {
  const lines = [`Smallest failing world: ${amount(size)}; reduced from ${amount(from)}`];
  for (const { topic, columns, rows, does } of streams) {
    const at = (ms: number) => formatInstant(ms, startMs);
    const cells = rows.map((row, index) => [...told(columns, row, at), does[index] ?? ""]);
    lines.push("", topic, table([...columns.map(({ name }) => name), "what it does"], cells, { maxWidth: 120 }));
  }
  for (const fault of faults) lines.push(`  fault: ${fault}`);
  const parts = size.records + size.faults;
  if (eachNeeded) lines.push("", `Take away ${parts === 1 ? "this one" : `any one of the ${parts}`} and the two runs agree.`);
  return lines.join("\n");
}

function told(columns: SampleTable["columns"], row: readonly unknown[], at: (ms: number) => string): unknown[] {
  return row.map((cell, index) => {
    const { role } = columns[index]!;
    return (role === "eventTime" || role === "processingTime") && typeof cell === "number" ? at(cell) : cell;
  });
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
