/**
 * Recordings come over the network, from servers of other versions and out of old verdicts: before one is drawn, it is looked through once, so that what is built on it may rely
 * on its form. Kinds and fields that are not known are passed over, as the format has it.
 */
import type { Recording, RecordingEvent } from "@millrace/engine/sim";

type Check = (value: unknown) => boolean;

const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const anything: Check = () => true;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null) return false;
    for (const name in fields) if (!fields[name]((value as Record<string, unknown>)[name])) return false;
    return true;
  };

const place = { v: whole, s: whole };
const span = { startMs: number, endMs: number };

/** What each kind of event must have, besides `t` and a cause before it. */
const EVENTS: Readonly<Record<RecordingEvent["kind"], Check>> = {
  read: record({ ...place, topic: text, partition: whole, offset: whole, eventMs: orNull(number), value: anything, replay: flag }),
  split: record({ ...place, split: text, assigned: flag }),
  aligned: record({ ...place, split: orNull(text), paused: flag, maxDesiredMs: number }),
  splitWatermark: record({ ...place, split: text, watermarkMs: number }),
  watermark: record({ ...place, watermarkMs: number }),
  idle: record({ ...place, split: orNull(text), idle: flag }),
  window: record({ ...place, what: text, key: anything, ...span }),
  windowMerged: record({ ...place, key: anything, ...span, merged: listOf(record(span)) }),
  late: record({ ...place, value: anything, eventMs: number, watermarkMs: number, to: orNull(text) }),
  timer: record({ ...place, domain: text, key: anything, timestampMs: number }),
  timerSet: record({ ...place, domain: text, key: anything, timestampMs: number, set: flag }),
  state: record({ ...place, name: text, key: anything, window: orNull(record(span)), present: flag }),
  channelWatermark: record({ ...place, from: record(place), watermarkMs: number }),
  channelIdle: record({ ...place, from: record(place), idle: flag }),
  checkpoint: record({ what: text, checkpoint: whole, v: orNull(whole), s: orNull(whole), bytes: orNull(number), reason: orNull(text) }),
  write: record({ ...place, topic: text, partition: whole, offset: whole, transaction: whole, value: anything }),
  transaction: record({ v: orNull(whole), s: orNull(whole), transaction: whole, id: text, what: text }),
  system: record({ system: text, what: text, detail: anything }),
  fault: record({ what: text, taskManager: orNull(whole) }),
  job: record({ what: text, attempt: whole, reason: orNull(text) }),
};

const moment = record({ kind: text, t: number });

const vertices = listOf(record({ id: whole, name: text, parallelism: whole, inputs: listOf(whole), operators: orAbsent(listOf(text)) }));
const edges = orAbsent(listOf(record({ source: whole, target: whole, ship: text, pattern: text })));
const samples = listOf(record({ t: number, subtasks: listOf(record({})) }));
const queues = orAbsent(
  record({ channels: listOf(record({ from: record(place), to: record(place), capacity: number })), changes: listOf(listOf(anything)) }),
);

const recordingForm = record({
  format: (value) => value === 1,
  vertices,
  edges,
  samples,
  queues,
  truncated: flag,
  taskManagers: orAbsent(whole),
});

/** The recording, when it is one; null = it is broken, or of a format that is not known here. */
export function readable(recording: unknown): Recording | null {
  if (!recordingForm(recording)) return null;
  const { events } = recording as { readonly events?: unknown };
  if (!Array.isArray(events)) return null;
  for (const [seq, event] of (events as unknown[]).entries()) {
    if (!moment(event)) return null;
    const { kind, cause } = event as { readonly kind: string; readonly cause?: unknown };
    // Whoever follows causes comes to an end, since each lies before what it has caused.
    if (cause !== undefined && !(whole(cause) && (cause as number) < seq)) return null;
    if (Object.hasOwn(EVENTS, kind) && !EVENTS[kind as RecordingEvent["kind"]](event)) return null;
  }
  return recording as Recording;
}
