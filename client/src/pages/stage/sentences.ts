/** What the stage says: facts of the model in words. */
import type { RecordingEvent } from "@millrace/engine/sim";
import { texts } from "../../texts/en.ts";
import { formatDuration, formatTime, isMaxTime, isMinTime } from "../../visuals/format-time.ts";
import { faultText } from "../../visuals/plane-model.ts";
import { keyLabel } from "../../visuals/record-key.ts";
import type { StageRun } from "../../stage/stage-run.ts";
import type { StageRecord, StageTransaction, StageWrite } from "../../stage/stage-facts.ts";
import { valueText } from "../../stage/state-diff.ts";
import { shortName } from "../../stage/watermark-holder.ts";
import type { RecordStory, WriteStory } from "../../stage/why.ts";

const t = texts.stage;

export const span = (window: { readonly startMs: number; readonly endMs: number }): string =>
  `[${isMinTime(window.startMs) ? "−∞" : formatTime(window.startMs)}, ${isMaxTime(window.endMs) ? "∞" : formatTime(window.endMs)})`;

export const recordName = ({ topic, partition, offset }: StageRecord): string => `${topic} ${partition} : ${offset}`;
/** The value; of a record that has none, the key that it deletes. */
export const writtenText = ({ value, key }: StageWrite): string => key ?? valueText(value);
export const writeName = ({ topic, partition, offset }: StageWrite): string => `${topic} ${partition} : ${offset}`;

/** "window 1", or "window" when there is one subtask. */
export function placeName(run: StageRun, v: number, s: number): string {
  const vertex = run.index.recording.vertices.find(({ id }) => id === v);
  const name = vertex === undefined ? `vertex ${v}` : shortName(vertex.name);
  return vertex?.parallelism === 1 ? name : `${name} ${s}`;
}

/** Why a record produced what it did, or nothing; a sentence each. The first one says the main thing. */
export function recordSentences(story: RecordStory): string[] {
  const w = t.why;
  const replay = story.record.replay ? [w.replay] : [];
  switch (story.kind) {
    case "late": {
      const behind = w.late(formatDuration(Math.max(story.behindMs, 0)));
      const { window } = story;
      const fate = story.to === null ? w.dropped : w.lateAside(story.to);
      if (window === null) return [`${behind} (${formatTime(story.watermarkMs)}).`, w.lateNoWindow, fate, ...replay];
      const fired = window.firedMs === null ? w.lateWindowOpen(span(window)) : w.lateWindow(span(window), formatTime(window.firedMs));
      const purged = window.purgedMs === null || window.purgedMs === window.firedMs ? "" : `, ${w.purged(formatTime(window.purgedMs))}`;
      const missedMs = story.watermarkMs - (window.endMs - 1);
      const remedy = missedMs > 0 && !isMaxTime(story.watermarkMs) ? [w.wouldCount(formatDuration(missedMs))] : [];
      return [`${behind} (${formatTime(story.watermarkMs)}).`, `${fired}${purged}.`, fate, ...remedy, ...replay];
    }
    case "windows": {
      const lines = story.windows.slice(0, 4).map((window) => {
        if (window.lost && window.fired.length === 0) return w.lost(span(window));
        if (window.fired.length === 0) return w.waits(span(window));
        const own = window.fired.filter((seq) => seq > story.record.seq);
        if (own.length === 0) return w.waits(span(window));
        return null;
      });
      return [
        `${w.counted(story.windows.length)}.`,
        ...lines.filter((line) => line !== null),
        ...(story.writes.length === 0 ? [w.noOutput] : []),
        ...replay,
      ];
    }
    case "written":
      return [w.written(story.writes.length), ...replay];
    case "state":
      return [
        ...(story.names.length > 0 ? [w.state(story.names.join(", "))] : []),
        ...(story.timers.length > 0 ? [w.timers(story.timers.map(formatTime).join(", "))] : []),
        ...replay,
      ];
    case "nothing":
      return [story.lostInCrash ? w.nothingCrash : w.nothing, ...replay];
  }
}

/** The commits one after the other, by the names that the sink gave its transactions. */
function commitsSentence(seen: readonly StageWrite[]): string {
  const w = t.why;
  const transactions = seen.flatMap(({ transaction }) => (transaction === null ? [] : [transaction]));
  const ids = new Set(transactions.map(({ id }) => id));
  const [id] = ids;
  const at = ({ endMs }: StageTransaction) => (endMs === null ? "" : formatTime(endMs));
  const commits = transactions.map((x) => w.commit(x.number, at(x)));
  if (ids.size === 1 && id !== "") return w.sameTransaction(id, commits);
  return w.twoTransactions(transactions.map((x) => w.commitOf(x.id === "" ? String(x.number) : x.id, x.number, at(x))));
}

/** Why it was written again: the job went back to a moment before it had been written. */
function wentBackSentence(all: readonly StageWrite[], run: StageRun): string | null {
  const [first, last] = [Math.min(...all.map(({ atMs }) => atMs)), Math.max(...all.map(({ atMs }) => atMs))];
  const downtime = run.facts.downtimes.find(({ fromMs }) => first <= fromMs && fromMs <= last);
  if (downtime === undefined) return null;
  const checkpoint = run.facts.checkpoints.find(({ number }) => number === downtime.restored);
  if (checkpoint !== undefined)
    return t.why.wentBack(downtime.reason, formatTime(downtime.fromMs), checkpoint.number, formatTime(checkpoint.triggeredMs));
  return downtime.restored === null ? t.why.wentBackToStart(downtime.reason, formatTime(downtime.fromMs)) : null;
}

export function transactionName(transaction: StageTransaction | null): string {
  return transaction === null ? t.why.noTransaction : t.why.transaction(transaction.number, t.figure.transactions[transaction.outcome]);
}

/** Where an output comes from, and whether it is there more than once. */
export function writeSentences(story: WriteStory, run: StageRun): string[] {
  const w = t.why;
  const { from, copies, write } = story;
  const origin =
    from === null
      ? w.ofUnknown
      : from.kind === "window"
        ? w.ofWindow(span(from.window), from.window.key, formatTime(from.firedMs), from.again)
        : from.kind === "timer"
          ? w.ofTimer(formatTime(from.timestampMs), from.key)
          : from.kind === "state"
            ? w.ofState(from.key)
            : w.ofRecord;
  const kind = write.rowKind === null ? [] : [w.kinds[write.rowKind]];
  if (copies.length === 0) return [origin, ...kind];
  const all = [write, ...copies];
  const seen = all.filter(({ transaction }) => transaction === null || transaction.outcome === "committed");
  const crossed = run.facts.downtimes.some(
    ({ fromMs }) => Math.min(...all.map(({ atMs }) => atMs)) <= fromMs && fromMs <= Math.max(...all.map(({ atMs }) => atMs)),
  );
  const verdict =
    seen.length > 1
      ? all.some(({ transaction }) => transaction === null)
        ? w.twiceNoTransaction
        : commitsSentence([...seen].sort((a, b) => a.seq - b.seq))
      : w.twiceOnceCommitted;
  const why = seen.length > 1 ? wentBackSentence(all, run) : null;
  return [origin, `${w.twice(all.length)}${crossed ? w.afterCrash : ""}. ${verdict}`, ...(why === null ? [] : [why])];
}

export interface EventWords {
  readonly where: string;
  readonly what: string;
  readonly eventTime: string;
  readonly value: string;
}

/** An event as a row of a table, and read out while stepping. */
export function eventWords(run: StageRun, event: RecordingEvent): EventWords {
  const e = t.event;
  const at = "v" in event && "s" in event && event.v !== null && event.s !== null ? placeName(run, event.v, event.s) : "";
  const row = (what: string, eventTime = "", value = ""): EventWords => ({ where: at, what, eventTime, value });
  switch (event.kind) {
    case "read":
      return row(
        e.read(`${event.topic} ${event.partition} : ${event.offset}`, event.replay),
        event.eventMs === null ? "" : formatTime(event.eventMs),
        valueText(event.value),
      );
    case "splitWatermark":
      return row(e.splitWatermark(event.split, formatTime(event.watermarkMs)), formatTime(event.watermarkMs));
    case "watermark":
      return row(e.watermark(at, formatTime(event.watermarkMs)), formatTime(event.watermarkMs));
    case "channelWatermark":
      return row(
        e.channelWatermark(at, placeName(run, event.from.v, event.from.s), formatTime(event.watermarkMs)),
        formatTime(event.watermarkMs),
      );
    case "channelIdle":
      return row(e.idle(placeName(run, event.from.v, event.from.s), event.idle));
    case "idle":
      return row(e.idle(event.split ?? at, event.idle));
    case "split":
      return row(e.split(at, event.split, event.assigned));
    case "aligned":
      return row(e.aligned(event.split ?? at, event.paused), isMaxTime(event.maxDesiredMs) ? "" : formatTime(event.maxDesiredMs));
    case "window":
      return row(e.window[event.what], span(event), keyLabel(event.key));
    case "windowMerged":
      return row(`${e.merged} ${span(event)}`, span(event), keyLabel(event.key));
    case "late":
      return row(
        e.late(formatDuration(Math.max(event.watermarkMs - event.eventMs, 0)), event.to),
        formatTime(event.eventMs),
        valueText(event.value),
      );
    case "timer":
      return row(
        e.timer(formatTime(event.timestampMs)),
        event.domain === "event" ? formatTime(event.timestampMs) : "",
        keyLabel(event.key),
      );
    case "timerSet":
      return row(
        e.timerSet(formatTime(event.timestampMs), event.set),
        event.domain === "event" ? formatTime(event.timestampMs) : "",
        keyLabel(event.key),
      );
    case "state": {
      const value = event.present ? `${keyLabel(event.key)} = ${valueText(event.value)}` : keyLabel(event.key);
      return row(e.state(event.name, event.present), event.window === null ? "" : span(event.window), value);
    }
    case "checkpoint":
      return row(`${e.checkpointNo(event.checkpoint)} ${e.checkpoint[event.what]}${at === "" ? "" : ` ${at}`}`, "", event.reason ?? "");
    case "write":
      return row(e.write(event.topic, event.transaction, event.rowKind ?? null), "", event.key ?? valueText(event.value));
    case "transaction":
      return row(e.transaction(event.transaction, e.transactionWhat[event.what]), "", event.id);
    case "system":
      return row(`${event.system}: ${event.what}`, "", valueText(event.detail));
    case "fault":
      return row(e.fault(faultText(event.what, event.taskManager)));
    case "job":
      return row(e.job(event.what, event.attempt), "", event.reason ?? "");
  }
}

export function eventSentence(run: StageRun, event: RecordingEvent): string {
  const { where, what, value } = eventWords(run, event);
  return [where === "" || what.includes(where) ? what : `${where}: ${what}`, value].filter((part) => part !== "").join(", ");
}
