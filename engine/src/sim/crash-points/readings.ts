/** What two consumers of a job's topics have got in the end, held against what they should have got. */
import type { OutputRecord, RunOutcome } from "../outcome.ts";

/** What is wrong with what a consumer has read. */
export interface Reading {
  /** Records that it never got. */
  readonly lost: number;
  /** Records that it got once too often. */
  readonly duplicates: number;
  /** Records that it got out of a transaction which was aborted later: they were never meant to be seen. */
  readonly uncommittedReads: number;
}

/** Values by topic, each with how often it is there. */
export type Expected = ReadonlyMap<string, number>;

const isCommitted = ({ committedAtMs }: OutputRecord) => committedAtMs !== null;

/** What a consumer with `isolation.level=read_committed` has to get. */
export function expectedOf(outcome: RunOutcome): Expected {
  return counted(outcome, isCommitted);
}

export function readCommitted(outcome: RunOutcome, expected: Expected): Reading {
  return { ...compared(counted(outcome, isCommitted), expected), uncommittedReads: 0 };
}

/** Kafka's default: everything in the log, open and aborted transactions included. */
export function readUncommitted(outcome: RunOutcome, expected: Expected): Reading {
  const uncommittedReads = outcome.topics.reduce((sum, { records }) => sum + records.filter((record) => !isCommitted(record)).length, 0);
  return {
    ...compared(
      counted(outcome, () => true),
      expected,
    ),
    uncommittedReads,
  };
}

export function isExactlyOnce({ lost, duplicates, uncommittedReads }: Reading): boolean {
  return lost === 0 && duplicates === 0 && uncommittedReads === 0;
}

function compared(found: Expected, expected: Expected): { readonly lost: number; readonly duplicates: number } {
  let lost = 0;
  let duplicates = 0;
  for (const [text, count] of expected) lost += Math.max(0, count - (found.get(text) ?? 0));
  for (const [text, count] of found) duplicates += Math.max(0, count - (expected.get(text) ?? 0));
  return { lost, duplicates };
}

function counted({ topics }: RunOutcome, counts: (record: OutputRecord) => boolean): Map<string, number> {
  const rows = new Map<string, number>();
  for (const { name, records } of topics) {
    for (const record of records) {
      if (!counts(record)) continue;
      const text = `${name}: ${record.key} = ${JSON.stringify(record.value)}`;
      rows.set(text, (rows.get(text) ?? 0) + 1);
    }
  }
  return rows;
}
