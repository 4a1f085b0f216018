/** Keys that cannot be. */
import { type BadProgram, job } from "./bad-program.ts";

export const KEY_MISTAKES: readonly BadProgram[] = [
  {
    mistake: "a key that is undefined",
    code: "JOB_BAD_KEY",
    says: /Assigned key must not be null: the key selector returned undefined/,
    program: job("const result = clicks", "  .keyBy((click) => click.userId) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a key that is NaN",
    code: "JOB_BAD_KEY",
    says: /key selector returned NaN, which cannot be used as a key/,
    program: job("const result = clicks", "  .keyBy((click) => click.amount * click.price) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a composed key with a missing part",
    code: "JOB_BAD_KEY",
    says: /returned a key whose part country is undefined/,
    program: job(
      "const result = clicks",
      "  .keyBy((click) => ({ user: click.user, country: click.country })) // <-",
      "  .reduce((a) => a);",
    ),
  },
  {
    mistake: "a key whose contents are hidden",
    code: "KEY_NOT_HASHABLE",
    says: /key cannot be a UserId with a private member #id, or hold one/,
    program: job(
      "class UserId {",
      "  #id;",
      "  constructor(id) { this.#id = id; }",
      "}",
      "const result = clicks",
      "  .keyBy((click) => new UserId(click.user)) // <-",
      "  .reduce((a) => a);",
    ),
  },
  {
    mistake: "a key that is a function",
    code: "JOB_BAD_KEY",
    says: /key selector returned a function, which cannot be used as a key/,
    program: job("const result = clicks", "  .keyBy((click) => () => click.user) // <-", "  .reduce((a) => a);"),
  },
  {
    mistake: "a key from chance",
    code: "KEY_GROUP_NOT_OWNED",
    says: /key group \d+ is not in KeyGroupRange.*non-deterministic shuffle key/,
    program: job(
      "let turn = 0;",
      "const result = env.fromSequence(1, 100).setParallelism(1)",
      "  .keyBy((n) => (n + 1) * 31 * ++turn) // <-",
      "  .reduce((a) => a).setParallelism(4);",
    ),
  },
  {
    mistake: "a key selector that throws",
    code: "JOB_USER_EXCEPTION",
    says: /Cannot read properties of undefined \(reading 'id'\)/,
    program: job("const result = clicks", "  .keyBy((click) => {", "    return click.account.id; // <-", "  })", "  .reduce((a) => a);"),
  },
];
