/** Exceptions of the program itself, and what is left. */
import { type BadProgram, job } from "./bad-program.ts";

export const FAILING_FUNCTIONS: readonly BadProgram[] = [
  {
    mistake: "asynchronous calls, none at a time",
    code: "ASYNC_BAD_CAPACITY",
    says: /number of concurrent async operation should be greater than 0/,
    program: job(
      "const ask = { asyncInvoke(click, future) { future.complete([click.user]); } };",
      "const result = AsyncDataStream.unorderedWait(clicks, ask, Duration.ofSeconds(1), 0); // <-",
    ),
  },
  {
    mistake: "an exception in a lambda",
    code: "JOB_USER_EXCEPTION",
    says: /click\.name\.toUpperCase|undefined \(reading 'toUpperCase'\)/,
    program: job("const result = clicks.map((click) => {", "  return click.name.toUpperCase(); // <-", "});"),
  },
  {
    mistake: "an exception in close",
    code: "JOB_USER_EXCEPTION",
    says: /already closed/,
    program: job(
      "class Writer extends RichMapFunction {",
      "  map(click) { return click.user; }",
      "  close() {",
      '    throw new Error("already closed"); // <-',
      "  }",
      "}",
      "const result = clicks.map(new Writer());",
    ),
  },
  {
    mistake: "an exception in an enumerator, while a checkpoint is taken",
    code: "JOB_USER_EXCEPTION",
    says: /no snapshot today/,
    program: job(
      'env.configure(Configuration.fromMap({ "restart-strategy.type": "none" })).enableCheckpointing(10);',
      "const numbers = new NumberSequenceSource(1, 100_000);",
      "const create = numbers.createEnumerator.bind(numbers);",
      "numbers.createEnumerator = (context) => Object.assign(create(context), {",
      "  snapshotState() {",
      '    throw new Error("no snapshot today"); // <-',
      "  },",
      "});",
      'const result = env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers");',
    ),
  },
  {
    mistake: "an unknown savepoint",
    code: "JOB_SAVEPOINT_NOT_FOUND",
    says: /Cannot find checkpoint or savepoint file\/directory '\/savepoints\/1'/,
    program: job('env.configure(Configuration.fromMap({ "execution.state-recovery.path": "/savepoints/1" }));', "const result = clicks;"),
  },
];
