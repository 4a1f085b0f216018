import type { Sink, SinkWriter } from "../flow/connector.ts";

/** Takes everything and does nothing. Flink: `DiscardingSink`. (Flink: docs/dev/datastream/overview) */
export class DiscardingSink<T> implements Sink<T> {
  createWriter(): SinkWriter<T> {
    return DISCARD;
  }
}

const DISCARD: SinkWriter<unknown> = { write() {}, flush() {}, close() {} };
