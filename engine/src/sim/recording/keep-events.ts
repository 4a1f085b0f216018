/** A part of a recording that is one itself: events are left out, and what refers to them is mended. */
import type { Recording } from "../outcome.ts";
import type { RecordingEvent } from "./events.ts";
import { queuesOver, type RecordedQueues } from "./queues.ts";

/** @param max of those kept only the first so many stay, and the recording says that it was cut. Default: all. */
export function keepEvents(recording: Recording, keeps: (event: RecordingEvent) => boolean, max = Number.POSITIVE_INFINITY): Recording {
  const events: RecordingEvent[] = [];
  const newSeq = new Map<number, number>();
  for (const [seq, event] of recording.events.entries()) {
    if (!keeps(event)) continue;
    if (events.length >= max) return { ...recording, events, truncated: true, ...queuesOf(recording, newSeq, seq) };
    newSeq.set(seq, events.length);
    events.push(withCause(event, newSeq));
  }
  return { ...recording, events, ...queuesOf(recording, newSeq, recording.events.length) };
}

/** @param before old number of the first event that is left out for good */
function queuesOf({ queues }: Recording, newSeq: ReadonlyMap<number, number>, before: number): { readonly queues?: RecordedQueues } {
  if (queues === undefined) return {};
  const kept = [...newSeq.keys()];
  let at = -1;
  // Asked for in rising order.
  const seqAt = (seq: number) => {
    while (at + 1 < kept.length && kept[at + 1] <= seq) at++;
    return at;
  };
  return { queues: queuesOver({ ...queues, changes: queues.changes.filter(([seq]) => seq < before) }, seqAt) };
}

function withCause(event: RecordingEvent, newSeq: ReadonlyMap<number, number>): RecordingEvent {
  if (!("cause" in event) || event.cause === undefined) return event;
  const { cause, ...rest } = event;
  const kept = newSeq.get(cause);
  return kept === undefined ? rest : { ...rest, cause: kept };
}
