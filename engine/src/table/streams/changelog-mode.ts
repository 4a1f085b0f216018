/** Which kinds of changes a stream has. (Flink: docs/dev/table/data_stream_api, "Handling of Changelog Streams") */
export class ChangelogMode {
  /** @internal */
  readonly mode: "insert" | "upsert" | "retract";

  private constructor(mode: "insert" | "upsert" | "retract") {
    this.mode = mode;
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
}
