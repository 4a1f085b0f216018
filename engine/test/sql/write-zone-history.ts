/**
 * Writes src/sql/functions/zone-history.ts from what Java knows of time zones: one line of standard input per zone, its id, a tab, the offset (in
 * seconds) at the beginning of 1970, and then ` <epoch second>:<offset after it>` for every change until 2038, as this prints them:
 *
 *   for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
 *     ZoneRules rules = ZoneId.of(id).getRules();
 *     // rules.getOffset(start), then rules.nextTransition(…) again and again: getInstant(), getOffsetAfter()
 *   }
 *
 * Zones with the same history share an entry. Where the changes follow one of the rules of time-zones.ts up to the end, the rule takes over.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { summerOffset, TAIL_RULES, type TailRule } from "../../src/sql/functions/zone-rules.ts";

interface Change {
  readonly atS: number;
  readonly offsetS: number;
}

const OUT = new URL("../../src/sql/functions/zone-history.ts", import.meta.url);
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Fewer changes than these are no rule yet. */
const LEAST = 6;

function tailOf(first: number, changes: readonly Change[]): { readonly rule: TailRule; readonly from: number } | null {
  for (const rule of TAIL_RULES) {
    const standardS = Math.min(...changes.slice(-2).map(({ offsetS }) => offsetS));
    const fits = (k: number): boolean => {
      const { atS, offsetS } = changes[k];
      const before = k === 0 ? first : changes[k - 1].offsetS;
      const at = (s: number) => summerOffset(rule, standardS * 1000, s * 1000) / 1000;
      const close = k + 1 === changes.length || changes[k + 1].atS - atS < 290 * 86_400;
      return close && at(atS) === offsetS && at(atS - 1) === before;
    };
    let from = changes.length;
    while (from > 0 && fits(from - 1)) from--;
    if (changes.length - from >= LEAST && changes[changes.length - 1].atS > Date.UTC(2037, 0, 1) / 1000) return { rule, from };
  }
  return null;
}

function entryOf(history: string): string {
  const [first, ...rest] = history.split(" ");
  const changes = rest.map((text): Change => ({ atS: Number(text.split(":")[0]), offsetS: Number(text.split(":")[1]) }));
  const tail = tailOf(Number(first), changes);
  const kept = tail === null ? changes : changes.slice(0, tail.from + 1);
  const offsets = [...new Set([Number(first), ...kept.map(({ offsetS }) => offsetS)])];
  let beforeS = 0;
  const tokens = kept.map(({ atS, offsetS }) => {
    const token = (atS - beforeS).toString(36) + LETTERS[offsets.indexOf(offsetS)];
    beforeS = atS;
    return token;
  });
  return `${JSON.stringify(offsets.join(" "))}, ${JSON.stringify(tokens.join(""))}, ${JSON.stringify(tail?.rule ?? "none")}`;
}

const byHistory = new Map<string, string[]>();
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const [id, history] = line.split("\t");
  byHistory.set(history, [...(byHistory.get(history) ?? []), id]);
}
const entries = [...byHistory].map(([history, ids]) => `  [${JSON.stringify(ids.join(" "))}, ${entryOf(history)}],`);
writeFileSync(
  OUT,
  `/**
 * What the clocks of the world's zones did from 1970 to 2037, as Java 17 has it. Written by test/sql/write-zone-history.ts.
 *
 * An entry: ids; offsets in seconds, the first as of 1970; changes, each the seconds since the one before in base 36 and the letter of the offset
 * that begins; and the rule that goes on after the last of them.
 */
import type { TailRule } from "./zone-rules.ts";

export type ZoneHistory = readonly [ids: string, offsets: string, changes: string, tail: TailRule | "none"];

// biome-ignore format: data
export const ZONE_HISTORIES: readonly ZoneHistory[] = [
${entries.join("\n")}
];
`,
);
