import { describe, expect, it } from "vitest";
import { ObjectStore, type ObjectStoreDescription } from "../../../src/connectors/object-store/object-store.ts";
import { systemKit } from "../system-kit.ts";

function store(more: Partial<ObjectStoreDescription> = {}) {
  const kit = systemKit({ kind: "objectStore", name: "s3", buckets: ["b"], minPartBytes: 3, ...more } as ObjectStoreDescription);
  return { ...kit, s3: kit.systems.get("s3", ObjectStore) };
}

const codeOf = (action: () => unknown) => {
  try {
    action();
    return "fine";
  } catch (failure) {
    return (failure as { readonly code: string }).code;
  }
};

describe("OBJ-1: objects", () => {
  it("are there whole as soon as the put has returned, for reads and lists", () => {
    const { s3, clock } = store();
    s3.put("b", "dir/x", "1");
    clock.advanceTo(5);
    s3.put("b", "dir/x", "two");
    expect(s3.get("b", "dir/x")).toMatchObject({ content: "two", bytes: 3, visibleAtMs: 5 });
    s3.put("b", "dir/a", "");
    expect(s3.list("b", "dir/")).toEqual(["dir/a", "dir/x"]);
    s3.delete("b", "dir/x");
    s3.delete("b", "dir/x");
    expect(s3.head("b", "dir/x")).toBeNull();
  });

  it.each<[string, (s3: ObjectStore) => unknown, string]>([
    ["get of nothing", (s3) => s3.get("b", "no"), "OBJECT_STORE_NO_SUCH_KEY"],
    ["another bucket", (s3) => s3.put("c", "x", ""), "OBJECT_STORE_NO_SUCH_BUCKET"],
    ["If-None-Match where something is", (s3) => s3.put("b", "x", "2", { ifNoneMatch: true }), "OBJECT_STORE_PRECONDITION_FAILED"],
    ["If-None-Match where nothing is", (s3) => s3.put("b", "y", "2", { ifNoneMatch: true }), "fine"],
    ["If-Match of what is there", (s3) => s3.put("b", "x", "2", { ifMatch: s3.get("b", "x").etag }), "fine"],
    [
      "If-Match of what was there",
      (s3) => {
        const { etag } = s3.get("b", "x");
        s3.put("b", "x", "1");
        s3.put("b", "x", "2", { ifMatch: etag });
      },
      "OBJECT_STORE_PRECONDITION_FAILED",
    ],
    ["If-Match where nothing is", (s3) => s3.put("b", "y", "2", { ifMatch: '"1"' }), "OBJECT_STORE_PRECONDITION_FAILED"],
  ])("OBJ-2: %s", (_name, action, expected) => {
    const { s3 } = store();
    s3.put("b", "x", "1");
    expect(codeOf(() => action(s3))).toBe(expected);
  });
});

describe("OBJ-3: multipart uploads", () => {
  const upload = (more: Partial<ObjectStoreDescription> = {}) => {
    const kit = store(more);
    kit.s3.createMultipartUpload("b", "big", "u1");
    const parts = ["aaa", "bbb", "c"].map((content, index) => ({
      partNumber: index + 1,
      etag: kit.s3.uploadPart("u1", index + 1, content),
    }));
    return { ...kit, parts };
  };

  it("are invisible until they are completed, and then gone", () => {
    const { s3, parts, clock } = upload();
    expect(s3.list("b", "")).toEqual([]);
    expect(s3.outcome().buckets[0].uploads).toEqual([{ key: "big", uploadId: "u1", startedAtMs: 0, parts: 3, bytes: 7 }]);
    clock.advanceTo(9);
    s3.completeMultipartUpload("u1", parts);
    expect(s3.get("b", "big")).toMatchObject({ content: "aaabbbc", visibleAtMs: 9 });
    expect(codeOf(() => s3.completeMultipartUpload("u1", parts))).toBe("OBJECT_STORE_NO_SUCH_UPLOAD");
  });

  it("a part that is uploaded again replaces the first; the old ETag is no longer valid", () => {
    const { s3, parts } = upload();
    const etag = s3.uploadPart("u1", 2, "BBB");
    expect(codeOf(() => s3.completeMultipartUpload("u1", parts))).toBe("OBJECT_STORE_INVALID_PART");
    s3.completeMultipartUpload("u1", [parts[0], { partNumber: 2, etag }]);
    expect(s3.get("b", "big").content).toBe("aaaBBB");
  });

  it("all parts but the last need their minimum size", () => {
    const { s3, parts } = upload();
    expect(codeOf(() => s3.completeMultipartUpload("u1", [parts[2], parts[0]]))).toBe("OBJECT_STORE_ENTITY_TOO_SMALL");
  });

  it("a lifecycle rule removes old ones", () => {
    const { s3, parts, clock } = upload({ abortIncompleteUploadsAfterMs: 1000 });
    clock.advanceTo(1000);
    expect(codeOf(() => s3.completeMultipartUpload("u1", parts))).toBe("OBJECT_STORE_NO_SUCH_UPLOAD");
  });
});

describe("OBJ-4: requests", () => {
  it("take their time one after the other, and wait while the store throttles, up to the client's patience", () => {
    const { s3, clock } = store({ latencyMs: 10 });
    const spent: number[] = [];
    const client = s3.client((durationMs) => spent.push(durationMs));
    client.call();
    s3.strike({ what: "slow", latencyMs: 100, forMs: 50 });
    client.call();
    s3.strike({ what: "unavailable", forMs: 2000 });
    client.call();
    expect(spent).toEqual([10, 100, 1890 + 10]);
    clock.advanceTo(5000);
    s3.strike({ what: "unavailable", forMs: 20_001 });
    expect(() => client.call()).toThrow("Please reduce your request rate. (Service: S3, Status Code: 503)");
    expect(spent[3]).toBe(20_000);
  });

  it("an unknown fault is refused", () => {
    expect(() => store().s3.strike({ what: "explode" })).toThrow('"s3" knows no fault "explode".');
    expect(() => store().s3.strike({ what: "slow" })).toThrow('The fault "slow" needs a number "latencyMs".');
  });
});
