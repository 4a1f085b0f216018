import type { Output, OutputTag } from "../../flow/output.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import { checkedTag } from "../side-output.ts";
import type { PatternProcessContext } from "./pattern-process-function.ts";

/** The match that is being processed. */
export class CurrentMatch {
  timestampMs = 0;
}

/** The context of all matches, one per operator. */
export class PatternFunctionContext implements PatternProcessContext {
  readonly #match: CurrentMatch;
  readonly #sideOutput: Output;
  readonly #isProcessingTime: boolean;
  readonly #processingTime: () => number;
  readonly #record = new StreamRecord<unknown>(undefined);

  constructor(match: CurrentMatch, sideOutput: Output, isProcessingTime: boolean, processingTime: () => number) {
    this.#match = match;
    this.#sideOutput = sideOutput;
    this.#isProcessingTime = isProcessingTime;
    this.#processingTime = processingTime;
  }

  timestamp(): number {
    return this.#match.timestampMs;
  }

  currentProcessingTime(): number {
    return this.#processingTime();
  }

  output<X>(outputTag: OutputTag<X>, value: X): void {
    const record = this.#record;
    record.value = value;
    if (this.#isProcessingTime) record.eraseTimestamp();
    else record.setTimestamp(this.#match.timestampMs);
    this.#sideOutput.collectSide(checkedTag(outputTag), record);
  }
}
