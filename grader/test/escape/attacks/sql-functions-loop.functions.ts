import { ScalarFunction } from "flink";
for (;;) {}
export class Same extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(value: string): string {
    return value;
  }
}
