/**
 * Elements in flight that belong to an unaligned checkpoint (Flink: `InputChannelStateHandle`, `ResultSubpartitionStateHandle`). Plain data
 * that nobody changes afterwards: values are copies.
 */
import { copyValue, serializedSize } from "../../types/value-codec.ts";
import { BARE_RECORD, type Channel, RECORD, STATUS, WATERMARK } from "../channel.ts";

/** Records, watermarks and statuses; see channel.ts for what the fields say. Barriers and the end of data are never state. */
export interface InFlightElement {
  readonly kind: number;
  readonly value: unknown;
  readonly number: number;
}

/** What one of the two ends of a channel had of it. */
export interface ChannelState {
  /** The edge, as the job graph knows it after a change too: the operator that reads it, and which of its inputs. */
  readonly targetId: string;
  readonly inputIndex: number;
  /** input = the receiver had it in its buffers, output = the sender in its own. */
  readonly place: "input" | "output";
  readonly sender: number;
  readonly receiver: number;
  /** Parallelism of both ends. */
  readonly senders: number;
  readonly receivers: number;
  readonly elements: readonly InFlightElement[];
}

/** Length, tag and timestamp of a record in a buffer. */
const RECORD_OVERHEAD_BYTES = 13;
const BARE_RECORD_OVERHEAD_BYTES = 5;
const WATERMARK_BYTES = 13;
const STATUS_BYTES = 9;

/** A copy of the element at a place in a channel; null for barriers and ends. */
export function inFlightElementAt(channel: Channel, index: number): InFlightElement | null {
  const kind = channel.kindAt(index);
  if (kind > STATUS) return null;
  const value = kind <= BARE_RECORD ? copyValue(channel.valueAt(index)) : undefined;
  return { kind, value, number: channel.numberAt(index) };
}

/** Serialized size of the element at a place in a channel; 0 for barriers and ends. */
export function elementBytesAt(channel: Channel, index: number): number {
  const kind = channel.kindAt(index);
  return kind > STATUS ? 0 : elementBytes({ kind, value: channel.valueAt(index), number: channel.numberAt(index) });
}

/** Serialized size. */
export function channelStateBytes(states: readonly ChannelState[]): number {
  let bytes = 0;
  for (const { elements } of states) for (const element of elements) bytes += elementBytes(element);
  return bytes;
}

function elementBytes({ kind, value }: InFlightElement): number {
  switch (kind) {
    case RECORD:
      return RECORD_OVERHEAD_BYTES + serializedSize(value);
    case BARE_RECORD:
      return BARE_RECORD_OVERHEAD_BYTES + serializedSize(value);
    case WATERMARK:
      return WATERMARK_BYTES;
    default:
      return STATUS_BYTES;
  }
}
