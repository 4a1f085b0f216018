import { describe, expect, it } from "vitest";
import {
  $,
  type AsyncResult,
  AsyncScalarFunction,
  AsyncTableFunction,
  call,
  type ExternalService,
  type FunctionContext,
  type StreamTableEnvironment,
  type Table,
} from "../../src/index.ts";
import { changelog, runProgram, type TableRun } from "./table-runner.ts";

interface Profile {
  readonly country: string;
}

/** Asks a service of the world. */
class Country extends AsyncScalarFunction<string | null> {
  static functionHint = { input: ["STRING"], output: "STRING" };
  private profiles!: ExternalService<Profile>;
  override open(context: FunctionContext): void {
    this.profiles = context.getExternalService<Profile>("profiles");
  }
  eval(result: AsyncResult<string | null>, uid: string): void {
    this.profiles.request(uid, (error, found) => {
      if (error === null) result.complete(found?.country ?? null);
      else result.completeExceptionally(error);
    });
  }
}

class Letters extends AsyncTableFunction<string> {
  static functionHint = { input: ["STRING"], output: "ROW<letter STRING>" };
  private profiles!: ExternalService<Profile>;
  override open(context: FunctionContext): void {
    this.profiles = context.getExternalService<Profile>("profiles");
  }
  eval(result: AsyncResult<Iterable<string>>, uid: string): void {
    this.profiles.request(uid, (_, found) => result.complete(found === null ? [] : [...found.country].map((letter) => [letter] as never)));
  }
}

/** Fails once per value, then answers. */
class Flaky extends AsyncScalarFunction<number> {
  static functionHint = { input: ["INT"], output: "INT" };
  private attempts = new Map<number, number>();
  override open(): void {
    this.attempts = new Map();
  }
  eval(result: AsyncResult<number>, n: number): void {
    const attempt = (this.attempts.get(n) ?? 0) + 1;
    this.attempts.set(n, attempt);
    if (attempt === 1) throw new Error(`no answer for ${n}`);
    result.complete(n * 10);
  }
}

class Silent extends AsyncScalarFunction<number> {
  static functionHint = { input: ["INT"], output: "INT" };
  eval(): void {}
}

class Wrong extends AsyncScalarFunction<unknown> {
  static functionHint = { input: ["INT"], output: "INT" };
  eval(result: AsyncResult<unknown>): void {
    result.complete("many");
  }
}

const world = (latencyMs: { min: number; max: number }, settings: Readonly<Record<string, string>> = {}): TableRun => ({
  settings,
  services: [
    {
      name: "profiles",
      rows: [
        { key: "ann", value: { country: "AT" } },
        { key: "bob", value: { country: "CH" } },
      ],
      latencyMs,
    },
  ],
});

const clicks = (t: StreamTableEnvironment): Table => t.from("clicks").where($("uid").isNotNull());

describe("asynchronous functions", () => {
  it.each([
    [{ min: 1, max: 1 }, {}],
    [{ min: 5, max: 900 }, {}],
    [{ min: 5, max: 900 }, { "table.exec.async-scalar.max-concurrent-operations": "1" }],
  ])("keep the order of rows, with answers after %j", (latencyMs, settings) => {
    const lines = changelog((t) => clicks(t).select($("n"), call(Country, $("uid")).lowerCase().as("c")), world(latencyMs, settings));
    expect(lines).toEqual(["+I[3, at]", "+I[1, ch]", "+I[5, at]", "+I[1, ch]", "+I[2, at]"]);
  });

  it("work in conditions, in each other and over changelogs", () => {
    const run = world({ min: 1, max: 50 });
    expect(
      changelog(
        (t) =>
          clicks(t)
            .where(call(Country, $("uid")).isEqual("CH"))
            .select($("n")),
        run,
      ),
    ).toEqual(["+I[1]", "+I[1]"]);
    expect(
      changelog(
        (t) =>
          clicks(t)
            .select(call(Country, call(Country, $("uid")).replace("AT", "bob")))
            .distinct(),
        run,
      ),
    ).toEqual(["+I[CH]", "+I[null]"]);
    const counted = (t: StreamTableEnvironment): Table => clicks(t).groupBy($("uid")).select($("uid"), $("n").count().as("k"));
    expect(changelog((t) => counted(t).select(call(Country, $("uid")), $("k")), run).at(-1)).toBe("+U[AT, 3]");
  });

  it("give many rows, or none", () => {
    const run = world({ min: 1, max: 50 });
    const names = (t: StreamTableEnvironment): Table => t.from("users").select($("name"));
    expect(changelog((t) => names(t).joinLateral(call(Letters, $("name"))), run)).toEqual([
      "+I[ann, A]",
      "+I[ann, T]",
      "+I[bob, C]",
      "+I[bob, H]",
    ]);
    expect(changelog((t) => names(t).leftOuterJoinLateral(call(Letters, $("name"))), run).at(-1)).toBe("+I[eve, null]");
  });

  it("are tried again when they fail, unless the session says otherwise", () => {
    expect(
      changelog((t) =>
        clicks(t)
          .select(call(Flaky, $("n")))
          .distinct(),
      ),
    ).toEqual(["+I[30]", "+I[10]", "+I[50]", "+I[20]"]);
    const outcome = runProgram(
      (t) =>
        void clicks(t)
          .select(call(Flaky, $("n")))
          .execute(),
      { settings: { "table.exec.async-scalar.retry-strategy": "NO_RETRY" } },
    );
    expect(outcome.failure?.message).toContain("no answer for 3");
  });

  it("fail after the timeout, and when the value is not of the type", () => {
    const silent = runProgram(
      (t) =>
        void clicks(t)
          .select(call(Silent, $("n")))
          .execute(),
      { settings: { "table.exec.async-scalar.timeout": "1 s" } },
    );
    expect(silent.failure?.message).toContain("timed out");
    const wrong = runProgram(
      (t) =>
        void clicks(t)
          .select(call(Wrong, $("n")))
          .execute(),
    );
    expect(wrong.failure?.message).toContain("the result of Wrong");
  });

  it("are steps of their own in the plan", () => {
    let text = "";
    runProgram(
      (t) => {
        text = clicks(t)
          .select(call(Country, $("uid").upperCase()).lowerCase().as("c"), $("n"))
          .explain();
        void clicks(t).execute();
      },
      world({ min: 1, max: 1 }),
    );
    expect(text).toMatch(
      /Calc\(select=\[LOWER\(f0\) AS c, n\]\)\n\+- AsyncCalc\(select=\[n, Country\(f0\) AS f0\]\)\n {3}\+- Calc\(select=\[n, UPPER\(uid\) AS f0\]/,
    );
  });
});
