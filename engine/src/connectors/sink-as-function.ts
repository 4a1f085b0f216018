import type { Sink } from "../flow/sink.ts";

/**
 * A sink of today's kind where programs of Flink 1.x expect a `SinkFunction`: `stream.addSink(JdbcSink.sink(…))` is `stream.sinkTo(…)`.
 * (Flink: docs/dev/datastream/overview#data-sinks)
 */
export class SinkAsFunction<T> {
  /** The sink itself, for `sinkTo`. */
  readonly sink: Sink<T>;

  /** @internal Made by connectors. */
  constructor(sink: Sink<T>) {
    this.sink = sink;
  }
}
