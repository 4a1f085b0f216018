import { RowKind } from "./row-kind.ts";

/** Which kinds of changes a stream has. (Flink: docs/dev/table/data_stream_api, "Handling of Changelog Streams") */
export class ChangelogMode {
  /** @internal */
  readonly mode: "insert" | "upsert" | "retract";

  private constructor(mode: "insert" | "upsert" | "retract") {
    this.mode = mode;
  }

  /** @internal */
  static of(mode: "insert" | "upsert" | "retract"): ChangelogMode {
    return new ChangelogMode(mode);
  }

  /** New rows only. */
  static insertOnly(): ChangelogMode {
    return new ChangelogMode("insert");
  }

  /** New rows, rows as they are after an update, and deleted ones, by a primary key. */
  static upsert(): ChangelogMode {
    return new ChangelogMode("upsert");
  }

  /** All kinds: updates come with the row before and the row after. */
  static all(): ChangelogMode {
    return new ChangelogMode("retract");
  }

  /** True when rows of this kind are among them. */
  contains(kind: RowKind): boolean {
    if (kind === RowKind.INSERT) return true;
    return this.mode === "retract" || (this.mode === "upsert" && kind !== RowKind.UPDATE_BEFORE);
  }

  /** As Flink prints it: `[INSERT, UPDATE_AFTER, DELETE]`. */
  toString(): string {
    const kinds = [RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE].filter((kind) => this.contains(kind));
    return `[${kinds.join(", ")}]`;
  }
}
