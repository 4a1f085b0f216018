/** Recorded barrier handling of one input gate. */
import { BarrierAligner, type BarrierListener } from "../../../src/runtime/checkpoint/barrier-handler.ts";
import type { CheckpointBarrier } from "../../../src/runtime/checkpoint/checkpoint-barrier.ts";
import type { DataStreamCase, JsonObject } from "./case-format.ts";
import { firstDifference } from "./graph-cases.ts";
import { UnalignedGate } from "./unaligned-gate.ts";

class Gate implements BarrierListener {
  /** In the order of arrival, over all channels. */
  private readonly queue: JsonObject[] = [];
  private readonly aligner: BarrierAligner;
  readonly blocked = new Set<number>();
  private outputs: JsonObject[] = [];

  constructor(channels: number) {
    this.aligner = new BarrierAligner(channels, this);
  }

  blockChannel(channel: number): void {
    this.blocked.add(channel);
    this.outputs.push({ block: channel });
  }

  resumeChannel(channel: number): void {
    this.blocked.delete(channel);
    this.outputs.push({ resume: channel });
  }

  trigger({ checkpointId }: CheckpointBarrier): void {
    this.outputs.push({ trigger: checkpointId, unaligned: false });
  }

  abort(checkpointId: number, reason: string): void {
    this.outputs.push({ abort: checkpointId, reason });
  }

  /** Puts the step into its channel and takes what may be read, the oldest first, until nothing is left. */
  step(step: JsonObject): JsonObject[] {
    this.outputs = [];
    this.queue.push(step);
    for (;;) {
      const index = this.queue.findIndex((item) => !this.blocked.has(channelOf(item)));
      if (index < 0) return this.outputs;
      const [item] = this.queue.splice(index, 1);
      this.take(item, channelOf(item));
    }
  }

  private take(item: JsonObject, channel: number): void {
    if ("data" in item) this.outputs.push({ data: item["data"], channel });
    else if ("barrier" in item)
      this.aligner.barrier(channel, { checkpointId: item["barrier"] as number, timestampMs: 0, alignment: "aligned" });
    else if ("cancel" in item) this.aligner.cancel(item["cancel"] as number);
    else if ("endOfPartition" in item) this.aligner.endOfPartition(channel);
  }
}

function channelOf(step: JsonObject): number {
  return (step["channel"] ?? 0) as number;
}

/** What the handler decides, in order; the passing of data between channels is not a contract and compares as a multiset. */
export function runBarriers(testCase: DataStreamCase): string | null {
  if (testCase.pipeline["mode"] === "unaligned") return runUnaligned(testCase);
  const gate = new Gate(testCase.pipeline["channels"] as number);
  const blockedChannels = (testCase.expect as unknown as { readonly blockedChannels: number[][] }).blockedChannels;
  for (const [index, step] of testCase.input.entries()) {
    const expected = (testCase.expect.perStep ?? [])[index];
    const outputs = gate.step(step);
    const difference =
      firstDifference(outputs.filter(isDecision), expected.filter(isDecision)) ??
      firstDifference(outputs.filter(isData).map(text).sort(), expected.filter(isData).map(text).sort()) ??
      firstDifference([...gate.blocked].sort(), blockedChannels[index]);
    if (difference !== null) return `step ${index} ${text(step)}: ${difference}`;
  }
  return null;
}

/** As above; what leaves the gate beside data counts in order, and so does what was captured. */
function runUnaligned(testCase: DataStreamCase): string | null {
  const gate = new UnalignedGate(testCase.pipeline["channels"] as number);
  const persisted = (testCase.expect as unknown as { readonly persisted: readonly (readonly JsonObject[])[] }).persisted;
  for (const [index, step] of testCase.input.entries()) {
    const expected = (testCase.expect.perStep ?? [])[index];
    const outputs = gate.step(step);
    const captured = gate.persisted.flatMap((data, channel) => (data.length === 0 ? [] : [{ channel, data: [...data] }]));
    const difference =
      firstDifference(outputs.filter(isNoData).map(withoutErrorText), expected.filter(isNoData).map(withoutErrorText)) ??
      firstDifference(outputs.filter(isData).map(text).sort(), expected.filter(isData).map(text).sort()) ??
      firstDifference(captured, persisted[index]);
    if (difference !== null) return `step ${index} ${text(step)}: ${difference}`;
  }
  return null;
}

function withoutErrorText(output: JsonObject): JsonObject {
  return "error" in output ? { error: true } : output;
}

function isNoData(output: JsonObject): boolean {
  return !isData(output);
}

function isDecision(output: JsonObject): boolean {
  return "block" in output || "resume" in output || "trigger" in output || "abort" in output;
}

function isData(output: JsonObject): boolean {
  return "data" in output;
}

function text(value: JsonObject): string {
  return JSON.stringify(value);
}
