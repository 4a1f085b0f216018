/** The database's contract, rule by rule: what PostgreSQL does and says. */
import { describe, expect, it } from "vitest";
import type { RowChange } from "../../../src/connectors/database/database-description.ts";
import { failureOf, INSERT, observedDatabase, ORDERS, sql, UPSERT } from "./observed-database.ts";

const order = (id: number, item = "tea", amount = 1) => ({ id, item, amount });

describe("DB-1 statements", () => {
  const cases: [string, string, unknown[], unknown][] = [
    [
      "a row",
      "INSERT INTO orders (id, item) VALUES (?, ?)",
      [7, "tea"],
      [
        { id: 1, item: "a", amount: 10 },
        { id: 7, item: "tea", amount: null },
      ],
    ],
    [
      "all columns",
      "INSERT INTO public.orders VALUES (?, ?, ?)",
      ["7", 5, "3"],
      [
        { id: 1, item: "a", amount: 10 },
        { id: 7, item: "5", amount: 3 },
      ],
    ],
    [
      "several rows",
      "insert into orders (id) values (2), (3);",
      [],
      [
        { id: 1, item: "a", amount: 10 },
        { id: 2, item: null, amount: null },
        { id: 3, item: null, amount: null },
      ],
    ],
    [
      "nothing on conflict",
      "INSERT INTO orders (id, item) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
      [1, "b"],
      [{ id: 1, item: "a", amount: 10 }],
    ],
    ["nothing on any conflict", "INSERT INTO orders (id) VALUES (?) ON CONFLICT DO NOTHING", [1], [{ id: 1, item: "a", amount: 10 }]],
    [
      "the new row on conflict",
      "INSERT INTO orders (id, item) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET item = EXCLUDED.item",
      [1, "b"],
      [{ id: 1, item: "b", amount: 10 }],
    ],
    [
      "old and new on conflict",
      "INSERT INTO orders AS o (id, amount) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET amount = o.amount + excluded.amount * 2",
      [1, 3],
      [{ id: 1, item: "a", amount: 16 }],
    ],
    [
      "only a newer row on conflict",
      "INSERT INTO orders (id, amount) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET amount = EXCLUDED.amount WHERE orders.amount < EXCLUDED.amount",
      [1, 9],
      [{ id: 1, item: "a", amount: 10 }],
    ],
    ["an update by key", "UPDATE orders SET amount = amount - ? WHERE id = ?", [4, 1], [{ id: 1, item: "a", amount: 6 }]],
    [
      "an update by condition",
      "UPDATE orders SET item = COALESCE(?, item) || '!' WHERE amount >= 10 AND NOT item IS NULL",
      [null],
      [{ id: 1, item: "a!", amount: 10 }],
    ],
    ["an update of the key", "UPDATE orders SET id = ? WHERE id = 1", [5], [{ id: 5, item: "a", amount: 10 }]],
    ["no row", "UPDATE orders SET amount = 0 WHERE id = ? OR amount > 10", [2], [{ id: 1, item: "a", amount: 10 }]],
    ["a delete", 'DELETE FROM orders WHERE "id" = ?::int', [1], []],
    ["a delete of all", "DELETE FROM orders", [], []],
    ["greatest and least", "UPDATE orders SET amount = GREATEST(LEAST(?, 100), amount)", [500], [{ id: 1, item: "a", amount: 100 }]],
  ];
  it.each(cases)("write %s", (_what, text, parameters, expected) => {
    const { database, rows } = observedDatabase({ tables: [{ ...ORDERS, rows: [order(1, "a", 10)] }] });
    database.connect({}).execute(sql(text), parameters);
    expect(rows()).toEqual(expected);
  });

  const mistakes: [string, string][] = [
    ["INSERT INTO orders (id, item) VALUES (?)", "42601 ERROR: syntax error at end of input"],
    ["INSERT INTO orders VALUES (1) ON CONFLICT DO UPDATE SET id = 1", '42601 ERROR: syntax error at or near "set"'],
    ["SELECT * FROM orders", '42601 ERROR: syntax error at or near "select"'],
    ["UPDATE orders SET amount == 3", '42601 ERROR: syntax error at or near "="'],
    ["DELETE FROM orders WHERE", "42601 ERROR: syntax error at end of input"],
    ["UPDATE orders SET amount = other.amount", '42601 ERROR: syntax error at or near "other"'],
    ["INSERT INTO orders (id) VALUES (now())", '42601 ERROR: syntax error at or near "now"'],
    ["INSERT INTO orders (id) VALUES (1) garbage", '42601 ERROR: syntax error at or near "garbage"'],
    ["DELETE FROM orders WHERE id = #", '42601 ERROR: syntax error at or near "#"'],
  ];
  it.each(mistakes)("%s is refused", (text, expected) => {
    expect(failureOf(() => sql(text))).toContain(expected);
  });
});

describe("DB-2 constraints", () => {
  const cases: [string, string, unknown[], string][] = [
    [
      "a second row of a key",
      "INSERT INTO orders VALUES (?, ?, ?)",
      [1, "x", 1],
      '23505 ERROR: duplicate key value violates unique constraint "orders_pkey" Detail: Key (id)=(1) already exists.',
    ],
    ["a moved key", "UPDATE orders SET id = 2 WHERE id = 1", [], "23505"],
    [
      "no value for a key",
      "INSERT INTO orders (item) VALUES (?)",
      ["x"],
      '23502 ERROR: null value in column "id" of relation "orders" violates not-null constraint',
    ],
    ["a text for a number", "INSERT INTO orders (id) VALUES (?)", ["x"], '22P02 ERROR: invalid input syntax for type integer: "x"'],
    ["too large a number", "INSERT INTO orders (id) VALUES (?)", [3_000_000_000], "22003 ERROR: integer out of range"],
    [
      "an unknown table",
      "INSERT INTO ordrs (id) VALUES (?)",
      [1],
      '42P01 ERROR: relation "ordrs" does not exist Hint: Did you mean "orders"?',
    ],
    [
      "an unknown column",
      "INSERT INTO orders (id, itm) VALUES (?, ?)",
      [3, "x"],
      '42703 ERROR: column "itm" of relation "orders" does not exist',
    ],
    ["a conflict target that is no key", "INSERT INTO orders (id) VALUES (?) ON CONFLICT (item) DO NOTHING", [3], "42P10"],
  ];
  it.each(cases)("refuse %s", (_what, text, parameters, expected) => {
    const { database, rows } = observedDatabase({ tables: [{ ...ORDERS, rows: [order(1), order(2)] }] });
    expect(failureOf(() => database.connect({}).execute(sql(text), parameters))).toContain(expected);
    expect(rows()).toEqual([order(1), order(2)]);
  });
});

describe("DB-3 transactions", () => {
  it("are seen by others when they commit, all at once, and never when they do not", () => {
    const { database } = observedDatabase();
    const [writer, reader] = [database.connect({}), database.connect({})];
    writer.begin();
    writer.execute(INSERT, [1, "a", 1]);
    writer.execute(INSERT, [2, "b", 1]);
    expect(writer.select("orders")).toHaveLength(2);
    expect(reader.select("orders")).toEqual([]);
    writer.commit();
    expect(reader.select("orders")).toHaveLength(2);
    writer.begin();
    writer.execute(sql("DELETE FROM orders"));
    writer.rollback();
    expect(reader.select("orders")).toHaveLength(2);
  });

  it("end with their first error", () => {
    const { database, rows } = observedDatabase();
    const connection = database.connect({});
    connection.begin();
    connection.execute(INSERT, [1, "a", 1]);
    expect(failureOf(() => connection.execute(INSERT, [1, "b", 1]))).toContain("23505");
    expect(failureOf(() => connection.execute(INSERT, [2, "c", 1]))).toContain("25P02 ERROR: current transaction is aborted");
    expect(failureOf(() => connection.commit())).toContain("25P02");
    expect(rows()).toEqual([]);
    connection.execute(INSERT, [1, "d", 1]);
    expect(rows()).toEqual([order(1, "d")]);
  });

  it("can be written and read without a statement's text", () => {
    const { database } = observedDatabase();
    const [writer, reader] = [database.connect({}), database.connect({})];
    writer.begin("repeatable read");
    expect(writer.change({ op: "insert", table: "orders", row: order(1) })).toBe(1);
    expect(writer.change({ op: "upsert", table: "orders", row: order(1, "mate") })).toBe(1);
    expect(writer.selectByKey("orders", { id: 1 })).toEqual(order(1, "mate"));
    expect(reader.selectByKey("orders", { id: 1 })).toBeNull();
    writer.commit();
    expect(reader.selectByKey("orders", { id: "1" })).toEqual(order(1, "mate"));
    expect(reader.change({ op: "delete", table: "orders", where: { item: "mate" } })).toBe(1);
    expect(failureOf(() => reader.selectByKey("orders", { item: "x" }))).toContain('item is not the primary key of "orders"');
  });

  it("read what is committed when each statement begins, or, REPEATABLE READ, when the first did", () => {
    const { database } = observedDatabase();
    const writer = database.connect({});
    const before = database.transactions.begin("repeatable read");
    const always = database.transactions.begin();
    writer.execute(INSERT, [1, "a", 1]);
    expect(database.read(before, "orders")).toHaveLength(1);
    writer.execute(UPSERT, [1, "b", 1]);
    writer.execute(INSERT, [2, "c", 1]);
    expect(database.read(before, "orders")).toEqual([order(1, "a")]);
    expect(database.read(always, "orders")).toHaveLength(2);
    expect(failureOf(() => database.run(before, UPSERT.statement, [1, "x", 1]))).toContain("40001");
  });

  it("that meet a lock time out, and count the time as the client's", () => {
    const { database } = observedDatabase({
      tables: [{ ...ORDERS, rows: [order(1)] }],
      settings: { lockTimeoutMs: 3000, costMs: { statement: 0, row: 0 } },
    });
    const first = database.connect({});
    let spentMs = 0;
    const spendMs = (durationMs: number) => {
      spentMs += durationMs;
    };
    const second = database.connect({ spendMs });
    first.begin();
    first.execute(UPSERT, [1, "mine", 1]);
    expect(failureOf(() => second.execute(UPSERT, [1, "yours", 1]))).toContain("55P03 ERROR: canceling statement due to lock timeout");
    expect(spentMs).toBe(3000);
    second.execute(UPSERT, [2, "other", 1]);
    first.commit();
    second.execute(UPSERT, [1, "yours", 1]);
    expect(second.select("orders")[0]).toEqual(order(1, "yours"));
  });

  it("of a client that has died are rolled back when its next attempt connects", () => {
    const { database } = observedDatabase();
    const dead = database.connect({ identity: "sink/0" });
    dead.begin();
    dead.execute(INSERT, [1, "a", 1]);
    const next = database.connect({ identity: "sink/0" });
    next.execute(INSERT, [1, "b", 1]);
    expect(failureOf(() => dead.commit())).toContain("08006");
    expect(next.select("orders")).toEqual([order(1, "b")]);
  });
});

describe("DB-4 prepared transactions", () => {
  const prepared = (maxPreparedTransactions = 2) => {
    const world = observedDatabase({ settings: { maxPreparedTransactions } });
    const connection = world.database.connect({});
    const prepare = (gid: string, id: number) => {
      connection.begin();
      connection.execute(INSERT, [id, gid, 1]);
      connection.prepareTransaction(gid);
    };
    return { ...world, connection, prepare };
  };

  it("are off unless max_prepared_transactions is set", () => {
    const { prepare, rows } = prepared(0);
    expect(failureOf(() => prepare("t1", 1))).toBe(
      '55000 ERROR: prepared transactions are disabled Hint: Set "max_prepared_transactions" to a nonzero value.',
    );
    expect(rows()).toEqual([]);
  });

  it("are few, with names of their own", () => {
    const { prepare } = prepared();
    prepare("t1", 1);
    expect(failureOf(() => prepare("t1", 2))).toContain('42710 ERROR: transaction identifier "t1" is already in use');
    prepare("t2", 3);
    expect(failureOf(() => prepare("t3", 4))).toContain("53400 ERROR: maximum number of prepared transactions reached");
  });

  it("survive client and server, hold their locks, and end once", () => {
    const { clock, database, prepare, rows } = prepared();
    prepare("t1", 1);
    database.strike({ what: "restart", downMs: 500 });
    expect(failureOf(() => database.connect({}))).toContain("57P03 FATAL: the database system is starting up");
    clock.advanceTo(500);
    const other = database.connect({});
    expect(other.preparedTransactions()).toEqual(["t1"]);
    expect(rows()).toEqual([]);
    expect(failureOf(() => other.execute(INSERT, [1, "x", 1]))).toContain("55P03");
    other.commitPrepared("t1");
    expect(rows()).toEqual([order(1, "t1")]);
    expect(failureOf(() => other.commitPrepared("t1"))).toContain('42704 ERROR: prepared transaction with identifier "t1" does not exist');
  });

  it("can be rolled back by anybody, not inside another transaction", () => {
    const { connection, prepare, rows } = prepared();
    prepare("t1", 1);
    connection.begin();
    expect(failureOf(() => connection.rollbackPrepared("t1"))).toContain("25000");
    connection.commit();
    connection.rollbackPrepared("t1");
    expect(rows()).toEqual([]);
    connection.execute(INSERT, [1, "free again", 1]);
  });

  it("in doubt are in the outcome, and keep the log", () => {
    const { database, prepare } = observedDatabaseWithSlot();
    prepare();
    for (let id = 10; id < 30; id++) database.connect({}).execute(INSERT, [id, "x", 1]);
    const slot = database.slots.get("s");
    database.slots.confirm(slot, database.wal.insertLsn);
    expect(database.outcome()).toMatchObject({ preparedTransactions: ["doubt"], slots: [{ name: "s", lost: false }] });
    expect(database.outcome().slots[0].retainedBytes).toBeGreaterThan(1000);
    database.connect({}).rollbackPrepared("doubt");
    expect(database.outcome().slots[0].retainedBytes).toBeLessThan(100);
  });
});

function observedDatabaseWithSlot() {
  const world = observedDatabase({ settings: { walLevel: "logical", maxPreparedTransactions: 1 } });
  world.database.createReplicationSlot("s", "pgoutput");
  const prepare = () => {
    const connection = world.database.connect({});
    connection.begin();
    connection.execute(INSERT, [1, "a", 1]);
    connection.prepareTransaction("doubt");
  };
  return { ...world, prepare };
}

describe("DB-5 the application", () => {
  const insert = (id: number): RowChange => ({ op: "insert", table: "orders", row: order(id) });
  const update = (id: number, amount: number): RowChange => ({ op: "update", table: "orders", where: { id }, set: { amount } });

  it("writes at its times, waits for locks, and goes on when they are free", () => {
    const { clock, database, rows } = observedDatabase({
      application: [
        { atMs: 10, changes: [insert(1), insert(2)], openForMs: 100 },
        { atMs: 20, changes: [update(1, 5), update(2, 6)] },
        { atMs: 30, changes: [{ op: "upsert", table: "orders", row: order(3, "new", 3) }] },
        { atMs: 40, changes: [{ op: "delete", table: "orders", where: { id: 3 } }], rollback: true },
        { atMs: 200, changes: [update(3, 1)], repeat: { everyMs: 10, times: 4 } },
      ],
    });
    clock.advanceTo(50);
    expect(rows()).toEqual([order(3, "new", 3)]);
    expect(database.atRest).toBe(false);
    // The update began before the insert was committed: it saw no row to update.
    clock.advanceTo(300);
    expect(rows()).toEqual([order(1), order(2), order(3, "new", 1)]);
    expect(database.outcome().tables[0].writes).toEqual([1, 1, 6]);
    expect(database.atRest).toBe(true);
  });

  it("gets one of a deadlock's transactions refused, and one that waits too long", () => {
    const tables = [{ ...ORDERS, rows: [order(1), order(2), order(3)] }];
    const { clock, database, rows } = observedDatabase({
      tables,
      settings: { lockTimeoutMs: 1000 },
      application: [
        { atMs: 0, changes: [update(1, 10), update(3, 10)], openForMs: 50 },
        { atMs: 10, changes: [update(1, 11)] },
        { atMs: 100, changes: [update(2, 20)], openForMs: 5000 },
        { atMs: 110, changes: [update(2, 21)] },
      ],
    });
    clock.advanceTo(10_000);
    expect(rows()).toEqual([order(1, "tea", 11), order(2, "tea", 20), order(3, "tea", 10)]);
    expect(database.outcome().refused).toEqual([expect.objectContaining({ atMs: 1110, sqlState: "55P03" })]);
  });

  it("finds out about deadlocks", () => {
    const { database } = observedDatabase({ tables: [{ ...ORDERS, rows: [order(1), order(2)] }] });
    const [left, right] = [database.connect({}), database.transactions.begin()];
    left.begin();
    left.execute(UPSERT, [1, "l", 1]);
    database.run(right, UPSERT.statement, [2, "r", 1]);
    expect(() => database.run(right, UPSERT.statement, [1, "r", 1])).toThrow("waiting for transaction");
    right.waitsFor = (left as unknown as { transaction: typeof right }).transaction;
    expect(failureOf(() => left.execute(UPSERT, [2, "l", 1]))).toContain("40P01 ERROR: deadlock detected");
  });

  it("does again what the server's end interrupted", () => {
    const { clock, database, rows } = observedDatabase({
      application: [
        { atMs: 0, changes: [insert(1)], openForMs: 100 },
        { atMs: 60, changes: [update(1, 2)] },
      ],
    });
    clock.advanceTo(50);
    database.strike({ what: "restart", downMs: 500 });
    clock.advanceTo(640);
    expect(rows()).toEqual([]);
    clock.advanceTo(1000);
    expect(rows()).toEqual([order(1)]);
  });
});

describe("DB-6 faults", () => {
  it.each([
    ["connectionsLost", "57P01 FATAL: terminating connection due to administrator command"],
    ["restart", "57P01"],
    ["failover", "08006 ERROR: An I/O error occurred while sending to the backend."],
  ])("%s ends connections and rolls back what is open", (what, expected) => {
    const { clock, database, rows } = observedDatabase();
    const connection = database.connect({});
    connection.begin();
    connection.execute(INSERT, [1, "a", 1]);
    database.strike({ what, downMs: 100 });
    expect(failureOf(() => connection.commit())).toContain(expected);
    clock.advanceTo(100);
    expect(rows()).toEqual([]);
    database.connect({}).execute(INSERT, [1, "b", 1]);
  });

  it("diskFull fails what writes, and nothing that reads", () => {
    const { clock, database } = observedDatabase({ tables: [{ ...ORDERS, rows: [order(1)] }] });
    const connection = database.connect({});
    database.strike({ what: "diskFull", forMs: 50 });
    expect(failureOf(() => connection.execute(INSERT, [2, "a", 1]))).toContain(
      "53100 ERROR: could not extend file: No space left on device",
    );
    expect(connection.select("orders")).toHaveLength(1);
    clock.advanceTo(50);
    connection.execute(INSERT, [2, "a", 1]);
  });

  it("slow makes statements take longer, for a while", () => {
    const { clock, database } = observedDatabase({ settings: { costMs: { statement: 2, row: 1 } } });
    const costs = () => database.costMs(3);
    expect(costs()).toBe(5);
    database.strike({ what: "slow", forMs: 100, factor: 20 });
    expect(costs()).toBe(100);
    clock.advanceTo(100);
    expect(costs()).toBe(5);
  });

  it("loseReplies commits and says that the connection broke", () => {
    const { database, rows } = observedDatabase();
    const connection = database.connect({});
    database.strike({ what: "loseReplies" });
    expect(failureOf(() => connection.execute(INSERT, [1, "a", 1]))).toContain("08006");
    expect(connection.valid).toBe(false);
    expect(rows()).toEqual([order(1, "a")]);
  });

  it("of another kind is a mistake in the world", () => {
    expect(() => observedDatabase().database.strike({ what: "flood" })).toThrow('A database does not know the fault "flood"');
  });

  it("too many clients are sent away", () => {
    const { database } = observedDatabase({ settings: { maxConnections: 1 } });
    const first = database.connect({});
    expect(failureOf(() => database.connect({}))).toContain("53300 FATAL: sorry, too many clients already");
    first.close();
    database.connect({});
  });
});
