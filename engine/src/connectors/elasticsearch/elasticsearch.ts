/**
 * A search engine as Elasticsearch: `kind: "elasticsearch"`.
 *
 * Its promises: each action is done whole or not at all, for itself; a bulk is only a parcel of actions, some of which may succeed. There are no
 * transactions. An action on a document with an id can be repeated without harm; one without an id makes a new document every time. What has
 * been written is found by searches after the next refresh. Each document has a version that rises with every change.
 */
import { randomUuid } from "../../base/uuid.ts";
import { CallConditions, numberOf, SystemClient, unknownFault } from "../systems/call-conditions.ts";
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { toPlainValue } from "../log/plain-value.ts";
import { BulkFailed, ItemFailure } from "./elasticsearch-failures.ts";
import { FieldMapping } from "./field-mapping.ts";
import type { ActionRequest, IndexRequest, UpdateRequest } from "./requests.ts";

/** A search cluster of a world. Indices come into being with their first document. */
export interface ElasticsearchDescription extends SystemDescription {
  readonly kind: "elasticsearch";
  /** `index.refresh_interval`; default 1000. */
  readonly refreshIntervalMs?: number;
  /** What each bulk takes; default 0. */
  readonly latencyMs?: number;
}

export interface DocumentOutcome {
  readonly id: string;
  readonly source: unknown;
  /** How often it was written. */
  readonly version: number;
  /** When it was written last, epoch ms. */
  readonly indexedAtMs: number;
  /** When searches could first find this version, epoch ms. */
  readonly visibleAtMs: number;
}

export interface IndexOutcome {
  readonly name: string;
  /** By id. */
  readonly documents: readonly DocumentOutcome[];
}

interface Document extends DocumentOutcome {
  readonly deleted: boolean;
}

interface Index {
  readonly documents: Map<string, Document>;
  readonly mapping: FieldMapping;
}

export class Elasticsearch implements OutsideSystem {
  readonly kind = "elasticsearch";
  readonly name: string;
  private readonly host: SystemHost;
  private readonly conditions: CallConditions;
  private readonly refreshIntervalMs: number;
  private readonly startMs: number;
  private readonly indices = new Map<string, Index>();
  private rejectUntilMs = Number.NEGATIVE_INFINITY;
  private readOnlyUntilMs = Number.NEGATIVE_INFINITY;
  private lostAnswers = 0;

  constructor({ name, refreshIntervalMs, latencyMs }: ElasticsearchDescription, host: SystemHost) {
    this.name = name;
    this.host = host;
    this.conditions = new CallConditions(host.clock, latencyMs ?? 0);
    this.refreshIntervalMs = refreshIntervalMs ?? 1000;
    this.startMs = host.clock.currentMs();
  }

  strike(action: SystemAction): void {
    if (this.conditions.strike(action)) return;
    const nowMs = this.host.clock.currentMs();
    switch (action.what) {
      case "rejectWrites":
        this.rejectUntilMs = nowMs + numberOf(action, "forMs");
        break;
      case "readOnly":
        this.readOnlyUntilMs = nowMs + numberOf(action, "forMs");
        break;
      case "loseAnswers":
        this.lostAnswers = numberOf(action, "count");
        break;
      default:
        throw unknownFault(this.name, action);
    }
  }

  outcome(): { readonly indices: readonly IndexOutcome[] } {
    const indices = [...this.indices].map(([name, { documents }]): IndexOutcome => {
      const present = [...documents.values()].filter(({ deleted }) => !deleted).sort((a, b) => (a.id < b.id ? -1 : 1));
      return { name, documents: present.map(({ deleted: _deleted, ...document }) => document) };
    });
    return { indices };
  }

  client(block?: (durationMs: number) => void): SystemClient {
    return new SystemClient(this.conditions, { block, retryForMs: 0, failure: () => new BulkFailed("Connection refused") });
  }

  /** What a search finds now, by id. */
  search(index: string): readonly unknown[] {
    const nowMs = this.host.clock.currentMs();
    const documents = [...(this.indices.get(index)?.documents.values() ?? [])];
    return documents.filter(({ deleted, visibleAtMs }) => !deleted && visibleAtMs <= nowMs).map(({ source }) => source);
  }

  /**
   * Does the actions one by one; gives what became of each, null = done.
   *
   * @param atMs when the bulk arrives. @throws BulkFailed when the answer is lost; the actions are done all the same.
   */
  bulk(requests: readonly ActionRequest[], atMs: number): readonly (ItemFailure | null)[] {
    const results = requests.map((request) => this.perform(request, atMs));
    this.happened("bulk", { actions: requests.length, failed: results.filter((result) => result !== null).length });
    if (this.lostAnswers === 0) return results;
    this.lostAnswers--;
    throw new BulkFailed("Read timed out");
  }

  private perform(request: ActionRequest, atMs: number): ItemFailure | null {
    const { indexName } = request;
    if (atMs < this.rejectUntilMs) return ItemFailure.rejected(indexName);
    if (atMs < this.readOnlyUntilMs) return ItemFailure.readOnly(indexName);
    const index = this.indexOf(indexName);
    switch (request.kind) {
      case "index":
        return this.put(index, request, atMs);
      case "update":
        return this.update(index, request, atMs);
      case "delete":
        this.delete(index, request.documentId, atMs);
        return null;
    }
  }

  private put(index: Index, request: IndexRequest, atMs: number): ItemFailure | null {
    const id = request.documentId ?? randomUuid(this.host.random);
    const present = index.documents.get(id);
    const { externalVersion } = request;
    if (request.createOnly && present?.deleted === false) return ItemFailure.conflict(id, "document already exists", present.version);
    if (externalVersion !== null && present !== undefined && present.version >= externalVersion) {
      return ItemFailure.conflict(
        id,
        `current version [${present.version}] is higher or equal to the one provided [${externalVersion}]`,
        present.version,
      );
    }
    return this.store(index, id, request.document, externalVersion ?? (present?.version ?? 0) + 1, atMs);
  }

  private update(index: Index, { documentId, fields, upsertDocument }: UpdateRequest, atMs: number): ItemFailure | null {
    const present = index.documents.get(documentId);
    if (present === undefined || present.deleted) {
      return upsertDocument === null
        ? ItemFailure.missing(documentId)
        : this.store(index, documentId, upsertDocument, (present?.version ?? 0) + 1, atMs);
    }
    return this.store(index, documentId, { ...(present.source as object), ...fields }, present.version + 1, atMs);
  }

  private store(index: Index, id: string, document: object, version: number, atMs: number): ItemFailure | null {
    const source = toPlainValue(document);
    const mistake = index.mapping.accept(source);
    if (mistake !== null) return ItemFailure.unmappable(id, mistake);
    index.documents.set(id, { id, source, version, indexedAtMs: atMs, visibleAtMs: this.nextRefreshMs(atMs), deleted: false });
    return null;
  }

  private delete({ documents }: Index, id: string, atMs: number): void {
    const present = documents.get(id);
    if (present === undefined || present.deleted) return;
    const visibleAtMs = this.nextRefreshMs(atMs);
    documents.set(id, { id, source: null, version: present.version + 1, indexedAtMs: atMs, visibleAtMs, deleted: true });
  }

  private nextRefreshMs(atMs: number): number {
    if (this.refreshIntervalMs <= 0) return Number.POSITIVE_INFINITY;
    return this.startMs + (Math.floor((atMs - this.startMs) / this.refreshIntervalMs) + 1) * this.refreshIntervalMs;
  }

  private indexOf(name: string): Index {
    let index = this.indices.get(name);
    if (index === undefined) {
      index = { documents: new Map(), mapping: new FieldMapping() };
      this.indices.set(name, index);
    }
    return index;
  }

  private happened(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.host.observer.systemEvent(this, what, detail);
  }
}

export const ELASTICSEARCH_FACTORY: SystemFactory<ElasticsearchDescription> = {
  kind: "elasticsearch",
  create: (description, host) => new Elasticsearch(description, host),
};
