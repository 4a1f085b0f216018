/** Why a watermark does not move, in words: first all of it in one sentence, with cause and place; then what would move it. */
import type { StageRun } from "../../stage/stage-run.ts";
import type { PlaceRef, WatermarkCause, WatermarkWhy } from "../../stage/watermark-why.ts";
import { texts } from "../../texts/en.ts";
import { formatDuration, formatTime, isMaxTime } from "../../visuals/format-time.ts";
import { placeName } from "./sentences.ts";

const t = texts.stage.watermarkWhy;

/** "10:00:05"; the last watermark is no time. */
const time = (ms: number): string => (isMaxTime(ms) ? t.endOfInput : formatTime(ms));
/** A task that is less busy is not what others wait for. */
const SLOW_FROM = 0.5;

export function watermarkSentences(run: StageRun, why: WatermarkWhy, nowMs: number): string[] {
  const { cause, watermarkMs, sinceMs } = why;
  if (cause?.kind === "ended" && why.path.length === 0) return [t.ended];
  const name = placeName(run, why.v, why.s);
  const lead =
    watermarkMs === null
      ? t.none(name, sinceMs === null ? null : formatDuration(Math.max(0, nowMs - sinceMs)))
      : t.stands(name, time(watermarkMs), sinceMs === null ? null : formatTime(sinceMs));
  if (cause === null) return [`${lead}.`, t.unknown];
  const [said, ...more] = causeSentences(run, cause);
  const names = why.path.map((place) => placeName(run, place.v, place.s));
  const holder = names.at(-1);
  // In a channel it is neither the sender's doing nor anybody's behind it.
  const by = holder === undefined ? "" : t.by(holder, names.slice(0, -1));
  const quiet = why.quietUntilMs === null ? [] : [t.quiet(formatTime(why.quietUntilMs))];
  return [`${lead}${by}: ${said}.`, ...more, ...quiet];
}

/** The cause as the end of a sentence, and further sentences. */
function causeSentences(run: StageRun, cause: WatermarkCause): [string, ...string[]] {
  const nameOf = ({ v, s }: PlaceRef) => placeName(run, v, s);
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const timeout = (ms: number | null | undefined) => (ms == null ? ms : formatDuration(ms));
  switch (cause.kind) {
    case "ended":
      return [t.endOfInput];
    case "down":
      return [t.down(cause.reason, formatTime(cause.sinceMs))];
    case "allIdle":
      return [t.allIdle(nameOf(cause.at))];
    case "queued": {
      const { from, to } = cause.queue.channel;
      const busy = cause.busy === null || cause.busy < SLOW_FROM ? [] : [t.busy(nameOf(to), percent(cause.busy))];
      return [t.queued(nameOf(from), time(cause.sentMs), cause.queue.size, nameOf(to)), ...busy];
    }
    case "blocked": {
      const { from, to } = cause.queue.channel;
      return [t.blocked(nameOf(from), time(cause.sentMs), nameOf(to), t.checkpoint(cause.checkpoint))];
    }
    case "onItsWay": {
      const said = t.onItsWay(nameOf(cause.from), time(cause.sentMs));
      if (cause.next === null || cause.next.kind === "ended") return [said];
      const [after, ...more] = causeSentences(run, cause.next);
      return [said, t.afterThat(nameOf(cause.from), after), ...more];
    }
    case "backPressured": {
      const { to, capacity } = cause.queue.channel;
      const busy = cause.busy === null || cause.busy < SLOW_FROM ? [] : [t.busy(nameOf(to), percent(cause.busy))];
      const { size, full } = cause.queue;
      const said = full
        ? t.backPressured(nameOf(cause.at), nameOf(to), size, capacity)
        : t.heldUp(nameOf(cause.at), nameOf(to), size, capacity, percent(cause.share ?? 0));
      return [said, ...busy];
    }
    case "inside": {
      const boundMs = cause.watermarks?.boundMs ?? null;
      return [t.inside(nameOf(cause.at)), ...(boundMs === null ? [] : [t.insideBound(formatDuration(boundMs))])];
    }
    case "noWatermarks":
      return [t.noWatermarks(nameOf(cause.at))];
    case "noSplit":
      return [t.noSplit(nameOf(cause.at), timeout(cause.idleTimeoutMs))];
    case "unread":
      return [t.unread(cause.split, timeout(cause.idleTimeoutMs))];
    case "untimed":
      return [t.untimed(cause.split)];
    case "notMade":
      return [t.notMade(cause.split), t.notMadeMore(formatTime(cause.highestMs))];
    case "silent":
      return silentSentences(cause);
    case "paused": {
      const { split, group, aheadOfMs, maxDriftMs, slowest } = cause;
      const said = split === null ? t.pausedSource(nameOf(cause.at), group) : t.pausedSplit(split, group);
      if (slowest === null || maxDriftMs === null) return [said, t.aheadOf(time(aheadOfMs))];
      return [said, t.aheadOfGroup(formatDuration(maxDriftMs), nameOf(slowest), time(slowest.watermarkMs))];
    }
    case "woke":
      return [t.woke(cause.split, time(cause.splitMs))];
    case "bound": {
      const { split, highestMs, lagMs, boundMs, readMs, othersMs } = cause;
      const ahead = othersMs !== null && othersMs > highestMs - lagMs ? [t.others(time(othersMs))] : [];
      if (boundMs !== null && lagMs > boundMs) return [t.due(split, formatTime(highestMs)), ...ahead];
      const lag = formatDuration(lagMs);
      const said = lagMs === 0 ? t.boundNone(split, formatTime(highestMs)) : t.bound(split, formatTime(highestMs), lag);
      return [
        `${said}${boundMs !== null && boundMs > 0 ? t.boundSet : ""}`,
        `${t.needs(split, formatTime(highestMs))}.`,
        t.lastRead(formatTime(readMs)),
        ...ahead,
      ];
    }
  }
}

function silentSentences(cause: Extract<WatermarkCause, { kind: "silent" }>): [string, ...string[]] {
  const { split, sinceMs, everywhere, idleTimeoutMs, highestMs, othersMs } = cause;
  const since = formatTime(sinceMs);
  if (everywhere) return [t.silentEverywhere(split, since)];
  const said = t.silent(split, since, idleTimeoutMs == null ? idleTimeoutMs : formatDuration(idleTimeoutMs));
  const others = othersMs === null ? [] : [t.others(time(othersMs))];
  if (highestMs === null) return [said, ...others];
  const idle = idleTimeoutMs == null ? t.orIdle : t.idleAt(formatTime(sinceMs + idleTimeoutMs));
  return [said, ...others, `${t.needs(split, formatTime(highestMs))}${idle}`];
}
