/** What a database answers when it cannot do what it was asked: PostgreSQL's message, with its five-letter SQLSTATE. */

/** Conditions that this database knows, by SQLSTATE (PostgreSQL: appendix A). */
export const SQLSTATE = {
  connectionRefused: "08001",
  connectionFailure: "08006",
  numericOutOfRange: "22003",
  invalidText: "22P02",
  notNullViolation: "23502",
  uniqueViolation: "23505",
  invalidTransactionState: "25000",
  failedTransaction: "25P02",
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  syntaxError: "42601",
  undefinedColumn: "42703",
  undefinedObject: "42704",
  duplicateObject: "42710",
  invalidColumnReference: "42P10",
  undefinedTable: "42P01",
  diskFull: "53100",
  invalidName: "42602",
  tooManyConnections: "53300",
  configurationLimit: "53400",
  notInPrerequisiteState: "55000",
  objectInUse: "55006",
  lockNotAvailable: "55P03",
  adminShutdown: "57P01",
  cannotConnectNow: "57P03",
  undefinedFile: "58P01",
} as const;

/** Errors after which the same statements may succeed when they are tried again. */
const RETRYABLE: ReadonlySet<string> = new Set([
  SQLSTATE.connectionRefused,
  SQLSTATE.connectionFailure,
  SQLSTATE.serializationFailure,
  SQLSTATE.deadlockDetected,
  SQLSTATE.diskFull,
  SQLSTATE.tooManyConnections,
  SQLSTATE.lockNotAvailable,
  SQLSTATE.adminShutdown,
  SQLSTATE.cannotConnectNow,
]);

/** A failure of the simulated world, as a client of the database sees it. */
export class PostgresError extends Error {
  /** Five letters, e.g. 23505 for a unique violation. */
  readonly sqlState: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(sqlState: string, message: string, more: { readonly detail?: string; readonly hint?: string } = {}) {
    super(
      `${textOf(sqlState)}: ${message}${more.detail === undefined ? "" : ` Detail: ${more.detail}`}${more.hint === undefined ? "" : ` Hint: ${more.hint}`}`,
    );
    this.name = "PostgresError";
    this.sqlState = sqlState;
    this.detail = more.detail;
    this.hint = more.hint;
  }

  /** The same may succeed later. */
  get retryable(): boolean {
    return RETRYABLE.has(this.sqlState);
  }

  /** The connection is gone; everything of it must be done again on a new one. */
  get connectionLost(): boolean {
    return this.sqlState.startsWith("08") || this.sqlState === SQLSTATE.adminShutdown || this.sqlState === SQLSTATE.cannotConnectNow;
  }
}

function textOf(sqlState: string): string {
  return sqlState.startsWith("57P") || sqlState === SQLSTATE.tooManyConnections ? "FATAL" : "ERROR";
}
