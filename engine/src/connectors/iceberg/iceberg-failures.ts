/** What can go wrong when a table is committed: failures of the simulated world, under Iceberg's names. */
export abstract class IcebergFailure extends Error {
  abstract readonly code: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Other writers were faster, each time; nothing was committed. */
export class CommitFailedException extends IcebergFailure {
  readonly code = "ICEBERG_COMMIT_FAILED";

  constructor(table: string, attempts: number) {
    super("CommitFailedException", `Cannot commit to ${table}: base metadata has changed, ${attempts} times.`);
  }
}

/** The catalog did not say whether the commit took effect; it may have. */
export class CommitStateUnknownException extends IcebergFailure {
  readonly code = "ICEBERG_COMMIT_STATE_UNKNOWN";

  constructor(table: string) {
    super(
      "CommitStateUnknownException",
      `Cannot determine whether the commit to ${table} was successful or not; the underlying data files may or may not be needed.`,
    );
  }
}

/** The catalog does not answer, and the client has given up. */
export class CatalogUnavailable extends IcebergFailure {
  readonly code = "ICEBERG_CATALOG_UNAVAILABLE";

  constructor(name: string) {
    super("ServiceUnavailableException", `The catalog "${name}" does not answer.`);
  }
}
