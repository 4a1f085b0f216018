import type { JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";

/** Data, barriers, cancellations and ends of channels at one gate, aligned and not, with time passing in between. */
export function barrierCase(choices: Choices): GeneratedCase {
  const mode = choices.of(["aligned", "unaligned"]);
  const channels = choices.int(1, 4);
  const input: JsonObject[] = [];
  const newest = choices.list(channels, () => 0);
  const ended = new Set<number>();
  /** How the barriers of a checkpoint look is decided once. */
  const forms = new Map<number, JsonObject>();
  const form = (checkpoint: number): JsonObject => {
    const known = forms.get(checkpoint) ?? formOf(choices, mode);
    forms.set(checkpoint, known);
    return known;
  };
  let data = 0;
  for (let count = choices.int(10, 36); count > 0; count--) {
    const open = newest.map((_, channel) => channel).filter((channel) => !ended.has(channel));
    if (open.length === 0) break;
    // Barriers mostly come on the channel that is behind.
    const behind = open.reduce((least, channel) => (newest[channel] < newest[least] ? channel : least));
    const channel = choices.chance(40) ? behind : choices.of(open);
    input.push(
      ...choices.weighted<() => JsonObject[]>([
        [30, () => [{ data: `d${data++}`, channel }]],
        [
          26,
          () => {
            newest[channel] += choices.chance(92) ? 1 : 2;
            return [{ barrier: newest[channel], channel, ...form(newest[channel]) }];
          },
        ],
        [
          3,
          () => {
            const cancel = newest[channel] + choices.int(0, 1);
            newest[channel] = Math.max(newest[channel], cancel);
            return [{ cancel, channel }];
          },
        ],
        [
          2,
          () => {
            ended.add(channel);
            const end: JsonObject[] = [{ endOfPartition: true, channel }];
            return choices.chance(60) ? [{ endOfData: true, channel }, ...end] : end;
          },
        ],
        [mode === "unaligned" ? 5 : 1, () => [{ advanceMs: choices.of([1, 50, 100, 101]) }]],
        [mode === "unaligned" ? 30 : 0, () => [{ poll: choices.chance(30) ? "all" : choices.int(1, 4) }]],
      ])(),
    );
  }
  if (mode === "unaligned") input.push({ poll: "all" });
  return { title: `${mode} barriers on ${channels} channels`, pipeline: { type: "barriers", mode, channels }, input };
}

function formOf(choices: Choices, mode: string): JsonObject {
  if (mode === "aligned") return choices.chance(15) ? { savepoint: true } : {};
  return choices.weighted<JsonObject>([
    [5, { unaligned: true }],
    [5, { timeoutMs: choices.of([0, 1, 50, 100]) }],
    [2, {}],
    [1, { savepoint: true }],
  ]);
}
