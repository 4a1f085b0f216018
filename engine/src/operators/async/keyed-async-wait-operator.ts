/**
 * The async operator that keeps the order of each key only (Flink: `TableKeyedAsyncWaitOperator`). A record is asked for when the one before it of the
 * same key has its answer; records of different keys overtake each other between two watermarks.
 *
 * The queue is the unordered one: it keeps watermarks where they are, and completion within a key is in order because the requests are. Records that
 * wait for their key have their place in it, so they count for the capacity; watermarks do not. With capacity 4, a record a1 under way, and b1, a2, a3
 * behind it: b1 is asked for at once, a2 when a1 is answered, and a fifth record waits in front of the queue although only two requests are out.
 *
 * What is under way is keyed state. Restored records are asked for in the order of the watermarks that they came behind; those watermarks are not
 * emitted again, the input's next one does for them.
 */
import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";
import { invariant } from "../../base/invariant.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import type { AsyncFunction } from "../../flow/async-functions.ts";
import type { KeySelector, OperatorContext } from "../../flow/operator.ts";
import { ListStateDescriptor } from "../../state/descriptors.ts";
import { VOID_NAMESPACE } from "../../state/namespace.ts";
import type { ListState } from "../../state/state.ts";
import { AsyncWaitOperator } from "./async-wait-operator.ts";
import { isStoredWatermark, type RecordEntry, type StoredElement, type StoredRecord } from "./stream-element-queue.ts";

export interface KeyedAsyncWaitSettings {
  /** From the request to its results, in milliseconds; 0 = no timeout. */
  readonly timeoutMs: number;
  /** Most records in the operator, asked for or not. */
  readonly capacity: number;
  /** As in `AsyncWaitSettings`. */
  readonly useOperator?: (context: OperatorContext) => void;
}

interface KeyedRecord extends StoredRecord {
  /** The last watermark before it. */
  readonly epochMs: number;
}

const IN_FLIGHT = new ListStateDescriptor<KeyedRecord>("_keyed_async_wait_operator_state_");

interface Blocked {
  readonly record: StoredRecord;
  readonly entry: RecordEntry;
}

export class KeyedAsyncWaitOperator<IN, OUT> extends AsyncWaitOperator<IN, OUT> {
  /** Keys that a request is under way for, with what waits for its answer. */
  private readonly busy = new Map<MapKey, Blocked[]>();
  private keyOf!: KeySelector;
  /** The last watermark that has left. */
  private emittedMs = MIN_TIMESTAMP;

  constructor(asyncFunction: AsyncFunction<IN, OUT>, settings: KeyedAsyncWaitSettings) {
    super(asyncFunction, { ...settings, outputMode: "UNORDERED", retryStrategy: undefined });
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    const [keyOf] = context.keySelectors;
    invariant(keyOf !== undefined, "an operator that orders by key has a key");
    this.keyOf = keyOf;
  }

  protected override restoreElements(): readonly StoredElement[] {
    const records = this.storedKeys().flatMap((key) => [...this.stateOf(key).get()]);
    return records.sort((a, b) => a.epochMs - b.epochMs).map(({ value, timestampMs }) => ({ value, timestampMs }));
  }

  protected override storeElements(elements: readonly StoredElement[]): void {
    const ofKeys = new Map<MapKey, { readonly key: unknown; readonly records: KeyedRecord[] }>();
    let epochMs = this.emittedMs;
    for (const element of elements) {
      if (isStoredWatermark(element)) {
        epochMs = element.watermarkMs;
        continue;
      }
      const { keyOf } = this;
      const key = keyOf(element.value);
      const same = ofKeys.get(canonicalKey(key));
      const record = { ...element, epochMs };
      if (same === undefined) ofKeys.set(canonicalKey(key), { key, records: [record] });
      else same.records.push(record);
    }
    for (const key of this.storedKeys()) if (!ofKeys.has(canonicalKey(key))) this.stateOf(key).clear();
    for (const { key, records } of ofKeys.values()) this.stateOf(key).update(records);
  }

  protected override hasRoomFor(element: StoredElement): boolean {
    return isStoredWatermark(element) || this.queue.records < this.capacity;
  }

  protected override watermarkEmitted(timestampMs: number): void {
    this.emittedMs = timestampMs;
  }

  protected override request(record: StoredRecord, entry: RecordEntry): void {
    const { keyOf } = this;
    const key = canonicalKey(keyOf(record.value));
    const blocked = this.busy.get(key);
    if (blocked !== undefined) {
      blocked.push({ record, entry });
      return;
    }
    this.busy.set(key, []);
    this.requestFor(key, { record, entry });
  }

  private requestFor(key: MapKey, { record, entry }: Blocked): void {
    super.request(record, {
      complete: (results) => {
        entry.complete(results);
        this.release(key);
      },
    });
  }

  private release(key: MapKey): void {
    const next = this.busy.get(key)?.shift();
    if (next === undefined) this.busy.delete(key);
    else this.requestFor(key, next);
  }

  private storedKeys(): unknown[] {
    invariant(this.keyedStateBackend !== undefined, "an operator that orders by key keeps its state by key");
    this.getKeyedState(IN_FLIGHT);
    return this.keyedStateBackend.keysOf(IN_FLIGHT.name, VOID_NAMESPACE);
  }

  private stateOf(key: unknown): ListState<KeyedRecord> {
    this.keyedStateBackend!.setCurrentKey(key);
    return this.getKeyedState(IN_FLIGHT);
  }
}
