/** From a table to a stream: rows in a program's form, the rowtime as the record's timestamp. */
import { AbstractStreamOperator } from "../../flow/abstract-stream-operator.ts";
import type { OneInputStreamOperator } from "../../flow/operator.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import { UPDATE_BEFORE } from "../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../types/row.ts";
import type { RowForm } from "./row-form.ts";

export class SinkConversionOperator extends AbstractStreamOperator implements OneInputStreamOperator {
  readonly #form: RowForm;
  readonly #rowtimeAt: number = 0;
  readonly #upserts: boolean = false;

  /**
   * @param rowtime column of the timestamp, -1 = records get none
   * @param upserts rows before an update are left out
   */
  constructor(form: RowForm, rowtime: number, upserts = false) {
    super();
    this.#upserts = upserts;
    this.#form = form;
    this.#rowtimeAt = rowtime < 0 ? -1 : rowtime + FIELD_OFFSET;
  }

  processElement(record: StreamRecord): void {
    const row = record.value as Row;
    if (this.#upserts && row[0] === UPDATE_BEFORE) return;
    if (this.#rowtimeAt < 0) record.eraseTimestamp();
    else record.setTimestamp(row[this.#rowtimeAt] as number);
    record.value = this.#form(row);
    this.output.collect(record);
  }
}
