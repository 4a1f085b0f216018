/** The user's query failed on a row, e.g. a CAST that cannot be done: fails the job like an exception in a user function. */
export class SqlRuntimeError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "SqlRuntimeError";
    this.code = code;
  }
}
