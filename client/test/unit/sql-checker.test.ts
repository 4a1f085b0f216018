import type { DiagnosticData } from "@millrace/server/contract";
import { describe, expect, it } from "vitest";
import { type CheckingWorker, SqlChecker, topicsOf } from "../../src/state/sql-checker.ts";
import { checkScript } from "../../src/workers/check-script.ts";
import type { SqlCheckAnswer, SqlCheckRequest } from "../../src/workers/sql-diagnostics.ts";
import { problemDetail } from "../fixtures/answers.ts";

/** The worker's work in this thread; answers wait until they are asked for. */
class HeldWorker implements CheckingWorker {
  onmessage: CheckingWorker["onmessage"] = null;
  onerror: CheckingWorker["onerror"] = null;
  readonly asked: SqlCheckRequest[] = [];
  ended = false;

  postMessage(request: SqlCheckRequest): void {
    this.asked.push(request);
  }

  answer(): void {
    this.onmessage?.({ data: { diagnostics: checkScript(this.asked.at(-1) as SqlCheckRequest) } } as MessageEvent<SqlCheckAnswer>);
  }

  terminate(): void {
    this.ended = true;
  }
}

const given = "CREATE TABLE t (a INT) WITH ('connector' = 'datagen'); CREATE TABLE s (a INT) WITH ('connector' = 'blackhole');";

function checker() {
  const worker = new HeldWorker();
  const seen: (readonly DiagnosticData[] | null)[] = [];
  const failures: string[] = [];
  const checks = new SqlChecker(
    worker,
    (found) => seen.push(found),
    () => failures.push("failed"),
  );
  return { worker, seen, failures, write: (text: string) => checks.check({ text, functions: "", given, topics: [] }) };
}

describe("SqlChecker", () => {
  it("asks about each text and tells what is wrong with it", () => {
    const { worker, seen, write } = checker();
    write("INSERT INTO s SELECT b FROM t");
    worker.answer();
    write("INSERT INTO s SELECT a FROM t");
    worker.answer();
    expect(seen.map((found) => found?.map(({ code, span }) => [code, span?.column]))).toEqual([[["SQL_UNKNOWN_COLUMN", 22]], []]);
  });

  it("leaves out texts that are gone when the worker is free again", () => {
    const { worker, seen, write } = checker();
    for (const text of ["I", "IN", "INS", "INSERT INTO s SELECT a FROM t"]) write(text);
    worker.answer();
    expect(seen).toEqual([]);
    worker.answer();
    expect(worker.asked.map(({ text }) => text)).toEqual(["I", "INSERT INTO s SELECT a FROM t"]);
    expect(seen).toEqual([[]]);
  });

  it("says when the worker is no longer there", () => {
    const { worker, failures } = checker();
    worker.onerror?.({ preventDefault() {} } as ErrorEvent);
    expect([failures, worker.ended]).toEqual([["failed"], true]);
  });
});

describe("topicsOf", () => {
  it("knows the topics of samples and of the given DDL", () => {
    const problem = problemDetail("sessions-exactly-once");
    if (problem === null) throw new Error("the fixture lacks its problem");
    expect(topicsOf(problem)).toContain("clicks");
    expect(topicsOf({ samples: [], given: { sql: "WITH ('topic' = 'a;b', 'x' = 'y')" } })).toEqual(["a", "b"]);
  });
});
