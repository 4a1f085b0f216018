import type { Output, OutputTag } from "../../flow/output.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import { checkedTag } from "../side-output.ts";
import type { PatternProcessContext } from "./pattern-process-function.ts";

/** The context of all matches, one per operator. */
export class PatternFunctionContext implements PatternProcessContext {
  /** Of the match that is being processed. */
  timestampMs = 0;
  private readonly sideOutput: Output;
  private readonly isProcessingTime: boolean;
  private readonly processingTime: () => number;
  private readonly record = new StreamRecord<unknown>(undefined);

  constructor(sideOutput: Output, isProcessingTime: boolean, processingTime: () => number) {
    this.sideOutput = sideOutput;
    this.isProcessingTime = isProcessingTime;
    this.processingTime = processingTime;
  }

  timestamp(): number {
    return this.timestampMs;
  }

  currentProcessingTime(): number {
    return this.processingTime();
  }

  output<X>(outputTag: OutputTag<X>, value: X): void {
    const { record } = this;
    record.value = value;
    if (this.isProcessingTime) record.eraseTimestamp();
    else record.setTimestamp(this.timestampMs);
    this.sideOutput.collectSide(checkedTag(outputTag), record);
  }
}
