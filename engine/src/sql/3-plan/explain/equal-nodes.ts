/**
 * Parts of plans that are equal, and so run once: nodes that say the same of themselves over equal inputs, with the same changes and types (Flink: `SubplanReuser`,
 * `FlinkRelOptUtil.getDigest`).
 */
import type { CatalogTable } from "../../catalog/catalog.ts";
import { physicalInputs, type PhysicalNode } from "../physical.ts";
import { changelogText, describe } from "./physical-text.ts";
import { typeText } from "./type-text.ts";

export class EqualNodes {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<PhysicalNode, number>();
  private readonly tables = new Map<CatalogTable, number>();
  private readonly also: (node: PhysicalNode) => string;

  /** @param also what else has to be equal. */
  constructor(also: (node: PhysicalNode) => string = () => "") {
    this.also = also;
  }

  /** The same for equal nodes, another one for others. */
  numberOf(node: PhysicalNode): number {
    const known = this.known.get(node);
    if (known !== undefined) return known;
    const inputs = physicalInputs(node).map((input) => this.numberOf(input));
    const table = node.kind === "TableSourceScan" ? this.tableNumber(node.table) : "";
    const types = node.columns.map(({ name, type }) => `${name} ${typeText(type)}`).join(",");
    const text = `${table}${describe(node, "execution")}${changelogText(node.changelog)}(${types})${this.also(node)}[${inputs.join(",")}]`;
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    this.known.set(node, number);
    return number;
  }

  private tableNumber(table: CatalogTable): number {
    const number = this.tables.get(table) ?? this.tables.size;
    this.tables.set(table, number);
    return number;
  }
}

/** VALUES and what is written run as often as they stand there. */
export function isReusable(node: PhysicalNode): boolean {
  return node.kind !== "Values" && node.kind !== "Sink";
}
