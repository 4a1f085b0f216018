/**
 * Time zones without the platform's database: results must not depend on the machine, and Flink asks Java's. What Java knows from 1970 to 2037 is in
 * zone-history.ts; from there on the rule of today goes on where it is one of four (zone-rules.ts), else the last offset. Before 1970 the offset of
 * 1970 counts.
 */
import { msOf, shiftedBy, type Timestamp } from "../../types/timestamp.ts";
import { DAY_MS } from "./calendar.ts";
import { ZONE_HISTORIES, type ZoneHistory } from "./zone-history.ts";
import { summerOffset, type TailRule } from "./zone-rules.ts";

interface Zone {
  /** When each offset begins, ascending; the first is -Infinity. */
  readonly fromMs: readonly number[];
  readonly offsetsMs: readonly number[];
  readonly tail: TailRule | null;
  readonly standardMs: number;
}

const HISTORIES: ReadonlyMap<string, ZoneHistory> = new Map(
  ZONE_HISTORIES.flatMap((history) => history[0].split(" ").map((id): [string, ZoneHistory] => [id, history])),
);
/** Read when somebody asks for them. */
const zones = new Map<ZoneHistory, Zone>();

const OFFSET = /^(?:GMT|UTC|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** True for the zones of Java's database, `Z`, and offsets such as `GMT+02:00`. */
export function isKnownZone(zone: string): boolean {
  return zone === "Z" || HISTORIES.has(zone) || OFFSET.test(zone);
}

/** Offset of a zone at an instant, in ms; unknown zones count as UTC. */
export function zoneOffset(zone: string, epochMs: number): number {
  const history = HISTORIES.get(zone);
  if (history === undefined) {
    const match = OFFSET.exec(zone);
    return match === null ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  }
  let known = zones.get(history);
  if (known === undefined) {
    known = readHistory(history);
    zones.set(history, known);
  }
  const { fromMs, offsetsMs, tail, standardMs } = known;
  const last = fromMs.length - 1;
  if (epochMs >= fromMs[last]) return tail === null ? offsetsMs[last] : summerOffset(tail, standardMs, epochMs);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fromMs[middle] <= epochMs) low = middle;
    else high = middle;
  }
  return offsetsMs[low];
}

function readHistory([, offsets, changes, tail]: ZoneHistory): Zone {
  const named = offsets.split(" ").map((seconds) => Number(seconds) * 1000);
  const fromMs = [Number.NEGATIVE_INFINITY];
  const offsetsMs = [named[0]];
  let atMs = 0;
  for (const [, seconds, letter] of changes.matchAll(/([0-9a-z]+)([A-Z])/g)) {
    atMs += Number.parseInt(seconds, 36) * 1000;
    fromMs.push(atMs);
    offsetsMs.push(named[letter.charCodeAt(0) - 65]);
  }
  // Where a rule goes on, the last two offsets are those of winter and summer.
  return { fromMs, offsetsMs, tail: tail === "none" ? null : tail, standardMs: Math.min(...offsetsMs.slice(-2)) };
}

/**
 * The instant at which a zone's clocks show a local time: in an hour that comes twice the first, in one that is skipped the moment
 * as if the clocks had not been changed (both as `java.time` does).
 */
export function instantOf(local: number, offsetAt: (epochMs: number) => number): number {
  const before = offsetAt(local - DAY_MS);
  const after = offsetAt(local + DAY_MS);
  if (before === after || offsetAt(local - before) === before) return local - before;
  return offsetAt(local - after) === after ? local - after : local - before;
}

/** A point in time that a zone's clocks show, with all its digits, as the instant: see `instantOf`. */
export function instantOfTimestamp(local: Timestamp, offsetAt: (epochMs: number) => number): Timestamp {
  const ms = msOf(local);
  return shiftedBy(local, instantOf(ms, offsetAt) - ms);
}

/** What a zone's clocks show at an instant, with all its digits. */
export function localTimestampOf(instant: Timestamp, offsetAt: (epochMs: number) => number): Timestamp {
  return shiftedBy(instant, offsetAt(msOf(instant)));
}

/** The same as Java's older calendar reads local times: hours that come twice or never are standard time. */
export function standardInstantOf(local: number, offsetAt: (epochMs: number) => number): number {
  const before = offsetAt(local - DAY_MS);
  const after = offsetAt(local + DAY_MS);
  const standard = Math.min(before, after);
  const instant = instantOf(local, offsetAt);
  return before !== after && offsetAt(local - standard) === standard ? local - standard : instant;
}
