import { accessOf, outsideOf } from "../../../flow/engine-access.ts";
import type { CommitterInitContext } from "../../../flow/sink.ts";
import { systemsOf } from "../../systems/outside-system.ts";
import type { Connection } from "../client/connection.ts";
import { PostgresDatabase } from "../database.ts";

/** How one writer or committer of a JDBC sink gets its connections: the next attempt's take the place of the last one's. */
export class JdbcClient {
  readonly database: PostgresDatabase;
  readonly #identity: string | undefined;
  readonly #context: CommitterInitContext;

  /** @throws Diagnostic SYSTEM_UNKNOWN */
  constructor(databaseName: string, role: "writer" | "committer", context: CommitterInitContext) {
    this.database = systemsOf(outsideOf(context)).get(databaseName, PostgresDatabase);
    this.#context = context;
    const { operatorId } = accessOf(context);
    const { subtaskIndex } = context;
    this.#identity = operatorId === undefined ? undefined : `${operatorId}/${role}/${subtaskIndex}`;
  }

  /** @throws PostgresError when the database is away or full */
  connect(): Connection {
    const spendMs = (durationMs: number) => this.#context.spendUs(durationMs * 1000);
    return this.database.connect({ spendMs, ...(this.#identity === undefined ? {} : { identity: this.#identity }) });
  }
}
