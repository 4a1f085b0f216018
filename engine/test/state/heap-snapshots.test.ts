/** Copying on write, seen from a program: which object it gets, and what its own references do to a snapshot. */
import { describe, expect, it } from "vitest";
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from "../../src/state/descriptors.ts";
import { HeapKeyedStateBackend } from "../../src/state/heap/heap-keyed-state-backend.ts";
import type { KeyedSnapshot } from "../../src/state/snapshot.ts";
import { NO_TIMERS } from "../../src/state/timers-of-snapshot.ts";

interface Account {
  total: number;
}

const ACCOUNT = new ValueStateDescriptor<Account>("account");
const VISITS = new ListStateDescriptor<Account>("visits");
const BY_DAY = new MapStateDescriptor<string, Account>("by day");

function backendWith(total: number) {
  const backend = new HeapKeyedStateBackend(16, () => 0);
  backend.setCurrentKey("k");
  const account = backend.getState(ACCOUNT);
  account.update({ total });
  let checkpointId = 0;
  const snapshot = () => {
    const { keyed } = backend.snapshot(++checkpointId, NO_TIMERS);
    return keyed as Required<KeyedSnapshot>;
  };
  return { backend, account, snapshot };
}

const valuesIn = ({ groups }: KeyedSnapshot) =>
  [...groups.values()].flatMap(({ states }) => states.flatMap(({ entries }) => entries.map(({ value }) => value)));

describe("ST-18 heap snapshots copy on write", () => {
  it("a value is copied once per snapshot, when somebody gets it, and never while no snapshot is alive", () => {
    const { account, snapshot } = backendWith(1);
    const before = account.value();
    expect(account.value()).toBe(before);
    const first = snapshot();
    const own = account.value();
    expect(own).not.toBe(before);
    expect(account.value()).toBe(own);
    const second = snapshot();
    expect(account.value()).not.toBe(own);
    first.release();
    second.release();
    const last = account.value();
    expect(account.value()).toBe(last);
    expect(snapshot().sharing).toBe("shared");
  });

  it("what a program writes is what it gets back, snapshot or not", () => {
    const { backend, account, snapshot } = backendWith(1);
    snapshot();
    const written = { total: 2 };
    account.update(written);
    expect(account.value()).toBe(written);
    backend.setCurrentKey("new");
    account.update(written);
    expect(account.value()).toBe(written);
    backend.getState(VISITS).add(written);
    expect(backend.getState(VISITS).get()[0]).toBe(written);
  });

  it("an object got before the snapshot is the snapshot's: changed afterwards, it changes there until it is copied, and not in state", () => {
    const { account, snapshot } = backendWith(1);
    const got = account.value() as Account;
    const taken = snapshot();
    expect(account.value()).toEqual({ total: 1 });
    got.total = 99;
    expect(account.value()).toEqual({ total: 1 });
    taken.detach();
    got.total = 100;
    expect(valuesIn(taken)).toEqual([{ total: 99 }]);
  });

  it("an object got after the snapshot is the state's, until the next one", () => {
    const { account, snapshot } = backendWith(1);
    const taken = snapshot();
    (account.value() as Account).total = 2;
    const next = snapshot();
    (account.value() as Account).total = 3;
    expect(valuesIn(taken)).toEqual([{ total: 1 }]);
    expect(valuesIn(next)).toEqual([{ total: 2 }]);
    expect(account.value()).toEqual({ total: 3 });
  });

  it("taking a snapshot looks into no value; measuring and copying do", () => {
    const { backend, account, snapshot } = backendWith(1);
    let looks = 0;
    const watched = Object.defineProperty({} as Account, "total", { enumerable: true, get: () => ++looks });
    account.update(watched);
    backend.getState(VISITS).add(watched);
    backend.getState(BY_DAY).put("monday", watched);
    const taken = snapshot();
    expect(looks).toBe(0);
    taken.detach();
    expect(looks).toBe(3);
  });

  it("a released snapshot cannot be looked at, a detached one stays", () => {
    const { snapshot } = backendWith(1);
    const [released, detached] = [snapshot(), snapshot()];
    detached.detach();
    detached.release();
    released.release();
    expect(valuesIn(detached)).toEqual([{ total: 1 }]);
    expect([released.sharing, detached.sharing]).toEqual(["released", "detached"]);
    expect(() => released.groups).toThrow(/released snapshot/);
  });

  it("copies keep their class, and containers their kind", () => {
    class Visit {
      total = 1;
      double(): number {
        return this.total * 2;
      }
    }
    const { backend, account, snapshot } = backendWith(1);
    account.update(new Visit());
    const map = backend.getState(BY_DAY);
    map.put("monday", new Visit());
    snapshot();
    expect((account.value() as Visit).double()).toBe(2);
    expect((map.get("monday") as unknown as Visit).double()).toBe(2);
    map.put("tuesday", { total: 5 });
    expect([...map.keys()]).toEqual(["monday", "tuesday"]);
  });

  it("what cannot be copied is named where it is got", () => {
    const { account, snapshot } = backendWith(1);
    account.update({ total: 1, callback: () => 1 } as Account);
    snapshot();
    expect(() => account.value()).toThrow(/In state "account": value.callback is a function/);
  });
});
