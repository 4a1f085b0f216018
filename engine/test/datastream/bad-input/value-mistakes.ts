/** Records and results that cannot be. */
import { type BadProgram, job } from "./bad-program.ts";

export const VALUE_MISTAKES: readonly BadProgram[] = [
  {
    mistake: "a custom partitioner that names no subtask",
    code: "PARTITIONER_OUT_OF_RANGE",
    says: /Index 2 out of bounds for length 2: the custom partitioner must name one of the 2 subtasks behind it/,
    program: job(
      "const result = clicks.partitionCustom((amount, n) => amount, (click) => click.amount) // <-",
      "  .map((click) => click.user).setParallelism(2);",
    ),
  },
  {
    mistake: "a record with a function in it",
    code: "TYPE_NOT_SERIALIZABLE",
    says: /value\.format is a function \(format\), which can neither be sent to another subtask nor kept in state/,
    program: job(
      "const result = clicks",
      "  .map((click) => ({ ...click, format: () => click.user })) // <-",
      "  .rebalance().map((click) => click.user);",
    ),
  },
  {
    mistake: "a record with private members",
    code: "TYPE_NOT_SERIALIZABLE",
    says: /value is a Money with a private member #cents, which can neither be sent/,
    program: job(
      "class Money {",
      "  #cents = 0;",
      "  constructor(cents) { this.#cents = cents; }",
      "}",
      "const result = clicks",
      "  .map((click) => new Money(click.amount)) // <-",
      "  .rebalance().map((money) => money);",
    ),
  },
  {
    mistake: "a record that contains itself",
    code: "TYPE_NOT_SERIALIZABLE",
    says: /a structure that contains itself/,
    program: job(
      "const result = clicks",
      "  .map((click) => { // <-",
      "    const node = { click, self: null };",
      "    node.self = node;",
      "    return node;",
      "  })",
      "  .rebalance().map((node) => node.click);",
    ),
  },
  {
    mistake: "a record with a symbol",
    code: "TYPE_NOT_SERIALIZABLE",
    says: /value\.kind is a symbol/,
    program: job("const result = clicks", '  .map((click) => ({ kind: Symbol("click") })) // <-', "  .rebalance().map((click) => 1);"),
  },
  {
    mistake: "a promise as a record",
    code: "TYPE_NOT_SERIALIZABLE",
    says: /value is a Promise/,
    program: job("const result = clicks", "  .map((click) => Promise.resolve(click.user)) // <-", "  .rebalance().map((user) => user);"),
  },
  {
    mistake: "an error as a record",
    code: "TYPE_NOT_SERIALIZABLE",
    says: /value is a RangeError/,
    program: job("const result = clicks", '  .map(() => new RangeError("late")) // <-', "  .rebalance().map((error) => error);"),
  },
  {
    mistake: "a side output without a tag",
    code: "OUTPUT_TAG_MISSING",
    says: /ctx\.output needs an OutputTag as its first argument/,
    program: job(
      "class Split extends ProcessFunction {",
      "  processElement(click, ctx, out) {",
      '    ctx.output("late", click); // <-',
      "  }",
      "}",
      "const result = clicks.process(new Split());",
    ),
  },
  {
    mistake: "a sum over text",
    code: "AGGREGATION_FIELD",
    says: /Field "name" is not a number in both records/,
    program: job("const result = clicks.map((click) => ({ key: 1, name: click.user })).keyBy((row) => row.key)", '  .sum("name"); // <-'),
  },
];
