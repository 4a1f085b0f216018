/**
 * Watermarks and idleness as they come in over a task's channels: a valve per input, behind it the head of the task's chain, and beside it those who
 * watch. A task with two inputs is as far as both are, and idle when both are; its operator combines them itself.
 */
import { CombinedWatermark } from "../flow/combined-watermark.ts";
import { StatusWatermarkValve } from "../operators/watermarks/status-watermark-valve.ts";
import type { Channel } from "./channel.ts";
import type { HeadInputs } from "./operator-chain.ts";
import type { RunObserver } from "./run-observer.ts";
import type { TaskMeter } from "./task-meter.ts";

const NO_HEAD: HeadInputs = { one: null, two: null };

export class InputWatermarks {
  private readonly place: { readonly vertex: number; readonly subtask: number };
  private readonly observer: RunObserver;
  private readonly meter: TaskMeter;
  /** By input. */
  private readonly valves: readonly StatusWatermarkValve[];
  private readonly both = new CombinedWatermark(2);
  private head: HeadInputs = NO_HEAD;
  private calls = true;

  /** @param channels how many there are per input. */
  constructor(
    place: { readonly vertex: number; readonly subtask: number },
    channels: readonly [number, number],
    observer: RunObserver,
    meter: TaskMeter,
  ) {
    this.place = place;
    this.observer = observer;
    this.meter = meter;
    this.valves = [1, 2].map(
      (input) =>
        new StatusWatermarkValve(Math.max(1, channels[input - 1]), {
          emitWatermark: (timestampMs) => this.watermarkArrived(input, timestampMs),
          emitWatermarkStatus: (idle) => this.statusArrived(input, idle),
        }),
    );
  }

  /** @param calls false = its operators had finished before the restored checkpoint, and are not called. */
  attach(head: HeadInputs, calls: boolean): void {
    this.head = head;
    this.calls = calls;
  }

  watermark(channel: Channel, timestampMs: number): void {
    this.valves[channel.input - 1].inputWatermark(timestampMs, channel.inputChannel);
  }

  status(channel: Channel, idle: boolean): void {
    this.valves[channel.input - 1].inputWatermarkStatus(idle, channel.inputChannel);
  }

  private watermarkArrived(input: number, timestampMs: number): void {
    const { head, meter, observer, place } = this;
    if (head.two === null) observer.watermark(place.vertex, place.subtask, timestampMs);
    else if (this.both.updateWatermark(input - 1, timestampMs)) this.tellWatermarkOfBoth();
    if (input === 1) meter.inputWatermark1Ms = timestampMs;
    else meter.inputWatermark2Ms = timestampMs;
    if (!this.calls) return;
    if (head.one !== null) head.one.processWatermark(timestampMs);
    else if (input === 1) head.two?.processWatermark1(timestampMs);
    else head.two?.processWatermark2(timestampMs);
  }

  private statusArrived(input: number, idle: boolean): void {
    const { head, observer, place } = this;
    if (head.two === null) observer.idle(place.vertex, place.subtask, null, idle);
    else this.statusOfBoth(input, idle);
    if (!this.calls) return;
    if (head.one !== null) head.one.processWatermarkStatus(idle);
    else if (input === 1) head.two?.processWatermarkStatus1(idle);
    else head.two?.processWatermarkStatus2(idle);
  }

  private statusOfBoth(input: number, idle: boolean): void {
    const { both, observer, place } = this;
    const wasIdle = both.idle;
    const risen = both.updateStatus(input - 1, idle);
    if (risen) this.tellWatermarkOfBoth();
    if (both.idle !== wasIdle) observer.idle(place.vertex, place.subtask, null, both.idle);
  }

  private tellWatermarkOfBoth(): void {
    this.observer.watermark(this.place.vertex, this.place.subtask, this.both.watermarkMs);
  }
}
