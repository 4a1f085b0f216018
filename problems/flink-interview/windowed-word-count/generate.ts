/**
 * Lines of a few words on two partitions, with the log's own timestamps.
 *
 * A producer collects lines for a moment before it sends them, so a line's timestamp lies up to `maxDelayMs` before its append. That stays
 * under the promised bound of two seconds, per partition and between them: nothing is ever late. `overtaken`: so many lines from the last
 * moment of a window arrive behind younger lines on every partition, every other time behind lines of more than a second later; a job that does not wait, or not
 * long enough, has closed their window. `closing`: one more line on each partition,
 * twenty seconds after the last, so that it is plain which windows have ended when the job is stopped.
 */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly lines: number;
  readonly seconds: number;
  readonly startMs: number;
  readonly maxDelayMs: number;
  readonly overtaken?: number;
  readonly closing?: boolean;
}

const PARTITIONS = 2;
const WORDS = [
  "the",
  "cat",
  "sat",
  "on",
  "mat",
  "The",
  "Cat",
  "a",
  "dog",
  "DOG",
  "barks",
  "at",
  "moon",
  "stream",
  "river",
  "it's",
  "x-ray",
  "42",
];
const SPACES = [" ", " ", " ", "  ", "\t", "   "];

export default function generate(random: Random, params: Params) {
  const int = (from: number, to: number) => from + Math.floor(random.next() * (to - from));
  const lines: { atMs: number; timestampMs: number; partition: number; key: null; value: string }[] = [];
  for (let number = 0; number < params.lines; number++) {
    const timestampMs = params.startMs + int(0, params.seconds * 1000);
    let value = random.next() < 0.15 ? " " : "";
    const words = random.next() < 0.05 ? 0 : int(1, 8);
    for (let word = 0; word < words; word++) {
      value += (word === 0 ? "" : SPACES[int(0, SPACES.length)]) + WORDS[int(0, WORDS.length)];
    }
    value += random.next() < 0.15 ? "  " : "";
    lines.push({ atMs: timestampMs + int(0, params.maxDelayMs + 1), timestampMs, partition: int(0, PARTITIONS), key: null, value });
  }
  for (let number = 0; number < (params.overtaken ?? 0); number++) {
    const windowEndMs = params.startMs + int(1, params.seconds / 5) * 5_000;
    const timestampMs = windowEndMs - int(1, 150);
    lines.push({ atMs: timestampMs + 1_750, timestampMs, partition: int(0, PARTITIONS), key: null, value: WORDS[int(0, WORDS.length)] });
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const youngerMs = windowEndMs + (number % 2 === 0 ? 0 : 1_005) + int(0, 150);
      lines.push({ atMs: youngerMs + int(0, 50), timestampMs: youngerMs, partition, key: null, value: WORDS[int(0, WORDS.length)] });
    }
  }
  if (params.closing ?? false) {
    const timestampMs = params.startMs + params.seconds * 1000 + 20_000;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      lines.push({ atMs: timestampMs + 100, timestampMs, partition, key: null, value: "the end" });
    }
  }
  lines.sort((a, b) => a.atMs - b.atMs || a.timestampMs - b.timestampMs || a.partition - b.partition);
  return { lines };
}
