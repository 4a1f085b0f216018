/** What an index is asked to do, under the names of Elasticsearch's Java client. */

/** One action of a bulk. (Flink: docs/connectors/datastream/elasticsearch) */
export type ActionRequest = IndexRequest | UpdateRequest | DeleteRequest;

/**
 * Puts a document in place of the one with its id. Without an id it is a new document each time it is sent.
 * (Flink: docs/connectors/datastream/elasticsearch)
 */
export class IndexRequest {
  /** Tells the kinds of requests apart. */
  readonly kind = "index";
  /** Where the document goes. */
  indexName: string;
  /** Its id; null = Elasticsearch makes one up. */
  documentId: string | null = null;
  /** The document. */
  document: object = {};
  /** It must not be there yet. */
  createOnly = false;
  /** External version, which must be higher than the one that is there; null = none. */
  externalVersion: number | null = null;

  /** A request for this index. */
  constructor(index = "") {
    this.indexName = index;
  }

  /** The index. */
  index(index: string): this {
    this.indexName = index;
    return this;
  }

  /** The document's id; sent again with the same id it changes nothing. */
  id(id: string | number): this {
    this.documentId = String(id);
    return this;
  }

  /** The document: a plain object. */
  source(source: object): this {
    this.document = source;
    return this;
  }

  /** `opType("create")`: refused with a version conflict when there is a document with this id. */
  opType(opType: "index" | "create"): this {
    this.createOnly = opType === "create";
    return this;
  }

  /** A version of the program's own (`version_type: external`): refused with a version conflict when the document has this one or a higher. */
  version(version: number): this {
    this.externalVersion = version;
    return this;
  }
}

/** Changes some fields of a document. (Flink: docs/connectors/datastream/elasticsearch) */
export class UpdateRequest {
  /** Tells the kinds of requests apart. */
  readonly kind = "update";
  /** Where the document is. */
  readonly indexName: string;
  /** Its id. */
  readonly documentId: string;
  /** The fields to change. */
  fields: object = {};
  /** What is written when there is no such document; null = refused. */
  upsertDocument: object | null = null;

  /** A request for this document. */
  constructor(index: string, id: string | number) {
    this.indexName = index;
    this.documentId = String(id);
  }

  /** The fields to change. */
  doc(fields: object): this {
    this.fields = fields;
    return this;
  }

  /** What is written when there is no such document. */
  upsert(document: object): this {
    this.upsertDocument = document;
    return this;
  }
}

/** Deletes a document; one that is not there is no error. (Flink: docs/connectors/datastream/elasticsearch) */
export class DeleteRequest {
  /** Tells the kinds of requests apart. */
  readonly kind = "delete";
  /** Where the document is. */
  readonly indexName: string;
  /** Its id. */
  readonly documentId: string;

  /** A request for this document. */
  constructor(index: string, id: string | number) {
    this.indexName = index;
    this.documentId = String(id);
  }
}

/** Makes requests. (Flink: docs/connectors/datastream/elasticsearch) */
export const Requests = {
  /** Puts a document. */
  indexRequest(index?: string): IndexRequest {
    return new IndexRequest(index);
  },
  /** Deletes a document. */
  deleteRequest(index: string, id: string | number): DeleteRequest {
    return new DeleteRequest(index, id);
  },
};
