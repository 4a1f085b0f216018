/** Writes changes into a table of the values store, exactly once: they are there when the checkpoint after them is complete, or when the input has ended. */
import { outsideOf } from "../../flow/engine-access.ts";
import type { Committer, CommitterInitContext, CommitRequest, Sink, SinkWriter, WriterInitContext } from "../../flow/sink.ts";
import type { Row } from "../../types/row.ts";
import { systemsOf } from "../systems/outside-system.ts";
import { ValuesStore } from "./values-store.ts";

/** Name of the store in worlds that have one. */
export const VALUES = "values";

export interface CommittedChanges {
  /** The same changes, however often they come. */
  readonly id: string;
  readonly rows: readonly Row[];
}

export class ValuesSink implements Sink<unknown, CommittedChanges> {
  readonly #table: string;
  readonly #key: readonly number[];

  /** @param key positions of the fields that identify a row; none = the whole row */
  constructor(table: string, key: readonly number[]) {
    this.#table = table;
    this.#key = key;
  }

  createWriter(context: WriterInitContext): SinkWriter<unknown, CommittedChanges> {
    const store = systemsOf(outsideOf(context)).get(VALUES, ValuesStore);
    store.createTable(this.#table, this.#key);
    return new ValuesWriter(store.nextWriter());
  }

  createCommitter(context: CommitterInitContext): Committer<CommittedChanges> {
    const store = systemsOf(outsideOf(context)).get(VALUES, ValuesStore);
    return {
      commit: (requests: readonly CommitRequest<CommittedChanges>[]) => {
        for (const request of requests) {
          const { id, rows } = request.getCommittable();
          store.commit(this.#table, id, rows);
        }
      },
      close: () => {},
    };
  }
}

class ValuesWriter implements SinkWriter<unknown, CommittedChanges> {
  readonly #number: number = 0;
  #rows: Row[] = [];
  #commits = 0;

  constructor(number: number) {
    this.#number = number;
  }

  write(value: unknown): void {
    this.#rows.push((value as Row).slice());
  }

  flush(): void {}

  prepareCommit(): readonly CommittedChanges[] {
    if (this.#rows.length === 0) return [];
    const rows = this.#rows;
    this.#rows = [];
    return [{ id: `${this.#number}/${this.#commits++}`, rows }];
  }

  close(): void {}
}
