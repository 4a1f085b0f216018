import { describe, expect, it, vi } from "vitest";
import { Elasticsearch, type ElasticsearchDescription } from "../../../src/connectors/elasticsearch/elasticsearch.ts";
import {
  type ActionRequest,
  DeleteRequest,
  Elasticsearch7SinkBuilder,
  type FlushBackoffType,
  HttpHost,
  IndexRequest,
  Requests,
  UpdateRequest,
} from "../../../src/index.ts";
import { type Fault, type IndexOutcome, type RunOutcome, runWorld } from "../../../src/sim.ts";
import {
  checkpointed,
  contentsOf,
  drawCrashes,
  finished,
  type Order,
  ordersOf,
  orderWorld,
  program,
  START_MS,
  upTo,
} from "../files/file-jobs.ts";
import { systemKit } from "../system-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const SEARCH: ElasticsearchDescription = { kind: "elasticsearch", name: "search" };

function cluster() {
  const kit = systemKit(SEARCH);
  return { ...kit, search: kit.systems.get("search", Elasticsearch) };
}

describe("ES-1: documents", () => {
  const index = (id?: string) => (id === undefined ? new IndexRequest("i") : new IndexRequest("i").id(id));

  it.each<[string, readonly ActionRequest[], readonly (number | null)[], Record<string, unknown>]>([
    ["an id makes it the same document", [index("a").source({ n: 1 }), index("a").source({ n: 2 })], [null, null], { a: { n: 2 } }],
    [
      "create of what is there conflicts",
      [index("a").source({ n: 1 }), index("a").source({ n: 2 }).opType("create")],
      [null, 409],
      { a: { n: 1 } },
    ],
    [
      "create after a delete",
      [index("a").source({ n: 1 }), new DeleteRequest("i", "a"), index("a").source({ n: 2 }).opType("create")],
      [null, null, null],
      { a: { n: 2 } },
    ],
    [
      "an external version must rise",
      [index("a").version(5).source({ n: 5 }), index("a").version(5).source({ n: 6 }), index("a").version(4).source({ n: 4 })],
      [null, 409, 409],
      { a: { n: 5 } },
    ],
    [
      "an external version holds after a delete",
      [index("a").version(5).source({ n: 5 }), new DeleteRequest("i", "a"), index("a").version(6).source({ n: 6 })],
      [null, null, 409],
      {},
    ],
    [
      "update changes fields",
      [index("a").source({ n: 1, m: 1 }), new UpdateRequest("i", "a").doc({ n: 2 })],
      [null, null],
      { a: { n: 2, m: 1 } },
    ],
    ["update of nothing", [new UpdateRequest("i", "a").doc({ n: 2 })], [404], {}],
    ["upsert of nothing", [new UpdateRequest("i", "a").doc({ n: 2 }).upsert({ n: 0 })], [null], { a: { n: 0 } }],
    ["delete of nothing is fine", [new DeleteRequest("i", "a")], [null], {}],
    [
      "a text in a field of numbers",
      [index("a").source({ n: 1 }), index("b").source({ n: "many" }), index("c").source({ n: "7" })],
      [null, 400, null],
      { a: { n: 1 }, c: { n: "7" } },
    ],
    ["an object in a field of texts", [index("a").source({ t: "x" }), index("b").source({ t: { u: 1 } })], [null, 400], { a: { t: "x" } }],
  ])("%s", (_name, requests, statuses, expected) => {
    const { search } = cluster();
    expect(search.bulk(requests, 0).map((failure) => failure?.status ?? null)).toEqual(statuses);
    expect(Object.fromEntries(search.outcome().indices[0].documents.map(({ id, source }) => [id, source]))).toEqual(expected);
  });

  it("without an id every one is new", () => {
    const { search } = cluster();
    search.bulk([index().source({ n: 1 }), index().source({ n: 1 })], 0);
    expect(search.outcome().indices[0].documents).toHaveLength(2);
  });

  it("ES-2: searches find it after the next refresh", () => {
    const { search, clock } = cluster();
    clock.advanceTo(1400);
    search.bulk([index("a").source({ n: 1 })], 1400);
    expect(search.search("i")).toEqual([]);
    clock.advanceTo(2000);
    expect(search.search("i")).toEqual([{ n: 1 }]);
    expect(search.outcome().indices[0].documents[0]).toMatchObject({ version: 1, indexedAtMs: 1400, visibleAtMs: 2000 });
  });
});

interface JobSettings {
  readonly ids?: boolean;
  readonly guarantee?: "NONE" | "AT_LEAST_ONCE";
  readonly backoff?: FlushBackoffType;
  readonly maxActions?: number;
  readonly intervalMs?: number;
}

function searchJob({ ids = true, guarantee = "AT_LEAST_ONCE", backoff = "NONE", maxActions = 5, intervalMs = -1 }: JobSettings = {}) {
  return program((env) => {
    checkpointed(env);
    const sink = new Elasticsearch7SinkBuilder<Order>()
      .setHosts(new HttpHost("search", 9200, "http"))
      .setBulkFlushMaxActions(maxActions)
      .setBulkFlushInterval(intervalMs)
      .setBulkFlushBackoffStrategy(backoff, 5, 1000)
      .setDeliveryGuarantee(guarantee)
      .setEmitter((order, _context, indexer) => {
        const request = Requests.indexRequest("orders").source(order);
        indexer.add(ids ? request.id(order.id) : request);
      })
      .build();
    ordersOf(env).rebalance().sinkTo(sink);
  });
}

function documents(outcome: RunOutcome): number[] {
  const { indices } = contentsOf<{ readonly indices: readonly IndexOutcome[] }>(finished(outcome), "search");
  return (indices[0]?.documents ?? []).map(({ source }) => (source as Order).id).sort((a, b) => a - b);
}

const strike = (action: { readonly what: string; readonly [parameter: string]: unknown }): Fault => ({
  kind: "system",
  system: "search",
  action,
  when: { kind: "atMs", atMs: START_MS + 2300 },
});

describe("ES-3: ElasticsearchSink", () => {
  it("with ids gives each document once, without ids at least once, on 40 seeds of crashes", () => {
    let twice = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const world = orderWorld([SEARCH], { seed, faults: drawCrashes(seed) });
      expect(documents(runWorld(searchJob(), world)), `seed ${seed}`).toEqual(upTo(60));
      const found = documents(runWorld(searchJob({ ids: false }), world));
      expect([...new Set(found)], `seed ${seed}`).toEqual(upTo(60));
      twice += found.length - 60;
    }
    expect(twice).toBeGreaterThan(20);
  });

  it("NONE loses what is gathered when the job dies", () => {
    let lost = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const world = orderWorld([SEARCH], { seed, faults: drawCrashes(seed) });
      lost += 60 - documents(runWorld(searchJob({ guarantee: "NONE", maxActions: 50 }), world)).length;
    }
    expect(lost).toBeGreaterThan(0);
  });

  it("sends by number, by time and at checkpoints", () => {
    const bulks = (settings: JobSettings) =>
      finished(runWorld(searchJob(settings), orderWorld([SEARCH], { parallelism: 1 }), { record: true })).recording?.events.filter(
        (event) => event.kind === "system" && event.what === "bulk",
      ).length ?? 0;
    expect(bulks({ maxActions: 1 })).toBe(60);
    expect(bulks({ maxActions: -1, intervalMs: 300 })).toBeGreaterThan(14);
    expect(bulks({ maxActions: -1 })).toBeLessThan(9);
  });

  it("EXACTLY_ONCE is refused", () => {
    expect(() => new Elasticsearch7SinkBuilder<Order>().setDeliveryGuarantee("EXACTLY_ONCE")).toThrow(
      "does not support the EXACTLY_ONCE guarantee",
    );
    expect(() => new Elasticsearch7SinkBuilder<Order>().setEmitter(() => {}).build()).toThrow("Hosts cannot be empty");
  });
});

describe("ES-4: a cluster that fails", () => {
  it.each<[string, FlushBackoffType, number]>([
    ["rejections fail the job without a backoff", "NONE", 1],
    ["are tried again with a constant one", "CONSTANT", 0],
    ["are tried again with an exponential one", "EXPONENTIAL", 0],
  ])("%s", (_name, backoff, leastRestarts) => {
    const outcome = runWorld(searchJob({ backoff }), orderWorld([SEARCH], { faults: [strike({ what: "rejectWrites", forMs: 2500 })] }));
    expect(documents(outcome)).toEqual(upTo(60));
    expect(leastRestarts === 0 ? outcome.restarts === 0 : outcome.restarts >= leastRestarts).toBe(true);
  });

  it("a lost answer fails the job; without ids what was done is done twice", () => {
    const world = orderWorld([SEARCH], { faults: [strike({ what: "loseAnswers", count: 1 })] });
    expect(documents(runWorld(searchJob(), world))).toEqual(upTo(60));
    expect(documents(runWorld(searchJob({ ids: false }), world)).length).toBeGreaterThan(60);
  });

  it.each([
    ["readOnly", "flood-stage watermark"],
    ["unavailable", "Connection refused"],
  ])("%s fails it until it is over", (what, message) => {
    const outcome = runWorld(searchJob(), orderWorld([SEARCH], { faults: [strike({ what, forMs: 1000 })] }), { record: true });
    expect(documents(outcome)).toEqual(upTo(60));
    expect(outcome.recording?.events.find((event) => event.kind === "job" && event.what === "failing")).toMatchObject({
      reason: expect.stringContaining(message),
    });
  });
});
