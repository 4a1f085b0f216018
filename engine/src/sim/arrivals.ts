/**
 * Appends what a world's outside producers send, each record at its time, with a single entry on the clock.
 *
 * Faults of the world keep producers silent or set their clocks wrong. A silent partition's records are held and come together when the
 * silence ends; a wrong clock changes the timestamps of what is due while it is wrong.
 */
import { copyValue } from "../types/value-codec.ts";
import type { LogBroker } from "../connectors/log/log-broker.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { Arrival, WorldTopic } from "./world.ts";

interface Pending {
  readonly topic: string;
  readonly arrival: Arrival;
}

interface Silence {
  readonly topic: string;
  readonly partition: number;
  readonly untilMs: number;
  readonly held: Pending[];
}

/** A producer's clock that is wrong for a time. */
export interface ClockError {
  readonly topic: string;
  readonly partition: number;
  readonly byMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Name of a number in the value that the producer takes from its clock. */
  readonly field: string | undefined;
}

export class ArrivalFeeder {
  private readonly pending: readonly Pending[];
  private readonly broker: LogBroker;
  private readonly loop: EventLoop;
  private next = 0;
  private readonly silences = new Set<Silence>();
  private clockErrors: readonly ClockError[] = [];

  constructor(topics: readonly WorldTopic[], broker: LogBroker, loop: EventLoop) {
    const all = topics.flatMap(({ name, arrivals }) => arrivals.map((arrival): Pending => ({ topic: name, arrival })));
    // Stable: at the same time, the order of the world holds.
    this.pending = all.sort((a, b) => a.arrival.atMs - b.arrival.atMs);
    this.broker = broker;
    this.loop = loop;
  }

  start(): void {
    this.scheduleNext();
  }

  get done(): boolean {
    if (this.next < this.pending.length) return false;
    for (const { held } of this.silences) if (held.length > 0) return false;
    return true;
  }

  /** Nothing comes into the partition until `untilMs`; then everything that was due does. */
  silence(topic: string, partition: number, untilMs: number): void {
    const silence: Silence = { topic, partition, untilMs, held: [] };
    this.silences.add(silence);
    this.loop.schedule(untilMs, () => {
      this.silences.delete(silence);
      // Another silence of the partition may go on.
      for (const pending of silence.held) this.send(pending);
    });
  }

  misdate(error: ClockError): void {
    this.clockErrors = [...this.clockErrors, error];
  }

  private scheduleNext(): void {
    if (this.next >= this.pending.length) return;
    this.loop.schedule(this.pending[this.next].arrival.atMs, () => this.appendDue());
  }

  private appendDue(): void {
    const nowMs = this.loop.currentMs();
    while (this.next < this.pending.length && this.pending[this.next].arrival.atMs <= nowMs) this.send(this.pending[this.next++]);
    this.scheduleNext();
  }

  private send(pending: Pending): void {
    const { topic, arrival } = pending;
    const { key, partition } = arrival;
    for (const silence of this.silences) {
      if (silence.topic !== topic || silence.partition !== partition) continue;
      silence.held.push(pending);
      return;
    }
    const { timestampMs, value } = this.dated(pending);
    this.broker.append(topic, partition, { key, value, timestampMs });
  }

  private dated({ topic, arrival }: Pending): { timestampMs: number; value: unknown } {
    let timestampMs = arrival.timestampMs ?? arrival.atMs;
    const value = copyValue(arrival.value);
    for (const error of this.clockErrors) {
      if (error.topic !== topic || error.partition !== arrival.partition) continue;
      if (arrival.atMs < error.fromMs || arrival.atMs >= error.untilMs) continue;
      timestampMs += error.byMs;
      if (error.field !== undefined) addToField(value, error.field, error.byMs);
    }
    return { timestampMs, value };
  }
}

function addToField(value: unknown, field: string, byMs: number): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Record<string, unknown>;
  const time = fields[field];
  if (typeof time === "number") fields[field] = time + byMs;
}
