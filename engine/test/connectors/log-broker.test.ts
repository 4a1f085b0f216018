import { describe, expect, it } from "vitest";
import { nearestName } from "../../src/connectors/log/nearest-name.ts";
import { observedBroker, write } from "./observed-broker.ts";

function values(rows: readonly { value: unknown }[]) {
  return rows.map((row) => row.value);
}

describe("log broker: plain appends", () => {
  it("numbers each partition from 0 and is readable at once", () => {
    const { broker, clock } = observedBroker();
    broker.createTopic("t", 2);
    clock.advanceTo(5);
    expect(broker.append("t", 0, write("a"))).toBe(0);
    expect(broker.append("t", 1, { key: "k", value: "b", timestampMs: 3 })).toBe(0);
    expect(broker.append("t", 0, write("c"))).toBe(1);
    expect(broker.committedView("t")).toEqual([
      { partition: 0, offset: 0, key: null, value: "a", timestampMs: 5, appendedAtMs: 5, committedAtMs: 5, aborted: false, transaction: 0 },
      { partition: 0, offset: 1, key: null, value: "c", timestampMs: 5, appendedAtMs: 5, committedAtMs: 5, aborted: false, transaction: 0 },
      { partition: 1, offset: 0, key: "k", value: "b", timestampMs: 3, appendedAtMs: 5, committedAtMs: 5, aborted: false, transaction: 0 },
    ]);
  });

  it("tells listeners of new data until they cancel", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 2);
    let calls = 0;
    const registration = broker.onAppend("t", 0, () => calls++);
    broker.append("t", 0, write(1));
    broker.append("t", 1, write(1));
    expect(calls).toBe(1);
    registration.cancel();
    broker.append("t", 0, write(1));
    expect(calls).toBe(1);
  });

  it.each([
    ["click", ["clicks", "sessions"], 'Topic "click" does not exist. Did you mean "clicks"?'],
    ["orders", ["a", "b"], 'Topic "orders" does not exist. There are: a, b.'],
    ["orders", [], 'Topic "orders" does not exist. The broker has no topics.'],
  ])("unknown topic %s among %j", (topic, known, message) => {
    const { broker } = observedBroker();
    for (const name of known) broker.createTopic(name, 1);
    expect(() => broker.append(topic, 0, write(1))).toThrow(message);
  });

  it("suggests only names that are close", () => {
    expect(nearestName("sesions", ["clicks", "sessions"])).toBe("sessions");
    expect(nearestName("x", ["clicks", "sessions"])).toBeUndefined();
  });
});

describe("log broker: idempotent producer", () => {
  it("appends a repeated sequence number once and refuses a gap", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    const producer = broker.idempotentProducer();
    expect(producer.append("t", 0, write("a"), 0)).toBe(0);
    expect(producer.append("t", 0, write("a"), 0)).toBe(0);
    expect(producer.append("t", 0, write("b"), 1)).toBe(1);
    expect(() => producer.append("t", 0, write("d"), 3)).toThrow("sent sequence number 3, the broker expected 2");
    expect(values(broker.uncommittedView("t"))).toEqual(["a", "b"]);
  });
});

describe("log broker: transactions", () => {
  it("shows records to read_committed readers at the commit, to others at once", () => {
    const { broker, clock, seen } = observedBroker();
    broker.createTopic("t", 1);
    const producer = broker.initTransactions("tx", { timeoutMs: 1000, origin: "writer 0" });
    producer.begin();
    producer.append("t", 0, write("a"));
    clock.advanceTo(10);
    producer.append("t", 0, write("b"));
    expect(values(broker.uncommittedView("t"))).toEqual(["a", "b"]);
    expect(broker.committedView("t")).toEqual([]);
    expect(broker.partition("t", 0).lastStableOffset).toBe(0);
    producer.flush();
    clock.advanceTo(20);
    producer.commit();
    expect(broker.committedView("t").map((row) => [row.value, row.appendedAtMs, row.committedAtMs, row.transaction])).toEqual([
      ["a", 0, 20, 1],
      ["b", 10, 20, 1],
    ]);
    expect(seen).toEqual([
      "opened 1 tx by writer 0",
      "written t-0@0 by writer 0",
      "written t-0@1 by writer 0",
      "preCommitted 1",
      "committed 1",
    ]);
  });

  it("an open transaction holds back everything behind it in the partition", () => {
    const { broker, clock } = observedBroker();
    broker.createTopic("t", 2);
    const first = broker.initTransactions("first", { timeoutMs: 1000 });
    const second = broker.initTransactions("second", { timeoutMs: 1000 });
    first.begin();
    second.begin();
    broker.append("t", 0, write("before"));
    first.append("t", 0, write("one"));
    second.append("t", 0, write("two"));
    broker.append("t", 0, write("plain"));
    second.append("t", 1, write("elsewhere"));
    clock.advanceTo(7);
    second.commit();
    expect(values(broker.committedView("t"))).toEqual(["before", "elsewhere"]);
    clock.advanceTo(9);
    first.abort();
    expect(broker.committedView("t").map((row) => [row.value, row.committedAtMs])).toEqual([
      ["before", 0],
      ["elsewhere", 7],
      ["two", 9],
      ["plain", 9],
    ]);
    expect(broker.uncommittedView("t").find((row) => row.value === "one")).toMatchObject({ aborted: true, committedAtMs: null });
  });

  it("a newer producer of the id aborts and fences the older one", () => {
    const { broker, seen } = observedBroker();
    broker.createTopic("t", 1);
    const old = broker.initTransactions("tx", { timeoutMs: 1000 });
    old.begin();
    old.append("t", 0, write("zombie"));
    const young = broker.initTransactions("tx", { timeoutMs: 1000 });
    expect(young.producerId).toBe(old.producerId);
    expect(young.epoch).toBe(old.epoch + 1);
    expect(seen.at(-1)).toBe("aborted 1 fenced");
    expect(() => old.append("t", 0, write("again"))).toThrow(expect.objectContaining({ name: "ProducerFenced" }));
    expect(() => old.commit()).toThrow(expect.objectContaining({ name: "ProducerFenced" }));
    expect(() => broker.commitPrepared("tx", old.producerId, old.epoch)).toThrow(expect.objectContaining({ name: "ProducerFenced" }));
    young.begin();
    young.append("t", 0, write("kept"));
    young.commit();
    expect(values(broker.committedView("t"))).toEqual(["kept"]);
  });

  it("the broker aborts a transaction that is open for too long, flushed or not", () => {
    const { broker, clock, seen } = observedBroker();
    broker.createTopic("t", 1);
    const producer = broker.initTransactions("tx", { timeoutMs: 1000 });
    clock.advanceTo(500);
    producer.begin(); // the timeout counts from the first record
    clock.advanceTo(600);
    producer.append("t", 0, write("lost"));
    producer.flush();
    clock.advanceTo(1599);
    expect(seen.at(-1)).toBe("preCommitted 1");
    clock.advanceTo(1600);
    expect(seen.at(-1)).toBe("aborted 1 timeout");
    expect(() => broker.commitPrepared("tx", producer.producerId, producer.epoch)).toThrow(
      expect.objectContaining({ name: "TransactionTimedOut", code: "LOG_TRANSACTION_TIMED_OUT" }),
    );
    expect(broker.committedView("t")).toEqual([]);
  });

  it("a committed transaction does not time out, and commits again without effect", () => {
    const { broker, clock, seen } = observedBroker();
    broker.createTopic("t", 1);
    const producer = broker.initTransactions("tx", { timeoutMs: 1000 });
    producer.begin();
    producer.append("t", 0, write("a"));
    broker.commitPrepared("tx", producer.producerId, producer.epoch);
    broker.commitPrepared("tx", producer.producerId, producer.epoch);
    clock.advanceTo(5000);
    expect(seen.filter((line) => !line.startsWith("written"))).toEqual(["opened 1 tx by undefined", "committed 1"]);
  });

  const misuse: [string, (broker: ReturnType<typeof observedBroker>["broker"]) => void, string][] = [
    ["append before begin", (broker) => broker.initTransactions("tx", { timeoutMs: 1 }).append("t", 0, write(1)), "InvalidTxnState"],
    ["commit before begin", (broker) => broker.initTransactions("tx", { timeoutMs: 1 }).commit(), "InvalidTxnState"],
    [
      "begin twice",
      (broker) => {
        const producer = broker.initTransactions("tx", { timeoutMs: 1 });
        producer.begin();
        producer.begin();
      },
      "InvalidTxnState",
    ],
    ["commit of an unknown id", (broker) => broker.commitPrepared("nobody", 0, 0), "InvalidTxnState"],
    [
      "commit of an id that never wrote",
      (broker) => {
        const producer = broker.initTransactions("tx", { timeoutMs: 1 });
        broker.commitPrepared("tx", producer.producerId, producer.epoch);
      },
      "InvalidTxnState",
    ],
    [
      "commit after abort",
      (broker) => {
        const producer = broker.initTransactions("tx", { timeoutMs: 1 });
        producer.begin();
        producer.append("t", 0, write(1));
        producer.abort();
        broker.commitPrepared("tx", producer.producerId, producer.epoch);
      },
      "InvalidTxnState",
    ],
    [
      "timeout above the broker's maximum",
      (broker) => broker.initTransactions("tx", { timeoutMs: 3_600_001 }),
      "InvalidTransactionTimeout",
    ],
  ];
  it.each(misuse)("%s", (_what, act, name) => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    expect(() => act(broker)).toThrow(expect.objectContaining({ name }));
  });

  it("a transaction without records leaves no trace", () => {
    const { broker, seen } = observedBroker();
    const producer = broker.initTransactions("tx", { timeoutMs: 1000 });
    producer.begin();
    producer.flush();
    producer.commit();
    producer.begin();
    producer.abort();
    expect(seen).toEqual([]);
  });

  it("readers of either isolation are woken when a transaction ends", () => {
    const { broker } = observedBroker();
    broker.createTopic("t", 1);
    const producer = broker.initTransactions("tx", { timeoutMs: 1000 });
    producer.begin();
    producer.append("t", 0, write("a"));
    let calls = 0;
    broker.onAppend("t", 0, () => calls++);
    producer.abort();
    expect(calls).toBe(1);
    const log = broker.partition("t", 0);
    expect(log.nextReadable(0, "read_committed")).toBe(-1);
    expect(log.nextReadable(0, "read_uncommitted")).toBe(0);
    expect(log.lastStableOffset).toBe(1);
  });
});
