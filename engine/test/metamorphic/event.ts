/** What the topics of the metamorphic worlds carry. */
export interface Event {
  readonly key: string;
  /** Counts up over a topic; equal only in duplicates. */
  readonly id: number;
  readonly amount: number;
  readonly atMs: number;
}

/** A rule of the topic `rules`, in force for events from its time on. */
export interface Rule {
  readonly fromMs: number;
  readonly factor: number;
}

/** Records come in the first quarter of a slot only, so a slot's end is far from any record, in event time and in processing time. */
export const SLOT_MS = 60_000;
/** A multiple of the slot. */
export const START_MS = 1_699_999_980_000;
/** Event times are behind arrivals by no more than this, late ones apart. */
export const DISORDER_MS = 2000;
export const SLOTS = 3;
