/** What a batch has of each key, in the order in which the keys came. */
import type { MapKey } from "../../../../base/canonical-key.ts";
import type { Row } from "../../../../types/row.ts";

/** Which rows of a key are wanted at the end of the batch. */
export type WantedRows = "first" | "last" | "all";

export class RowBundle {
  private readonly wanted: WantedRows;
  private readonly maxRows: number;
  private bundle = new Map<MapKey, Row[]>();
  private rows = 0;

  /** @param maxRows `table.exec.mini-batch.size`; at most 0 = no bound. */
  constructor(wanted: WantedRows, maxRows: number) {
    this.wanted = wanted;
    this.maxRows = maxRows > 0 ? maxRows : Number.POSITIVE_INFINITY;
  }

  /** True when the batch is full. */
  add(key: MapKey, row: Row): boolean {
    const rows = this.bundle.get(key);
    if (rows === undefined) this.bundle.set(key, [row]);
    else if (this.wanted === "all") rows.push(row);
    else if (this.wanted === "last") rows[0] = row;
    return ++this.rows >= this.maxRows;
  }

  takeAll(use: (rows: readonly Row[]) => void): void {
    const { bundle } = this;
    this.bundle = new Map();
    this.rows = 0;
    for (const rows of bundle.values()) use(rows);
  }
}
