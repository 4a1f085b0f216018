/**
 * Java's `Long.MIN_VALUE` and `Long.MAX_VALUE` as they appear in watermarks and windows.
 *
 * JavaScript numbers cannot hold 2^63 - 1; 2^63 stands for it. Both constants survive JSON, compare correctly with every real
 * timestamp and absorb small sums (`MAX_TIMESTAMP - 1 === MAX_TIMESTAMP`), which is what saturating arithmetic in Flink does.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export const MAX_TIMESTAMP = 2 ** 63;
/**
 * Java's `Long.MIN_VALUE`: the watermark before the first one. As a number it is not exact; compare with `===` only.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export const MIN_TIMESTAMP = -(2 ** 63);
