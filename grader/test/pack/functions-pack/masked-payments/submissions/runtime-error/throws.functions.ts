import { ScalarFunction } from "flink";

export class Mask extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };

  eval(card: string): string {
    if (card.length < 16) throw new Error(`no card: ${card}`);
    return card.slice(-4).padStart(16, "*");
  }
}
