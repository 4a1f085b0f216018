/** The word count as a query: how long until the first result of SQL is on the screen? */
import { runWorld } from "../src/sim.ts";
import { sqlProgram } from "../src/sql.ts";
import { isAccumulate } from "../src/types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../src/types/row.ts";
import { THROUGHPUT_WORLD } from "./jobs.ts";
import { CallbackSink, WORDS } from "./word-count.ts";

const SCRIPT = `INSERT INTO counts SELECT word, COUNT(*) FROM (VALUES ${WORDS.map((word) => `('${word}')`).join(", ")}) AS words (word) GROUP BY word;`;
const GIVEN = "CREATE TABLE counts (word STRING, n BIGINT) WITH ('connector' = 'blackhole');";

/** Hands each word with its new count to `emit` while the job runs; returns how many there were (20). */
export function wordQuery(emit: (row: string) => void): number {
  let rows = 0;
  const sink = new CallbackSink<Row>((row) => {
    if (!isAccumulate(kindOf(row))) return;
    rows++;
    emit(`${row[FIELD_OFFSET] as string} ${row[FIELD_OFFSET + 1] as number}\n`);
  });
  const { program, diagnostics } = sqlProgram(SCRIPT, { given: GIVEN, topics: [], provided: new Map([["counts", { sink }]]) });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const outcome = runWorld(program, THROUGHPUT_WORLD);
  if (outcome.status !== "finished") throw new Error(`the job ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return rows;
}
