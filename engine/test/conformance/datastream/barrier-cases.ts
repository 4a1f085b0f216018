/** Recorded barrier handling of one input gate, aligned mode. */
import { BarrierAligner, type BarrierListener } from "../../../src/runtime/checkpoint/barrier-handler.ts";
import type { DataStreamCase, JsonObject } from "./case-format.ts";
import { firstDifference } from "./graph-cases.ts";

class Gate implements BarrierListener {
  private readonly queues: JsonObject[][];
  private readonly aligner: BarrierAligner;
  readonly blocked = new Set<number>();
  private outputs: JsonObject[] = [];

  constructor(channels: number) {
    this.queues = Array.from({ length: channels }, () => []);
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

  trigger(checkpointId: number): void {
    this.outputs.push({ trigger: checkpointId, unaligned: false });
  }

  abort(checkpointId: number, reason: string): void {
    this.outputs.push({ abort: checkpointId, reason });
  }

  /** Puts the step into its channel and drains all channels that may be read. */
  step(step: JsonObject): JsonObject[] {
    this.outputs = [];
    this.queues[step["channel"] as number].push(step);
    for (let progress = true; progress; ) {
      progress = false;
      for (const [channel, queue] of this.queues.entries()) {
        while (queue.length > 0 && !this.blocked.has(channel)) {
          progress = true;
          this.take(queue.shift() as JsonObject, channel);
        }
      }
    }
    return this.outputs;
  }

  private take(item: JsonObject, channel: number): void {
    if ("data" in item) this.outputs.push({ data: item["data"], channel });
    else if ("barrier" in item) this.aligner.barrier(channel, item["barrier"] as number);
    else if ("cancel" in item) this.aligner.cancel(item["cancel"] as number);
    else if ("endOfPartition" in item) this.aligner.endOfPartition(channel);
  }
}

/** What the handler decides, in order; the passing of data between channels is not a contract and compares as a multiset. */
export function runBarriers(testCase: DataStreamCase): string | null {
  if (testCase.pipeline["mode"] !== "aligned") return `not covered yet: mode ${String(testCase.pipeline["mode"])}`;
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

function isDecision(output: JsonObject): boolean {
  return "block" in output || "resume" in output || "trigger" in output || "abort" in output;
}

function isData(output: JsonObject): boolean {
  return "data" in output;
}

function text(value: JsonObject): string {
  return JSON.stringify(value);
}
