/** What a batch has of each key. It is let go in the order of Flink's bundle, a Java hash map's. */
import type { MapKey } from "../../../../base/canonical-key.ts";
import type { Row } from "../../../../types/row.ts";
import { inMapOrder } from "./bundle-order.ts";
import { JavaMapOrder } from "../../java-map-order.ts";
import type { KeyHash } from "./bundle-operator.ts";

/** Which rows of a key are wanted at the end of the batch. */
export type WantedRows = "first" | "last" | "all";

const firstOf = (rows: readonly Row[]): Row => rows[0];

export class RowBundle {
  private readonly wanted: WantedRows;
  private readonly maxRows: number;
  private readonly order: JavaMapOrder | null;
  private bundle = new Map<MapKey, Row[]>();
  private rows = 0;

  /**
   * @param maxRows `table.exec.mini-batch.size`; at most 0 = no bound.
   * @param keyHash of the key of a row; null = keys leave as they came.
   */
  constructor(wanted: WantedRows, maxRows: number, keyHash: KeyHash) {
    this.wanted = wanted;
    this.maxRows = maxRows > 0 ? maxRows : Number.POSITIVE_INFINITY;
    this.order = keyHash === null ? null : new JavaMapOrder(keyHash);
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
    for (const rows of inMapOrder(bundle, this.order, firstOf)) use(rows);
  }
}
