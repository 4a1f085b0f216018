/** The smallest job that somebody would wait for: 20 words, counted. How long until its first result is on the screen? */
import { datastreamProgram, type Sink, type SinkWriter, StreamExecutionEnvironment } from "../src/datastream.ts";
import { runWorld } from "../src/sim.ts";
import { THROUGHPUT_WORLD } from "./jobs.ts";

export const WORDS = "to be or not to be that is the question whether tis nobler in the mind to suffer the slings".split(" ");

interface WordCount {
  readonly word: string;
  readonly count: number;
}

/** Hands what it is given to a function. */
export class CallbackSink<T> implements Sink<T> {
  private readonly take: (value: T) => void;

  constructor(take: (value: T) => void) {
    this.take = take;
  }

  createWriter(): SinkWriter<T> {
    const { take } = this;
    return { write: (value) => take(value), flush() {}, close() {} };
  }
}

/** Hands each row to `emit` while the job runs; returns how many there were (20). */
export function wordCount(emit: (row: string) => void): number {
  let rows = 0;
  const sink = new CallbackSink<WordCount>(({ word, count }) => {
    rows++;
    emit(`${word} ${count}\n`);
  });
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env
      .fromData(WORDS.map((word): WordCount => ({ word, count: 1 })))
      .keyBy(({ word }) => word)
      .sum("count")
      .sinkTo(sink);
    env.execute("word count");
  });
  const outcome = runWorld(program, THROUGHPUT_WORLD);
  if (outcome.status !== "finished") throw new Error(`the job ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return rows;
}
