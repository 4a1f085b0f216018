/**
 * The recording format, version 1: a list of events in the order in which they happened. `t` is virtual processing time in epoch
 * ms, `v` the vertex id, `s` the subtask, event times and watermarks epoch ms (±2^63 for Flink's Long extremes).
 *
 * `seq` (position in the list) is an event's identity; `cause` refers to it: the read record, the timer or the fired window that was being worked
 * on when this happened, in the same task or in one that the record came from. Absent = something else (a checkpoint, an answer from outside), or not
 * kept. Values are the user's plain values, shortened. Kinds and optional fields may be added within a version; readers pass over what they do not know.
 */
interface Caused {
  readonly cause?: number;
}

export type RecordingEvent =
  /** A source subtask read a log record; of a table, `value` is what lies in the log. `replay` when this offset had been read before (after a restore). */
  | {
      readonly kind: "read";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
      readonly eventMs: number | null;
      readonly value: unknown;
      readonly replay: boolean;
    }
  /** A source subtask reads this split from now on (or again, after a restore), or no longer. Absent in recordings of older engines. */
  | {
      readonly kind: "split";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly split: string;
      readonly assigned: boolean;
    }
  /**
   * Watermark alignment stops the reading of a split, or of the source subtask as a whole (`split` null), which is ahead of `maxDesiredMs`; or lets it go
   * on. Absent in recordings of older engines.
   */
  | {
      readonly kind: "aligned";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly split: string | null;
      readonly paused: boolean;
      readonly maxDesiredMs: number;
    }
  /** Watermark of one split inside a source. */
  | {
      readonly kind: "splitWatermark";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly split: string;
      readonly watermarkMs: number;
    }
  /** A subtask's own watermark moved (after the valve's minimum, or out of a source). */
  | { readonly kind: "watermark"; readonly t: number; readonly v: number; readonly s: number; readonly watermarkMs: number }
  /** A source split or a subtask became idle or active again. */
  | {
      readonly kind: "idle";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly split: string | null;
      readonly idle: boolean;
    }
  | (Caused & {
      readonly kind: "window";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly what: "assigned" | "fired" | "refired" | "purged";
      readonly key: unknown;
      readonly startMs: number;
      readonly endMs: number;
    })
  | (Caused & {
      readonly kind: "windowMerged";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly key: unknown;
      readonly startMs: number;
      readonly endMs: number;
      readonly merged: readonly { readonly startMs: number; readonly endMs: number }[];
    })
  /** A record came too late. `to` = side output id, null = dropped. */
  | (Caused & {
      readonly kind: "late";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly value: unknown;
      readonly eventMs: number;
      readonly watermarkMs: number;
      readonly to: string | null;
    })
  | (Caused & {
      readonly kind: "timer";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly domain: "event" | "processing";
      readonly key: unknown;
      readonly timestampMs: number;
    })
  /** The program set a timer of this key, or deleted it. Timers of windows are not told: they follow from the windows. */
  | (Caused & {
      readonly kind: "timerSet";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly domain: "event" | "processing";
      readonly key: unknown;
      readonly timestampMs: number;
      readonly set: boolean;
    })
  /**
   * Keyed state holds something else now. `window` null = state of the key alone; `present` false = it holds nothing any more. `value` absent = it
   * is there, but only its bytes tell what it is (lists, maps and accumulators of the log-structured backend).
   */
  | (Caused & {
      readonly kind: "state";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly name: string;
      readonly key: unknown;
      readonly window: { readonly startMs: number; readonly endMs: number } | null;
      readonly present: boolean;
      readonly value?: unknown;
    })
  /** A subtask with several input channels has read a watermark from one of them; its own is their least. `from` = vertex and subtask of the sender. */
  | {
      readonly kind: "channelWatermark";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly from: { readonly v: number; readonly s: number };
      readonly watermarkMs: number;
    }
  /** One of its input channels does not count for its watermark any more, or counts again. */
  | {
      readonly kind: "channelIdle";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly from: { readonly v: number; readonly s: number };
      readonly idle: boolean;
    }
  /** Checkpoint life: triggered, barrier at a subtask, snapshot taken, completed, aborted, restored from. */
  | {
      readonly kind: "checkpoint";
      readonly t: number;
      readonly what: "triggered" | "barrier" | "snapshot" | "completed" | "aborted" | "restored";
      readonly checkpoint: number;
      readonly v: number | null;
      readonly s: number | null;
      readonly bytes: number | null;
      /** Of these, what was stored for this checkpoint: the rest was there already. Absent = all. */
      readonly uploadedBytes?: number;
      /** Of a completed one: bytes that tasks read between their first barrier and their last. Absent = none. */
      readonly processedBytes?: number;
      /** Of `bytes`, what was in flight (unaligned checkpoints); absent = nothing. */
      readonly persistedBytes?: number;
      readonly reason: string | null;
    }
  /** A record appended to a topic by a sink; transaction 0 = none. */
  | (Caused & {
      readonly kind: "write";
      readonly t: number;
      readonly v: number;
      readonly s: number;
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
      readonly transaction: number;
      readonly value: unknown;
      /** Of a row that a table's sink wrote: what it does to the table. Absent = the program writes values, not changes. */
      readonly rowKind?: "+I" | "-U" | "+U" | "-D";
      /** Of a record without value (a tombstone): which key it is about. Absent = see the value. */
      readonly key?: string;
    })
  | {
      readonly kind: "transaction";
      readonly t: number;
      readonly v: number | null;
      readonly s: number | null;
      readonly transaction: number;
      readonly id: string;
      readonly what: "open" | "preCommitted" | "committed" | "aborted";
    }
  /** Something happened in a system outside the cluster; `what` is the system's own word. */
  | { readonly kind: "system"; readonly t: number; readonly system: string; readonly what: string; readonly detail: unknown }
  | { readonly kind: "fault"; readonly t: number; readonly what: string; readonly taskManager: number | null }
  /** The job went down (after a fault or an exception) or came back, attempt n. */
  | {
      readonly kind: "job";
      readonly t: number;
      readonly what: "running" | "failing" | "restarting" | "finished" | "failed";
      readonly attempt: number;
      readonly reason: string | null;
    };
