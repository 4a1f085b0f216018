/** What the states of one backend share: the current key as bytes, the shapes of their values, the block cache, counters. */
import { keyGroupOf } from "../../base/key-groups.ts";
import type { MapKey } from "../../base/canonical-key.ts";
import { ByteWriter } from "../../types/byte-buffer.ts";
import { ShapedReader, writeShaped } from "../../types/shaped-codec.ts";
import { ValueShapes } from "../../types/value-shapes.ts";
import type { KeyContext } from "../key-context.ts";
import { noKeySet } from "../state-mistakes.ts";
import { BlockCache } from "./block-cache.ts";
import { AddressReader, writeKey } from "./key-codec.ts";
import { LsmCounters } from "./lsm-counters.ts";
import type { LsmOptions } from "./lsm-options.ts";

export class LsmStore {
  readonly options: LsmOptions;
  readonly shapes = new ValueShapes();
  readonly cache: BlockCache;
  readonly counters = new LsmCounters();
  readonly reader = new ShapedReader(this.shapes);
  readonly addresses = new AddressReader(this.shapes);
  /** An address that is being put together. */
  readonly key = new ByteWriter();
  /** A value that is being put together. */
  readonly value = new ByteWriter();
  private readonly keyContext: KeyContext;
  private readonly maxParallelism: number;
  private writtenMapKey: MapKey = null;
  private prefixLength = 0;

  constructor(options: LsmOptions, keyContext: KeyContext, maxParallelism: number) {
    this.options = options;
    this.cache = new BlockCache(options.blockCacheBytes, options.blockBytes);
    this.keyContext = keyContext;
    this.maxParallelism = maxParallelism;
  }

  /** Leaves the address of the current key in a namespace in `key`. @throws Diagnostic STATE_WITHOUT_CURRENT_KEY */
  pointAt(stateName: string, namespace: Uint8Array): void {
    const { key, keyContext } = this;
    if (keyContext.currentKey === undefined) throw noKeySet(stateName);
    if (keyContext.currentMapKey !== this.writtenMapKey) {
      this.writeAddress(keyContext.currentKey);
      this.writtenMapKey = keyContext.currentMapKey;
      this.prefixLength = key.length;
    }
    key.truncate(this.prefixLength);
    if (namespace.length === 1) key.byte(namespace[0]);
    else key.raw(namespace);
  }

  /** For writing addresses into `key` that are not of the current key. */
  beginAddress(): ByteWriter {
    this.writtenMapKey = null;
    this.key.truncate(0);
    return this.key;
  }

  /** Leaves the address of some key, without a namespace, in `key`. */
  pointAtKey(key: unknown): void {
    this.writtenMapKey = null;
    this.writeAddress(key);
  }

  /** Begins a value; with time to live its last touch comes first. */
  beginValue(lastAccessMs: number | undefined): ByteWriter {
    this.value.truncate(0);
    if (lastAccessMs !== undefined) this.value.double(lastAccessMs);
    return this.value;
  }

  writeValue(value: unknown): void {
    writeShaped(this.value, this.shapes, value);
  }

  private writeAddress(key: unknown): void {
    const group = keyGroupOf(key, this.maxParallelism);
    this.key.truncate(0);
    this.key.byte(group >>> 8);
    this.key.byte(group & 0xff);
    writeKey(this.key, this.shapes, key);
  }
}
