// verdict: (wrong-output|runtime-error|accepted|lost-records)
// prints: began
// prints not: heard engine
// Values with methods of their own where the engine might call the language's, or look for a thenable: what it hands them must be nothing but the value's own parts.
import { clicks, counts, env } from "./given";
const engines = (value: unknown) => typeof value === "object" && value !== null && /^(LogBroker|LogPartition|Subtask|Operator|StreamRecord|Channel)/.test(value.constructor?.name ?? "");
function speaking(user: string, at: number) {
  const hear = (name: string) => function (this: unknown, ...args: unknown[]) {
    for (const heard of [this, ...args]) if (engines(heard)) console.log(`heard engine in ${name}`);
    return name === "toString" ? user : name === "valueOf" ? 1 : name === "hashCode" ? 7 : undefined;
  };
  const list: any = [1, 2];
  for (const name of ["map", "filter", "forEach", "slice", "constructor", "then", "concat", "hashCode"]) Object.defineProperty(list, name, { value: hear(name) });
  const value: any = { user, at, count: 0, list };
  for (const name of ["then", "toString", "valueOf", "hashCode", "equals", "getTtlConfig", "setCurrentNamespace", "handle"]) Object.defineProperty(value, name, { value: hear(name), enumerable: false });
  return value;
}
console.log("began");
clicks.map((click) => speaking(click.user, click.at)).keyBy((value) => value.user).reduce((_, b) => b).sinkTo(counts() as never);
env.execute();
