import { ScalarFunction } from "flink";

export class Mask extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };

  eval(card: string): string {
    return card.slice(0, 4).padEnd(card.length, "*");
  }
}
