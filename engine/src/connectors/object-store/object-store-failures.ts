/** What an object store answers when it does not do what it was asked: failures of the simulated world, under S3's codes. */
export abstract class ObjectStoreFailure extends Error {
  abstract readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(`${message} (Service: S3, Status Code: ${status})`);
    this.name = name;
    this.status = status;
  }
}

export class NoSuchBucket extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_NO_SUCH_BUCKET";

  constructor(bucket: string) {
    super("NoSuchBucket", 404, `The specified bucket does not exist: ${bucket}`);
  }
}

export class NoSuchKey extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_NO_SUCH_KEY";

  constructor(bucket: string, key: string) {
    super("NoSuchKey", 404, `The specified key does not exist: ${bucket}/${key}`);
  }
}

/** The upload was completed, aborted, or removed by the bucket's lifecycle rule. */
export class NoSuchUpload extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_NO_SUCH_UPLOAD";

  constructor(uploadId: string) {
    super(
      "NoSuchUpload",
      404,
      `The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed: ${uploadId}`,
    );
  }
}

/** A part that was named is not there, or is another one. */
export class InvalidPart extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_INVALID_PART";

  constructor(partNumber: number) {
    super("InvalidPart", 400, `One or more of the specified parts could not be found: part ${partNumber}`);
  }
}

/** All parts but the last need a minimum size. */
export class EntityTooSmall extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_ENTITY_TOO_SMALL";

  constructor(partNumber: number, bytes: number, minBytes: number) {
    super(
      "EntityTooSmall",
      400,
      `Your proposed upload is smaller than the minimum allowed size: part ${partNumber} has ${bytes} bytes, not ${minBytes}`,
    );
  }
}

/** A conditional request met another state than it named: somebody else was first. */
export class PreconditionFailed extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_PRECONDITION_FAILED";

  constructor(key: string) {
    super("PreconditionFailed", 412, `At least one of the pre-conditions you specified did not hold: ${key}`);
  }
}

/** Too many requests, for longer than the client tries again. */
export class SlowDown extends ObjectStoreFailure {
  readonly code = "OBJECT_STORE_SLOW_DOWN";

  constructor() {
    super("SlowDown", 503, "Please reduce your request rate.");
  }
}
