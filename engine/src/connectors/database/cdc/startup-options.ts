import { Diagnostic } from "../../../base/diagnostic.ts";

export type StartupMode = "initial" | "snapshot" | "latest-offset" | "committed-offset";

/** Where a CDC source begins when there is no checkpoint. (Flink CDC: `StartupOptions`; docs/connectors/table/formats/debezium) */
export class StartupOptions {
  /** @internal */
  readonly mode: StartupMode;

  private constructor(mode: StartupMode) {
    this.mode = mode;
  }

  /** Reads the tables as they are, then their changes. The default. */
  static initial(): StartupOptions {
    return new StartupOptions("initial");
  }

  /** Reads the tables as they are, and ends. */
  static snapshot(): StartupOptions {
    return new StartupOptions("snapshot");
  }

  /** Reads changes only, from now on. */
  static latest(): StartupOptions {
    return new StartupOptions("latest-offset");
  }

  /** Reads changes only, from where the replication slot stands; the slot must be there. */
  static committed(): StartupOptions {
    return new StartupOptions("committed-offset");
  }

  /** Throws Diagnostic CDC_STARTUP_NOT_SUPPORTED: PostgreSQL does not keep its log from the beginning. */
  static earliest(): StartupOptions {
    throw new Diagnostic({
      code: "CDC_STARTUP_NOT_SUPPORTED",
      message: "The startup mode earliest-offset is not supported by the Postgres CDC connector.",
      phase: "graph",
      found: "StartupOptions.earliest()",
      expected: "initial(), snapshot(), latest() or committed()",
    });
  }
}
