/** The records of the smallest world as tables, with what each does in the submission's run as far as its recording tells. */
import type { Recording, RecordingEvent, World } from "@millrace/engine/sim";
import { formatInstant } from "../feedback/format.ts";
import { inputTable, offsetsOf } from "../judge/sample-worlds.ts";
import type { Problem } from "../pack/problem.ts";
import type { ExplainedStream, WorldSize } from "./explanation.ts";
import { short } from "./steps.ts";

export function sizeOf(world: World): WorldSize {
  const records = world.topics.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
  return { records: records + contentsOf(world).reduce((sum, { entries }) => sum + entries.length, 0), faults: world.faults.length };
}

export function streamsOf(problem: Problem, world: World, recording: Recording | null): ExplainedStream[] {
  const deeds = recording === null ? new Map<string, string>() : deedsOf(recording, world.startMs);
  const topics = world.topics
    .filter(({ arrivals }) => arrivals.length > 0)
    .map((topic): ExplainedStream => {
      const does = offsetsOf(topic).map((place) => deeds.get(`${topic.name} ${place}`) ?? "");
      const table = inputTable(problem, topic, { withOffsets: true });
      return { ...table, does: does.slice(0, table.rows.length) };
    });
  const systems = contentsOf(world).map(
    ({ name, entries }): ExplainedStream => ({
      topic: name,
      columns: [
        { name: "at", role: "processingTime" },
        { name: "what", role: "value" },
      ],
      rows: entries.map(({ atMs, ...what }) => [atMs, JSON.stringify(what)]),
      does: entries.map(() => ""),
    }),
  );
  return [...topics, ...systems];
}

interface Entry {
  readonly atMs: number;
}

/** What others do in systems at some time: transactions of an application, objects that appear. */
function contentsOf({ systems = [] }: World): { readonly name: string; readonly entries: readonly Entry[] }[] {
  return systems.flatMap((system) =>
    Object.entries(system).flatMap(([field, part]) => (isContents(part) ? [{ name: `${system.name} ${field}`, entries: part }] : [])),
  );
}

function isContents(part: unknown): part is readonly Entry[] {
  return Array.isArray(part) && part.length > 0 && part.every((entry) => typeof entry === "object" && entry !== null && "atMs" in entry);
}

/** By "topic partition:offset". What happens from one read to the next is the doing of the record that was read. */
function deedsOf({ events, vertices }: Recording, startMs: number): Map<string, string> {
  const sources = new Set(vertices.filter(({ inputs }) => inputs.length === 0).map(({ id }) => id));
  const at = (ms: number) => formatInstant(ms, startMs);
  const seen = new Set<string>();
  const deeds = new Map<string, string[]>();
  let reading: string[] | null = null;
  for (const event of events) {
    if (event.kind === "read") {
      reading = [];
      const place = `${event.topic} ${event.partition}:${event.offset}`;
      if (!deeds.has(place)) deeds.set(place, reading);
      continue;
    }
    const deed = reading === null ? null : deedOf(event, sources, seen, at);
    if (deed !== null && reading!.length < 3 && !reading!.includes(deed)) reading!.push(deed);
  }
  return new Map([...deeds].map(([place, all]) => [place, all.join(", ")]));
}

function deedOf(event: RecordingEvent, sources: ReadonlySet<number>, seen: Set<string>, at: (ms: number) => string): string | null {
  switch (event.kind) {
    case "late":
      return event.to === null ? "too late, dropped" : "too late, put aside";
    case "window": {
      const span = `${at(event.startMs)}–${Math.abs(event.endMs) > 8.64e15 ? "end" : at(event.endMs)} of ${short(event.key)}`;
      if (event.what === "fired") return `fires ${span}`;
      const isNew = event.what === "assigned" && !seen.has(span);
      seen.add(span);
      return isNew ? `opens ${span}` : null;
    }
    case "watermark":
      return sources.has(event.v) && Math.abs(event.watermarkMs) < 8.64e15 ? `lifts the watermark to ${at(event.watermarkMs)}` : null;
    default:
      return null;
  }
}
