import { EndOfStreamTrigger } from "../triggers/end-of-stream-trigger.ts";
import { NeverTrigger } from "../triggers/never-trigger.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { GlobalWindow, type Window } from "../window.ts";
import { WindowAssigner, type WindowAssignerContext } from "./window-assigner.ts";

const ONLY: readonly GlobalWindow[] = [GlobalWindow.get()];

/**
 * Everything in one window per key. Fires only with a trigger of its own (or at the end of the stream).
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class GlobalWindows extends WindowAssigner<unknown, GlobalWindow> {
  private readonly defaultTrigger: Trigger<unknown, Window>;

  private constructor(defaultTrigger: Trigger<unknown, Window>) {
    super();
    this.defaultTrigger = defaultTrigger;
  }

  /** One window per key that never fires by itself: give it a trigger. */
  static create(): GlobalWindows {
    return new GlobalWindows(new NeverTrigger());
  }

  /** One window per key that fires when the input has ended. */
  static createWithEndOfStreamTrigger(): GlobalWindows {
    return new GlobalWindows(new EndOfStreamTrigger());
  }

  override assignWindows(_element: unknown, _timestamp: number, _context: WindowAssignerContext): readonly GlobalWindow[] {
    return ONLY;
  }

  override getDefaultTrigger(): Trigger<unknown, Window> {
    return this.defaultTrigger;
  }

  override isEventTime(): boolean {
    return false;
  }

  override toString(): string {
    return `GlobalWindows(trigger=${this.defaultTrigger.constructor.name})`;
  }
}
