import { Prng } from "../../../src/base/prng.ts";
import { PostgresDatabase } from "../../../src/connectors/database/database.ts";
import type { DatabaseDescription } from "../../../src/connectors/database/database-description.ts";
import type { PostgresError } from "../../../src/connectors/database/postgres-error.ts";
import { parseStatement } from "../../../src/connectors/database/sql/parse-statement.ts";
import { OutsideSystems, type SystemDescription, type SystemFactory } from "../../../src/connectors/systems/outside-system.ts";
import { SYSTEM_FACTORIES } from "../../../src/connectors/systems/system-factories.ts";
import { observedBroker } from "../observed-broker.ts";

export const ORDERS = {
  name: "orders",
  columns: { id: "integer not null", item: "text", amount: "integer" },
  primaryKey: ["id"],
} as const;

/** Systems on a clock that is moved by hand, with what their observer is told. */
export function observedSystems(descriptions: readonly SystemDescription[]) {
  const { clock, broker } = observedBroker();
  const seen: string[] = [];
  const observer = {
    systemEvent: (_system: unknown, what: string, detail: Readonly<Record<string, unknown>>) =>
      void seen.push(`${what} ${JSON.stringify(detail)}`),
  };
  const systems = new OutsideSystems(descriptions, SYSTEM_FACTORIES as readonly SystemFactory[], {
    clock,
    random: new Prng(1),
    observer,
    broker,
  });
  return { clock, broker, seen, systems };
}

/** One database with a table of orders, unless told otherwise. */
export function observedDatabase(description: Partial<Omit<DatabaseDescription, "kind">> = {}) {
  const shop: DatabaseDescription = { kind: "postgres", name: "shop", tables: [ORDERS], ...description };
  const world = observedSystems([shop]);
  const database = world.systems.get("shop", PostgresDatabase);
  const rows = (table = "orders") => database.outcome().tables.find(({ name }) => name === `public.${table}`)?.rows;
  return { ...world, database, rows };
}

export function sql(text: string) {
  return parseStatement(text);
}

export const INSERT = sql("INSERT INTO orders (id, item, amount) VALUES (?, ?, ?)");
export const UPSERT = sql(
  "INSERT INTO orders (id, item, amount) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET item = EXCLUDED.item, amount = EXCLUDED.amount",
);

/** SQLSTATE and message of what a call is answered with. */
export function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { sqlState, message } = error as PostgresError;
    return `${sqlState} ${message}`;
  }
  return "nothing failed";
}
