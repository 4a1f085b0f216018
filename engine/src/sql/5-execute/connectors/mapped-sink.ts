import type { Sink, SinkWriter, WriterInitContext } from "../../../flow/sink.ts";
import type { Row } from "../../../types/row.ts";

/** A sink without state that takes something else than rows; null = nothing is written for the row. */
export function mappedSink<T>(createWriter: (context: WriterInitContext) => SinkWriter<T>, map: (row: Row) => T | null): Sink<unknown> {
  return {
    createWriter(context: WriterInitContext): SinkWriter<unknown> {
      const writer = createWriter(context);
      return {
        write(value, writeContext) {
          const mapped = map(value as Row);
          if (mapped !== null) writer.write(mapped, writeContext);
        },
        flush: (endOfInput) => writer.flush(endOfInput),
        close: () => writer.close(),
      };
    },
  };
}
