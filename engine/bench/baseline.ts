/** The last run of each section that was worth keeping: on which machine, when, and what each row was. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";
import type { Section } from "./section.ts";

const FILE = fileURLToPath(new URL("baseline.json", import.meta.url));

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

export interface Baseline {
  /** Of the last run that has changed it. */
  readonly date: string;
  readonly machine: Machine;
  readonly sections: readonly BaselineSection[];
}

export interface BaselineSection {
  readonly title: string;
  readonly date: string;
  readonly judged: string;
  readonly rows: readonly { readonly id: string; readonly figures: Readonly<Record<string, number>> }[];
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.version,
  };
}

export function describeMachine({ cpu, cores, memoryGb, system, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}`;
}

export function readBaseline(): Baseline | null {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Baseline) : null;
}

/** What the judged figure of a row was. */
export function baselineFigure(baseline: Baseline | null, id: string): number | undefined {
  for (const { judged, rows } of baseline?.sections ?? []) {
    const row = rows.find((candidate) => candidate.id === id);
    if (row !== undefined) return row.figures[judged];
  }
  return undefined;
}

/** Sections that were not measured stay as they are. */
export function saveBaseline(measured: readonly Section[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const fresh = measured.map(
    ({ title, judged, rows }): BaselineSection => ({
      title,
      date,
      judged,
      rows: rows.map(({ id, figures }) => ({ id, figures: rounded(figures) })),
    }),
  );
  const baseline: Baseline = { date, machine: thisMachine(), sections: replaced(readBaseline()?.sections ?? [], fresh) };
  writeFileSync(FILE, `${JSON.stringify(baseline, null, 2)}\n`);
}

/** Titles have numbers in them: a section is the same one when it has a row in common. */
export function replaced(old: readonly BaselineSection[], fresh: readonly BaselineSection[]): BaselineSection[] {
  const isSame = (a: BaselineSection, b: BaselineSection): boolean => a.rows.some(({ id }) => b.rows.some((row) => row.id === id));
  const kept = old.map((section) => fresh.find((other) => isSame(section, other)) ?? section);
  return [...kept, ...fresh.filter((section) => !kept.includes(section))];
}

function rounded(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]));
}
