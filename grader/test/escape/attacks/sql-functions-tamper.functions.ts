import { ScalarFunction } from "flink";
for (const attempt of [
  () => Object.assign(Array.prototype, { push: () => 0 }),
  () => Object.assign(ScalarFunction, { note: 1 }),
  () => Object.assign(ScalarFunction.prototype, { open: () => 0 }),
]) {
  try {
    attempt();
    console.log("worked");
  } catch (error) {
    console.log((error as Error).name);
  }
}
export class Same extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(value: string): string {
    return value;
  }
}
