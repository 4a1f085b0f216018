/** Which directory below the base path an element goes to. */
import { Diagnostic } from "../../../base/diagnostic.ts";

/** What a bucket assigner knows beside the element. (Flink: docs/connectors/datastream/filesystem) */
export interface BucketAssignerContext {
  /** Epoch ms. */
  currentProcessingTime(): number;
  /** The writer's watermark, epoch ms. */
  currentWatermark(): number;
  /** Event timestamp of the element, null when it has none. */
  timestamp(): number | null;
}

/** Chooses the bucket, a directory below the base path, of each element. (Flink: docs/connectors/datastream/filesystem) */
export interface BucketAssigner<IN> {
  /** The directory, e.g. "dt=2026-01-01/country=de"; "" is the base path itself. */
  getBucketId(element: IN, context: BucketAssignerContext): string;
}

/** Everything goes to the base path. (Flink: docs/connectors/datastream/filesystem) */
export class BasePathBucketAssigner<IN> implements BucketAssigner<IN> {
  getBucketId(_element: IN, _context: BucketAssignerContext): string {
    return "";
  }
}

/**
 * One bucket per hour of *processing* time, or whatever the format says: "2026-01-01--09". The default. Times are UTC unless an offset is
 * given. For buckets by event time write a `BucketAssigner` that looks at the element or `context.timestamp()`.
 * (Flink: docs/connectors/datastream/filesystem)
 */
export class DateTimeBucketAssigner<IN> implements BucketAssigner<IN> {
  private readonly parts: readonly FormatPart[];
  private readonly offsetMs: number;

  /**
   * @param formatString letters as in Java's DateTimeFormatter: yyyy MM dd HH mm ss SSS, and texts in quotes.
   * @param zone "UTC", or an offset such as "+02:00".
   * @throws Diagnostic FILE_SINK_DATE_FORMAT
   */
  constructor(formatString = "yyyy-MM-dd--HH", zone = "UTC") {
    this.parts = parseFormat(formatString);
    this.offsetMs = offsetOf(zone);
  }

  getBucketId(_element: IN, context: BucketAssignerContext): string {
    const date = new Date(context.currentProcessingTime() + this.offsetMs);
    return this.parts.map((part) => (typeof part === "string" ? part : part(date))).join("");
  }
}

type FormatPart = string | ((date: Date) => string);

const FIELDS: Readonly<Record<string, (date: Date) => number>> = {
  y: (date) => date.getUTCFullYear(),
  u: (date) => date.getUTCFullYear(),
  M: (date) => date.getUTCMonth() + 1,
  d: (date) => date.getUTCDate(),
  H: (date) => date.getUTCHours(),
  m: (date) => date.getUTCMinutes(),
  s: (date) => date.getUTCSeconds(),
  S: (date) => date.getUTCMilliseconds(),
};

function parseFormat(format: string): FormatPart[] {
  return [...format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g)].map(([text, quoted, letter]): FormatPart => {
    if (quoted !== undefined) return quoted === "" ? "'" : quoted.replaceAll("''", "'");
    if (letter === undefined) return text;
    const field = FIELDS[letter];
    if (field !== undefined)
      return (date) =>
        String(field(date))
          .padStart(text.length, "0")
          .slice(letter === "y" && text.length === 2 ? -2 : 0);
    throw new Diagnostic({
      code: "FILE_SINK_DATE_FORMAT",
      phase: "graph",
      message: `Unknown pattern letter "${letter}" in "${format}".`,
      found: text,
      expected: "yyyy, MM, dd, HH, mm, ss, SSS and texts in quotes",
    });
  });
}

function offsetOf(zone: string): number {
  if (/^(UTC|GMT|Z)$/i.test(zone)) return 0;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(zone);
  if (match !== null) return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  throw new Diagnostic({
    code: "FILE_SINK_DATE_FORMAT",
    phase: "graph",
    message: `Unknown time zone "${zone}".`,
    found: zone,
    expected: 'UTC or an offset such as "+02:00"',
  });
}
