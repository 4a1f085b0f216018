/** Where a JDBC sink connects to. */
import { Diagnostic } from "../../../base/diagnostic.ts";

/** Builds `JdbcConnectionOptions`. Only the URL is required. (Flink: docs/connectors/datastream/jdbc#jdbcconnectionoptions) */
export class JdbcConnectionOptionsBuilder {
  #url: string | undefined;
  #username: string | undefined;

  /** `jdbc:postgresql://host:5432/name`; `name` is the database of the scenario. */
  withUrl(url: string): this {
    this.#url = url;
    return this;
  }

  /** Accepted for likeness; the driver is PostgreSQL's. */
  withDriverName(_driverName: string): this {
    return this;
  }

  /** Accepted; nobody checks it here. */
  withUsername(username: string): this {
    this.#username = username;
    return this;
  }

  /** Accepted; nobody checks it here. */
  withPassword(_password: string): this {
    return this;
  }

  /** Accepted; has no effect here. */
  withProperty(_key: string, _value: string): this {
    return this;
  }

  /** Accepted; connections are found broken when they are used. In seconds. */
  withConnectionCheckTimeoutSeconds(_seconds: number): this {
    return this;
  }

  /** Throws Diagnostic JDBC_BAD_URL. */
  build(): JdbcConnectionOptions {
    databaseNameOf(this.#url);
    return new JdbcConnectionOptions(this.#url as string, this.#username);
  }
}

/** Address and user of a database (Flink: docs/connectors/datastream/jdbc#jdbcconnectionoptions). The scenario's database of that name is meant. */
export class JdbcConnectionOptions {
  /** Starts building: `new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()`. */
  static readonly JdbcConnectionOptionsBuilder = JdbcConnectionOptionsBuilder;
  readonly #url: string;
  readonly #username: string | undefined;

  /** @internal Use the builder. */
  constructor(url: string, username: string | undefined) {
    this.#url = url;
    this.#username = username;
  }

  /** The URL as it was given. */
  getDbURL(): string {
    return this.#url;
  }

  /** The user, undefined when none was given. */
  getUsername(): string | undefined {
    return this.#username;
  }
}

/** The name of the database in a URL. @throws Diagnostic JDBC_BAD_URL */
export function databaseNameOf(url: string | undefined): string {
  const match = /^jdbc:postgresql:(?:\/\/[^/]*\/)?([^/?]+)(?:\?.*)?$/.exec(url ?? "");
  if (match !== null) return match[1];
  throw new Diagnostic({
    code: "JDBC_BAD_URL",
    message: url === undefined ? "jdbc url is empty" : `"${url}" is not the JDBC URL of a PostgreSQL database.`,
    phase: "graph",
    found: url ?? "no URL",
    expected: "jdbc:postgresql://host:5432/name, with the name of one of the scenario's databases",
  });
}
