import { ScalarFunction, TableFunction } from "flink";

export class Mask extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };

  eval(card: string): string {
    return card.slice(-4).padStart(card.length, "*");
  }
}

const BRANDS = new Map([
  ["4", "Visa"],
  ["5", "Mastercard"],
]);

export class Brands extends TableFunction<string> {
  static functionHint = { input: ["STRING"], output: "STRING" };

  eval(card: string): void {
    const brand = BRANDS.get(card[0]);
    if (brand !== undefined) this.collect(brand);
  }
}
