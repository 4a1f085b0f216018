/** The reference page of SQL functions, from their declarations. `node functions-page.ts` writes it to `engine/SQL-FUNCTIONS.md`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AGGREGATE_SAMPLE } from "../../src/sql/functions/aggregate-function.ts";
import { type CatalogueEntry, catalogue } from "../../src/sql/functions/catalogue.ts";
import { REFUSED_FUNCTIONS } from "../../src/sql/functions/refused-functions.ts";

const SECTIONS: readonly (readonly [kind: CatalogueEntry["kind"], title: string, intro: string])[] = [
  ["scalar", "Scalar functions", ""],
  ["operator", "Operators and constructors", ""],
  [
    "aggregate",
    "Aggregate functions",
    `The examples are about the rows ${AGGREGATE_SAMPLE.map(([s, v]) => `('${s}', ${v})`).join(", ")} of a table with s and v.`,
  ],
  ["syntax", "Special forms", "What looks like a function and is syntax."],
];

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string): string => `\`${cell(text)}\``;

function line({ signature, description, examples }: CatalogueEntry): string {
  const shown = examples.map(({ sql, value }) => `${code(sql)} → ${code(JSON.stringify(value))}`).join("<br>");
  return `| ${code(signature)} | ${cell(description)} | ${shown} |`;
}

export function functionsPage(): string {
  const entries = catalogue();
  const lines = [
    "# SQL functions",
    "",
    "Written from the declarations in `src/sql/functions` (`node engine/test/sql/functions-page.ts`); a test holds the two together. Every example was",
    "answered by real Flink 2.3 and runs as a test. Values are in the notation of the recorded cases (DECIMAL and times as text).",
  ];
  for (const [kind, title, intro] of SECTIONS) {
    lines.push("", `## ${title}`, "");
    if (intro !== "") lines.push(intro, "");
    lines.push("| how it is written | what it gives | examples |", "| --- | --- | --- |");
    for (const entry of entries) if (entry.kind === kind) lines.push(line(entry));
  }
  lines.push("", "## Refused", "", "| function | why |", "| --- | --- |");
  for (const { name, reason } of REFUSED_FUNCTIONS) lines.push(`| ${code(name)} | ${cell(reason)} |`);
  return `${lines.join("\n")}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(import.meta.dirname, "../../SQL-FUNCTIONS.md"), functionsPage());
