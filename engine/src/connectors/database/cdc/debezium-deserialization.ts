/** How a CDC source turns changes into its records. */
import type { RecordCollector } from "../../log/kafka-source.ts";
import type { Row } from "../database-description.ts";
import type { ChangeEvent, SourceRecord } from "./change-event.ts";

/** Turns a change into records: one, none or several. `R` is the type of the table's rows. (Flink: docs/connectors/table/formats/debezium) */
export interface DebeziumDeserializationSchema<T, R = Row> {
  /** Emits what a change stands for. */
  deserialize(record: SourceRecord<R>, out: RecordCollector<T>): void;
}

/**
 * Emits each change as it is: before, after, op, source. In Flink it is the JSON text of the event, here the object; `R` is the type of the
 * table's rows. (Flink: docs/connectors/table/formats/debezium)
 */
export class JsonDebeziumDeserializationSchema<R = Row> implements DebeziumDeserializationSchema<ChangeEvent<R>, R> {
  deserialize(record: SourceRecord<R>, out: RecordCollector<ChangeEvent<R>>): void {
    out.collect(record.value);
  }
}
