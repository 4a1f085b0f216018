/** Turns what operators tell about windows, timers and late records into events. */
import type { OperatorProbe } from "../../flow/probe.ts";
import { TimeWindow, windowBounds } from "../../operators/windowing/window.ts";
import type { EventLoop } from "../../runtime/event-loop.ts";
import { NO_CAUSE } from "../../runtime/run-observer.ts";
import type { StateNamespace } from "../../state/namespace.ts";
import { recordedValue } from "./recorded-value.ts";
import type { Recorder } from "./recorder.ts";

export class RecordingProbe implements OperatorProbe {
  readonly recording = true;
  private readonly recorder: Recorder;
  private readonly loop: EventLoop;
  private readonly v: number;
  private readonly s: number;
  private lastFiring = NO_CAUSE;
  private causeOfFiring = NO_CAUSE;

  constructor(recorder: Recorder, loop: EventLoop, v: number, s: number) {
    this.recorder = recorder;
    this.loop = loop;
    this.v = v;
    this.s = s;
  }

  windowAssigned(key: unknown, startMs: number, endMs: number): void {
    this.window("assigned", key, startMs, endMs);
  }

  windowFired(key: unknown, startMs: number, endMs: number, late: boolean): void {
    this.window(late ? "refired" : "fired", key, startMs, endMs);
  }

  windowPurged(key: unknown, startMs: number, endMs: number): void {
    this.window("purged", key, startMs, endMs);
  }

  windowMerged(key: unknown, startMs: number, endMs: number, merged: readonly { startMs: number; endMs: number }[]): void {
    const { v, s } = this;
    const parts = merged.map((part) => ({ startMs: part.startMs, endMs: part.endMs }));
    const { caused } = this.recorder;
    this.recorder.add({
      kind: "windowMerged",
      t: this.loop.currentMs(),
      v,
      s,
      key: recordedValue(key),
      startMs,
      endMs,
      merged: parts,
      ...caused,
    });
  }

  recordLate(value: unknown, timestampMs: number, watermarkMs: number, tagId: string | null): void {
    const { v, s } = this;
    const late = recordedValue(value);
    const { caused } = this.recorder;
    this.recorder.add({
      kind: "late",
      t: this.loop.currentMs(),
      v,
      s,
      value: late,
      eventMs: timestampMs,
      watermarkMs,
      to: tagId,
      ...caused,
    });
  }

  timerFired(domain: "event" | "processing", key: unknown, timestampMs: number): void {
    const { v, s } = this;
    const { recorder } = this;
    recorder.cause = recorder.add({ kind: "timer", t: this.loop.currentMs(), v, s, domain, key: recordedValue(key), timestampMs });
  }

  timerSet(domain: "event" | "processing", key: unknown, timestampMs: number, set: boolean): void {
    const { v, s, recorder } = this;
    const t = this.loop.currentMs();
    recorder.add({ kind: "timerSet", t, v, s, domain, key: recordedValue(key), timestampMs, set, ...recorder.caused });
  }

  stateChanged(name: string, key: unknown, namespace: StateNamespace, present: boolean, value: unknown): void {
    const { v, s, recorder } = this;
    const window = namespace instanceof TimeWindow ? windowBounds(namespace) : null;
    const held = present && value !== undefined ? { value: recordedValue(value) } : {};
    const t = this.loop.currentMs();
    recorder.add({ kind: "state", t, v, s, name, key: recordedValue(key), window, present, ...held, ...recorder.caused });
  }

  private window(what: "assigned" | "fired" | "refired" | "purged", key: unknown, startMs: number, endMs: number): void {
    const { v, s, recorder } = this;
    const t = this.loop.currentMs();
    const fires = what === "fired" || what === "refired";
    // One window does not fire because another one did: what made the other fire made this one.
    if (fires && recorder.cause !== NO_CAUSE && recorder.cause === this.lastFiring) recorder.cause = this.causeOfFiring;
    if (fires) this.causeOfFiring = recorder.cause;
    const seq = recorder.add({ kind: "window", t, v, s, what, key: recordedValue(key), startMs, endMs, ...recorder.caused });
    if (!fires) return;
    // What comes out now comes out of the window.
    this.lastFiring = seq;
    recorder.cause = seq;
  }
}
