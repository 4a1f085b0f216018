import { databaseNameOf } from "./jdbc-connection-options.ts";

/** A database that takes part in two-phase commits. Java: `javax.sql.XADataSource`. (Flink: docs/connectors/datastream/jdbc#jdbcsinkbuilder-exactly-once) */
export interface XADataSource {
  /** The JDBC URL; its last part names the scenario's database. */
  getUrl(): string;
}

/** The data source of PostgreSQL's driver: `org.postgresql.xa.PGXADataSource`. (Flink: docs/connectors/datastream/jdbc#jdbcsinkbuilder-exactly-once) */
export class PGXADataSource implements XADataSource {
  #url = "";

  /** `jdbc:postgresql://host:5432/name`. Throws Diagnostic JDBC_BAD_URL. */
  setUrl(url: string): void {
    databaseNameOf(url);
    this.#url = url;
  }

  /** As `setUrl`. */
  setURL(url: string): void {
    this.setUrl(url);
  }

  /** The scenario's database, instead of a URL. */
  setDatabaseName(name: string): void {
    this.#url = `jdbc:postgresql://localhost/${name}`;
  }

  /** Accepted; nobody checks it here. */
  setUser(_user: string): void {}

  /** Accepted; nobody checks it here. */
  setPassword(_password: string): void {}

  getUrl(): string {
    return this.#url;
  }
}
