import type { StreamRecord } from "../../flow/stream-record.ts";
import { ListStateDescriptor } from "../../state/descriptors.ts";
import type { ListState } from "../../state/state.ts";
import type { Evictor, TimestampedValue } from "./evictors/evictor.ts";
import { WindowOperator, type WindowOperatorOptions } from "./window-operator.ts";
import type { Window } from "./window.ts";

export interface EvictingWindowOperatorOptions extends Omit<WindowOperatorOptions, "contents"> {
  readonly evictor: Evictor<unknown, Window>;
}

/**
 * The window operator with an evictor. It has to keep every record with its timestamp until the window is dropped, whatever the
 * window function is; what the evictor removes stays removed.
 */
export class EvictingWindowOperator extends WindowOperator {
  private readonly evictor: Evictor<unknown, Window>;

  constructor(options: EvictingWindowOperatorOptions) {
    super({ ...options, contents: new ListStateDescriptor<unknown>("window-contents") });
    this.evictor = options.evictor;
  }

  protected override get keepsTimestamps(): boolean {
    return true;
  }

  protected override toStored(record: StreamRecord, timestampMs: number): TimestampedValue<unknown> {
    return { value: record.value, timestamp: timestampMs, hasTimestamp: record.hasTimestamp };
  }

  protected override emitWindowContents(window: Window, contents: unknown): void {
    const elements = [...(contents as TimestampedValue<unknown>[])];
    this.evictor.evictBefore(elements, elements.length, window, this.triggerCalls.context);
    super.emitWindowContents(
      window,
      elements.map((element) => element.value),
    );
    this.evictor.evictAfter(elements, elements.length, window, this.triggerCalls.context);
    (this.contents as unknown as ListState<TimestampedValue<unknown>>).update(elements);
  }
}
