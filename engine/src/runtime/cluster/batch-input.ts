/**
 * What a task of a batch job reads, put together from the results of the tasks in front of it. Flink: `SortingDataInput`,
 * `MultiInputSortingDataInput`.
 *
 * Keyed inputs come one key after the other, the records of a key by timestamp; two keyed inputs take turns key by key, and an input
 * without a key (a broadcast, say) comes whole before a keyed one. The order of keys is that of their serialized bytes, as in Flink: strings by
 * length, numbers as longs. A mark ends each key: it fires the key's timers.
 */
import { type MapKey, canonicalKey } from "../../base/canonical-key.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../base/long.ts";
import type { KeySelector } from "../../flow/operator.ts";
import { copyValue, encodeValue } from "../../types/value-codec.ts";
import { type Channel, END_OF_DATA, END_OF_KEY, RECORD, SWITCH_INPUT, WATERMARK } from "../channel.ts";

/** One record of a result. */
export interface BatchRecord {
  readonly kind: number;
  readonly value: unknown;
  readonly number: number;
}

interface SortedRecord extends BatchRecord {
  readonly input: 0 | 1;
}

interface KeyRun {
  readonly key: unknown;
  readonly records: SortedRecord[];
}

/**
 * Fills a task's channels, one per logical input.
 *
 * @param inputs what each logical input gets, in the order in which it was made.
 */
export function fillBatchChannels(
  channels: readonly Channel[],
  inputs: readonly (readonly BatchRecord[])[],
  keySelectors: readonly (KeySelector | undefined)[],
): void {
  const keyed = channels.map((_channel, input) => keySelectors[input] !== undefined);
  let turn = 0;
  const push = (input: number, { kind, value, number }: BatchRecord) => channels[input].push(kind, copyValue(value), number);
  const end = (input: number) => {
    channels[input].push(WATERMARK, undefined, MAX_TIMESTAMP);
    channels[input].push(END_OF_DATA, undefined, 0);
  };
  const passTo = (input: number) => {
    if (input === turn) return;
    channels[turn].push(SWITCH_INPUT, undefined, input);
    turn = input;
  };
  if (!keyed.includes(true)) {
    channels.forEach((_channel, input) => {
      for (const record of inputs[input]) push(input, record);
      end(input);
    });
    return;
  }
  const whole = keyed.indexOf(false);
  turn = Math.max(0, whole);
  for (const channel of channels) channel.setBlocked(channel !== channels[turn]);
  if (whole >= 0) {
    for (const record of inputs[whole]) push(whole, record);
    end(whole);
  }
  for (const { records } of keyRuns(inputs, keySelectors)) {
    for (const record of records) {
      passTo(record.input);
      push(record.input, record);
    }
    channels[turn].push(END_OF_KEY, undefined, 0);
  }
  channels.forEach((_channel, input) => {
    if (!keyed[input]) return;
    passTo(input);
    end(input);
  });
}

function keyRuns(inputs: readonly (readonly BatchRecord[])[], keySelectors: readonly (KeySelector | undefined)[]): KeyRun[] {
  const runs = new Map<MapKey, KeyRun>();
  for (const [input, records] of inputs.entries()) {
    const selector = keySelectors[input];
    if (selector === undefined) continue;
    for (const record of records) {
      const key = selector(record.value);
      const canonical = canonicalKey(key);
      let run = runs.get(canonical);
      if (run === undefined) {
        run = { key, records: [] };
        runs.set(canonical, run);
      }
      run.records.push({ ...record, input: input as 0 | 1 });
    }
  }
  const sorted = [...runs.values()].map((run) => ({ ...run, bytes: keyBytes(run.key) })).sort((a, b) => compareBytes(a.bytes, b.bytes));
  for (const { records } of sorted) records.sort((left, right) => timestampOf(left) - timestampOf(right) || left.input - right.input);
  return sorted;
}

function timestampOf({ kind, number }: BatchRecord): number {
  return kind === RECORD ? number : MIN_TIMESTAMP;
}

/** Strings as Flink writes them (length + 1, then characters), whole numbers as longs, everything else in our own form. */
function keyBytes(key: unknown): Uint8Array {
  if (typeof key === "string") return Uint8Array.from([...variableLength(key.length + 1), ...characters(key)]);
  if (typeof key === "number" && Number.isSafeInteger(key)) {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigInt64(0, BigInt(key));
    return new Uint8Array(bytes.buffer);
  }
  return encodeValue(key);
}

function characters(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)).flatMap(variableLength);
}

/** Seven bits a byte, the low ones first; the high bit says that more follow. */
function variableLength(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** Bytes are signed, as Java compares them. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = ((left[index] << 24) >> 24) - ((right[index] << 24) >> 24);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
