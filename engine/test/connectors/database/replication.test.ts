/** Slots, publications, logical decoding, and what the log is kept for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failureOf, INSERT, observedDatabase, ORDERS, sql, UPSERT } from "./observed-database.ts";

const LOGICAL = { walLevel: "logical", publications: [{ name: "all", tables: "all" }] } as const;

function decoding(description: Parameters<typeof observedDatabase>[0] = {}) {
  const world = observedDatabase({ settings: LOGICAL, ...description });
  const { database } = world;
  database.createReplicationSlot("s", "pgoutput");
  const open = (startLsn = 0) => database.startReplication("s", "all", startLsn);
  return { ...world, open, slot: database.slots.get("s") };
}

function all(stream: { next(): { readonly changes: readonly { readonly op: string; readonly after: unknown }[] } | null }) {
  const transactions: unknown[][] = [];
  for (let next = stream.next(); next !== null; next = stream.next())
    transactions.push(next.changes.map(({ op, after }) => [op, (after as { id: number } | null)?.id]));
  return transactions;
}

describe("DB-7 logical decoding", () => {
  it("gives whole transactions in the order of their commits, and none that was rolled back", () => {
    const { database, open } = decoding();
    const [first, second, third] = [database.connect({}), database.connect({}), database.connect({})];
    for (const connection of [first, second, third]) connection.begin();
    first.execute(INSERT, [1, "a", 1]);
    second.execute(INSERT, [2, "b", 1]);
    third.execute(INSERT, [3, "c", 1]);
    first.execute(INSERT, [4, "d", 1]);
    second.commit();
    third.rollback();
    const stream = open();
    expect(all(stream)).toEqual([[["insert", 2]]]);
    first.commit();
    expect(all(stream)).toEqual([
      [
        ["insert", 1],
        ["insert", 4],
      ],
    ]);
  });

  it("gives nothing of tables that the publication does not have", () => {
    const { database, open } = decoding({
      tables: [ORDERS, { name: "audit", columns: { text: "text" } }],
      settings: { walLevel: "logical", publications: [{ name: "all", tables: ["orders"] }] },
    });
    const connection = database.connect({});
    connection.execute(sql("INSERT INTO audit VALUES ('x')"));
    connection.execute(INSERT, [1, "a", 1]);
    expect(all(open())).toEqual([[], [["insert", 1]]]);
  });

  it("goes on from where the reader says, but never before what was confirmed", () => {
    const { database, open, slot } = decoding();
    const connection = database.connect({});
    for (let id = 1; id <= 4; id++) connection.execute(INSERT, [id, "a", 1]);
    const stream = open();
    stream.next();
    const afterFirst = stream.position;
    stream.next();
    expect(database.confirm(stream, stream.position)).toBe(true);
    expect(database.confirm(stream, afterFirst)).toBe(false);
    stream.next();
    const afterThird = stream.position;
    expect(all(open(0))).toEqual([[["insert", 3]], [["insert", 4]]]);
    expect(all(open(afterThird))).toEqual([[["insert", 4]]]);
    expect(slot.confirmedFlushLsn).toBeGreaterThan(afterFirst);
  });

  it("tells a reader that its connection is gone", () => {
    const { database, open } = decoding();
    const first = open();
    const second = open();
    expect(failureOf(() => first.next())).toContain("08006");
    let told = 0;
    second.onAvailable(() => told++);
    database.strike({ what: "connectionsLost" });
    expect(told).toBe(1);
    expect(failureOf(() => second.next())).toContain("57P01");
  });
});

describe("DB-8 slots", () => {
  it("need wal_level logical, an installed plugin, a name that is free and good, and room", () => {
    const physical = observedDatabase().database;
    expect(failureOf(() => physical.createReplicationSlot("s", "pgoutput"))).toContain(
      '55000 ERROR: logical decoding requires "wal_level" >= "logical"',
    );
    const { database } = observedDatabase({ settings: { ...LOGICAL, maxReplicationSlots: 1 } });
    expect(failureOf(() => database.createReplicationSlot("s", "decoderbufs"))).toContain(
      '58P01 ERROR: could not access file "decoderbufs"',
    );
    expect(failureOf(() => database.createReplicationSlot("S-1", "pgoutput"))).toContain("42602");
    database.createReplicationSlot("s", "pgoutput");
    expect(failureOf(() => database.createReplicationSlot("s", "pgoutput"))).toContain('42710 ERROR: replication slot "s" already exists');
    expect(failureOf(() => database.createReplicationSlot("t", "pgoutput"))).toContain("53400 ERROR: all replication slots are in use");
    expect(failureOf(() => database.startReplication("t", "all", 0))).toContain('42704 ERROR: replication slot "t" does not exist');
    expect(failureOf(() => database.startReplication("s", "some", 0))).toContain('42704 ERROR: publication "some" does not exist');
    const stream = database.startReplication("s", "all", 0);
    expect(failureOf(() => database.dropReplicationSlot("s"))).toContain("55006");
    stream.close();
    database.dropReplicationSlot("s");
    database.createReplicationSlot("t", "pgoutput");
  });

  it("keep the log until their consumer confirms it", () => {
    const { database, open, slot } = decoding();
    const connection = database.connect({});
    for (let id = 1; id <= 100; id++) connection.execute(INSERT, [id, "a", 1]);
    const stream = open();
    all(stream);
    expect(database.slots.retainedBytes(slot)).toBe(database.outcome().walBytes);
    database.confirm(stream, stream.position);
    expect(database.slots.retainedBytes(slot)).toBe(0);
  });

  it("that hold back more than max_slot_wal_keep_size are lost for good", () => {
    const { database, open, seen, slot } = decoding({ settings: { ...LOGICAL, maxSlotWalKeepBytes: 2000 } });
    const stream = open();
    const connection = database.connect({});
    for (let id = 1; id <= 30; id++) connection.execute(INSERT, [id, "a", 1]);
    expect(slot.lost).toBe(true);
    expect(seen).toContain('slotLost {"slot":"s"}');
    expect(failureOf(() => stream.next())).toContain('55000 ERROR: can no longer get changes from replication slot "s"');
    expect(failureOf(() => open())).toContain("55000");
    expect(database.outcome().slots).toMatchObject([{ lost: true, retainedBytes: 0 }]);
  });

  it("are gone after a failover, unless they are made for it", () => {
    for (const failoverSlots of [false, true]) {
      const { database } = decoding({ settings: { ...LOGICAL, failoverSlots } });
      database.strike({ what: "failover", downMs: 0 });
      expect(database.slots.all()).toHaveLength(failoverSlots ? 1 : 0);
    }
  });
});

describe("DB-9 replica identity", () => {
  const table = (replicaIdentity: "default" | "full" | "nothing", primaryKey: readonly string[] = ["id"]) => ({
    ...ORDERS,
    primaryKey,
    replicaIdentity,
    rows: [{ id: 1, item: "a", amount: 1 }],
  });
  it.each([
    ["a key, DEFAULT", table("default"), "nothing failed"],
    [
      "no key, DEFAULT",
      table("default", []),
      'cannot update table "orders" because it does not have a replica identity and publishes updates',
    ],
    ["no key, FULL", table("full", []), "nothing failed"],
    ["a key, NOTHING", table("nothing"), "55000 ERROR: cannot update table"],
  ])("%s", (_what, description, expected) => {
    const { database } = observedDatabase({ tables: [description], settings: LOGICAL });
    expect(failureOf(() => database.connect({}).execute(sql("UPDATE orders SET amount = 2")))).toContain(expected);
    const unpublished = observedDatabase({ tables: [description] }).database;
    expect(failureOf(() => unpublished.connect({}).execute(sql("UPDATE orders SET amount = 2")))).toBe("nothing failed");
  });
});

describe("the log", () => {
  it("replayed from a slot's beginning gives the tables as they are", () => {
    const change = fc.record({
      kind: fc.constantFrom("upsert", "update", "delete", "move"),
      id: fc.integer({ min: 1, max: 6 }),
      n: fc.integer({ min: 0, max: 9 }),
    });
    const transaction = fc.record({
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      end: fc.constantFrom("commit", "rollback", "prepare", "open"),
    });
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 30 }), (transactions) => {
        const { database, open, rows } = decoding({
          tables: [{ ...ORDERS, replicaIdentity: "full" }],
          settings: { ...LOGICAL, maxPreparedTransactions: 100, maxConnections: 100 },
        });
        for (const [index, { changes, end }] of transactions.entries()) {
          const connection = database.connect({});
          connection.begin();
          try {
            for (const { kind, id, n } of changes) {
              if (kind === "upsert") connection.execute(UPSERT, [id, `t${index}`, n]);
              else if (kind === "update") connection.execute(sql("UPDATE orders SET amount = ? WHERE id = ?"), [n, id]);
              else if (kind === "delete") connection.execute(sql("DELETE FROM orders WHERE id = ?"), [id]);
              else connection.execute(sql("UPDATE orders SET id = ? WHERE id = ?"), [n + 1, id]);
            }
            if (end === "commit") connection.commit();
            else if (end === "rollback") connection.rollback();
            else if (end === "prepare") {
              connection.prepareTransaction(`g${index}`);
              if (index % 2 === 0) connection.commitPrepared(`g${index}`);
            }
          } catch {
            connection.close(); // locks, unique violations: rolled back
          }
        }
        const replayed = new Map<number, unknown>();
        const stream = open();
        for (let next = stream.next(); next !== null; next = stream.next()) {
          for (const { before, after } of next.changes) {
            if (before !== null) replayed.delete(before.id as number);
            if (after !== null) replayed.set(after.id as number, after);
          }
        }
        expect([...replayed].sort(([a], [b]) => a - b).map(([, row]) => row)).toEqual(rows());
      }),
      { numRuns: 200 },
    );
  });
});
