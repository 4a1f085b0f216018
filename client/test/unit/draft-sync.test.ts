import type { Draft, DraftBody } from "@millrace/server/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DraftApi } from "../../src/api/drafts.ts";
import { ApiFailure } from "../../src/api/failure.ts";
import { DraftSync } from "../../src/state/draft-sync.svelte.ts";
import { Drafts } from "../../src/state/drafts.ts";
import { memoryStore } from "../../src/state/storage.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Drafts as the server keeps them: the last writer wins, and gets back what was written by somebody who did not know of it. */
class ServerOfDrafts implements DraftApi {
  readonly kept = new Map<string, Draft>();
  readonly calls: string[] = [];
  failure: ApiFailure | null = null;

  async list(): Promise<readonly Draft[]> {
    this.#answer("list");
    return [...this.kept.values()];
  }

  async save(_problem: string, file: string, { text, baseRevision, unlessChanged }: DraftBody) {
    this.#answer(`save ${file}`);
    const before = this.kept.get(file) ?? null;
    const isOther = before !== null && before.revision !== baseRevision && before.text !== text;
    if (isOther && unlessChanged === true) throw new ApiFailure(409, "DRAFT_CHANGED", "Changed.");
    const draft = { file, text, revision: (before?.revision ?? 0) + 1, savedAtMs: this.calls.length };
    this.kept.set(file, draft);
    return { revision: draft.revision, savedAtMs: draft.savedAtMs, overwritten: isOther ? before : null };
  }

  async remove(_problem: string, file: string): Promise<void> {
    this.#answer(`remove ${file}`);
    this.kept.delete(file);
  }

  #answer(call: string): void {
    this.calls.push(call);
    if (this.failure !== null) throw this.failure;
  }
}

/** A browser with its own store. */
function machine(api: DraftApi) {
  const store = memoryStore();
  const drafts = new Drafts(store);
  const adopted: string[] = [];
  const open = () =>
    new DraftSync({
      api,
      store,
      problem: "p",
      files: ["sql", "functions"],
      adopted: (file, text) => {
        drafts.write("p", file, text);
        adopted.push(`${file}: ${text}`);
      },
    });
  let sync = open();
  return {
    adopted,
    get sync() {
      return sync;
    },
    read: () => drafts.read("p", "sql"),
    type(text: string) {
      drafts.write("p", "sql", text);
      sync.changed("sql");
    },
    /** The page is opened anew. */
    async reopen() {
      sync.leave();
      await vi.advanceTimersByTimeAsync(1);
      sync = open();
      await sync.start();
    },
    settle: () => vi.advanceTimersByTimeAsync(10_000),
  };
}

const away = new ApiFailure(503, "SERVER_STATUS", "Away.");

describe("texts on two machines", () => {
  it("what is typed is sent once, a moment after the last key", async () => {
    const server = new ServerOfDrafts();
    const one = machine(server);
    await one.sync.start();
    for (const text of ["S", "SE", "SEL"]) one.type(text);
    expect(server.calls).toEqual(["list"]);
    await one.settle();
    expect(server.calls).toEqual(["list", "save sql"]);
    expect(server.kept.get("sql")).toMatchObject({ text: "SEL", revision: 1 });
    expect(one.sync.isHereOnly).toBe(false);
  });

  it("the other machine goes on with it, and back", async () => {
    const server = new ServerOfDrafts();
    const [one, two] = [machine(server), machine(server)];
    one.type("first");
    await one.settle();
    await two.sync.start();
    expect(two.adopted).toEqual(["sql: first"]);
    two.type("first, then second");
    await two.settle();
    await one.reopen();
    expect(one.read()).toBe("first, then second");
    expect([one.sync.other, two.sync.other]).toEqual([null, null]);
  });

  it("never takes a text away that the server does not have: both are kept, and one can choose", async () => {
    const server = new ServerOfDrafts();
    const [one, two] = [machine(server), machine(server)];
    one.type("base");
    await one.settle();
    await two.sync.start();
    server.failure = away;
    one.type("mine, written in a train");
    await one.settle();
    expect(one.sync.isHereOnly).toBe(true);
    server.failure = null;
    two.type("theirs");
    await two.settle();
    await one.reopen();
    await one.settle();
    expect(one.read()).toBe("mine, written in a train");
    expect(one.sync.other).toMatchObject({ file: "sql", text: "theirs" });
    one.sync.takeOther();
    await one.settle();
    expect([one.read(), server.kept.get("sql")?.text, one.sync.other]).toEqual(["theirs", "theirs", null]);
  });

  it("a server that is away gets it when it is back, and is not asked all the time", async () => {
    const server = new ServerOfDrafts();
    const one = machine(server);
    server.failure = away;
    one.type("text");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.calls.length).toBeLessThan(8);
    expect([one.sync.isHereOnly, one.sync.refusal]).toEqual([true, null]);
    server.failure = null;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(server.kept.get("sql")?.text).toBe("text");
    expect(one.sync.isHereOnly).toBe(false);
  });

  it("says why the server does not take it", async () => {
    const server = new ServerOfDrafts();
    const one = machine(server);
    server.failure = new ApiFailure(409, "DRAFTS_FULL", "There is no room for more drafts.");
    one.type("text");
    await one.settle();
    expect(one.sync.refusal).toContain("no room");
    expect(one.read()).toBe("text");
  });

  it("sends what is left when the page goes, and what was reset is gone on both", async () => {
    const server = new ServerOfDrafts();
    const one = machine(server);
    one.type("almost");
    one.sync.leave();
    await vi.advanceTimersByTimeAsync(1);
    expect(server.kept.get("sql")?.text).toBe("almost");
    one.sync.removed("sql");
    expect([server.kept.size, server.calls.at(-1)]).toEqual([0, "remove sql"]);
    one.sync.removed("sql");
    expect(server.calls.filter((call) => call.startsWith("remove"))).toHaveLength(1);
  });

  it("a text from before texts were kept on the server is sent, and what is remembered wrongly does no harm", async () => {
    const server = new ServerOfDrafts();
    const store = memoryStore();
    new Drafts(store).write("p", "sql", "old");
    store.set("synced.p.sql", "{broken");
    const sync = new DraftSync({ api: server, store, problem: "p", files: ["sql"], adopted: () => undefined });
    await sync.start();
    expect(server.kept.get("sql")?.text).toBe("old");
  });
});
