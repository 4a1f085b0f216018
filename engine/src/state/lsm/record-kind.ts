/** What an address says about its state; numbers, since tables are full of them. */

/** The value is here, whole. */
export const PUT = 0;
/** There is no value, whatever older tables say. */
export const DELETE = 1;
/** Elements to be appended to what older tables say (list state). */
export const MERGE = 2;

export type RecordKind = typeof PUT | typeof DELETE | typeof MERGE;
