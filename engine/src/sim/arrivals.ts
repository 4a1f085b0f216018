/** Appends what a world's outside producers send, each record at its time, with a single entry on the clock. */
import { copyValue } from "../types/value-codec.ts";
import type { LogBroker } from "../connectors/log/log-broker.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { Arrival, WorldTopic } from "./world.ts";

interface Pending {
  readonly topic: string;
  readonly arrival: Arrival;
}

export class ArrivalFeeder {
  private readonly pending: readonly Pending[];
  private readonly broker: LogBroker;
  private readonly loop: EventLoop;
  private next = 0;

  constructor(topics: readonly WorldTopic[], broker: LogBroker, loop: EventLoop) {
    const all = topics.flatMap(({ name, arrivals }) => arrivals.map((arrival): Pending => ({ topic: name, arrival })));
    // Stable: at the same time, the order of the world holds.
    this.pending = all.sort((a, b) => a.arrival.atMs - b.arrival.atMs);
    this.broker = broker;
    this.loop = loop;
    this.scheduleNext();
  }

  get done(): boolean {
    return this.next >= this.pending.length;
  }

  private scheduleNext(): void {
    if (this.done) return;
    this.loop.schedule(this.pending[this.next].arrival.atMs, () => this.appendDue());
  }

  private appendDue(): void {
    const nowMs = this.loop.currentMs();
    while (!this.done && this.pending[this.next].arrival.atMs <= nowMs) {
      const { topic, arrival } = this.pending[this.next++];
      const { key, partition } = arrival;
      const timestampMs = arrival.timestampMs ?? arrival.atMs;
      this.broker.append(topic, partition, { key, value: copyValue(arrival.value), timestampMs });
    }
    this.scheduleNext();
  }
}
