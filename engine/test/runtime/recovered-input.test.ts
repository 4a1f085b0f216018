import { describe, expect, it } from "vitest";
import { Channel, END_OF_RECOVERED_INPUT, RECORD } from "../../src/runtime/channel.ts";
import { RecoveredInput } from "../../src/runtime/checkpoint/recovered-input.ts";

const NOBODY = { channelFull() {}, channelDrained() {}, endOfDataRead() {}, barrierReceived() {}, channelFilled() {}, barrierSent() {} };

/** Of each channel: what was recovered, then `|`, then what comes new. */
function gate(first: number, ...contents: readonly string[]): Channel[] {
  return contents.map((content, index) => {
    const channel = new Channel({ index: first + index, input: 1, inputChannel: index, capacity: 64 }, NOBODY, NOBODY);
    for (const value of content) channel.push(value === "|" ? END_OF_RECOVERED_INPUT : RECORD, value, 0);
    return channel;
  });
}

/** Reads what may be read, always from the last channel that has something: the worst a task can do. */
function readAll(channels: readonly Channel[], recovered: RecoveredInput): string {
  let read = "";
  for (;;) {
    const channel = channels.findLast(({ size, blocked }) => size > 0 && !blocked);
    if (channel === undefined) return read;
    const mark = channel.headKind === END_OF_RECOVERED_INPUT;
    const value = channel.headValue;
    channel.pop();
    if (!mark) read += value;
    else if (recovered.markRead(channel)) read += "!";
  }
}

describe("BAR-9 recovered input", () => {
  it("is read before anything new, whichever sender is quicker", () => {
    const channels = gate(0, "ab|XY", "|Z", "c|");
    const recovered = new RecoveredInput();
    recovered.addGate(channels);
    expect(readAll(channels, recovered)).toBe("cab!ZXY");
  });

  it("gates do not wait for each other, the task for all", () => {
    const [one, two] = [gate(0, "a|X"), gate(1, "b|Y", "c|Z")];
    const recovered = new RecoveredInput();
    recovered.addGate(one);
    recovered.addGate(two);
    expect(readAll([...two, ...one], recovered)).toBe("aXcb!ZY");
  });
});
