/** Functions of dates and times. TIMESTAMP_LTZ arguments are read in the session's time zone. */
import {
  BIGINT,
  DATE,
  INT,
  isTimestamp,
  type LogicalType,
  STRING,
  timeOf,
  timestampLtzOf,
  timestampOf,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import { addMonths, civilDate, DAY_MS, dayNumber, dayOfWeek, isoWeek } from "./calendar.ts";
import { type CallShape, type EvalContext, type Implementation, parameters, type ScalarFunction } from "./scalar-function.ts";
import { formatTimestamp, formatWithPattern, parseDate, parseTimestamp, parseWithPattern } from "./temporal-text.ts";

/** Epoch ms as on the wall: days and times of day become points in time too. */
function wallClock(type: LogicalType, context: EvalContext): (value: number) => number {
  if (type.root === "DATE") return (value) => value * DAY_MS;
  if (type.root === "TIMESTAMP_LTZ") return (value) => value + context.zoneOffsetMs(value);
  return (value) => value;
}

function extract(unit: string, local: number): number {
  const days = Math.floor(local / DAY_MS);
  const ms = Math.floor(local - days * DAY_MS);
  const { year, month, day } = civilDate(days);
  switch (unit) {
    case "YEAR":
      return year;
    case "QUARTER":
      return Math.ceil(month / 3);
    case "MONTH":
      return month;
    case "WEEK":
      return isoWeek(days).week;
    case "DAY":
      return day;
    case "DOW":
      return dayOfWeek(days);
    case "ISODOW":
      return ((dayOfWeek(days) + 5) % 7) + 1;
    case "ISOYEAR":
      return isoWeek(days).year;
    case "DOY":
      return days - dayNumber(year, 1, 1) + 1;
    case "HOUR":
      return Math.floor(ms / 3_600_000);
    case "MINUTE":
      return Math.floor(ms / 60_000) % 60;
    case "SECOND":
      return Math.floor(ms / 1000) % 60;
    case "MILLISECOND":
      return ms % 1000;
    case "EPOCH":
      return Math.floor(local / 1000);
    case "DECADE":
      return Math.floor(year / 10);
    case "CENTURY":
      return Math.ceil(year / 100);
    case "MILLENNIUM":
      return Math.ceil(year / 1000);
    default:
      return 0;
  }
}

const FIXED_UNITS: Readonly<Record<string, number>> = { MILLISECOND: 1, SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: DAY_MS };
const MONTH_UNITS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12, DECADE: 120, CENTURY: 1200, MILLENNIUM: 12000 };

/** Start of the unit that holds this point in time. */
export function floorTo(unit: string, local: number): number {
  const fixed = FIXED_UNITS[unit];
  if (fixed !== undefined) return Math.floor(local / fixed) * fixed;
  const days = Math.floor(local / DAY_MS);
  if (unit === "WEEK") return (days - dayOfWeek(days) + 1) * DAY_MS;
  const { year, month } = civilDate(days);
  const size = MONTH_UNITS[unit];
  const first = Math.floor((year * 12 + month - 1) / size) * size;
  return dayNumber(Math.floor(first / 12), (first % 12) + 1, 1) * DAY_MS;
}

function ceilTo(unit: string, local: number): number {
  const floor = floorTo(unit, local);
  if (floor === local) return floor;
  const fixed = FIXED_UNITS[unit] ?? (unit === "WEEK" ? 7 * DAY_MS : undefined);
  return fixed === undefined ? addMonths(Math.floor(floor / DAY_MS), MONTH_UNITS[unit]) * DAY_MS : floor + fixed;
}

function unitOf(shape: CallShape, index: number): string {
  const arg = shape.args[index];
  return arg.kind === "literal" ? String(arg.value) : "DAY";
}

/** FLOOR and CEIL of a point in time TO a unit; of numbers see numeric.ts. */
export function roundTime(shape: CallShape, up: boolean): Implementation {
  const unit = unitOf(shape, 1);
  const [type] = shape.types;
  const round = up ? ceilTo : floorTo;
  if (type.root === "DATE") return (value: number) => Math.floor(round(unit, value * DAY_MS) / DAY_MS);
  if (type.root === "TIMESTAMP_LTZ") {
    return (value: number) => {
      const offset = shape.context.zoneOffsetMs(value);
      return round(unit, value + offset) - offset;
    };
  }
  return (value: number) => round(unit, value);
}

const EXTRACT: ScalarFunction = {
  name: "EXTRACT",
  parameters: parameters("unit", "any"),
  result: () => BIGINT,
  implement: (shape) => {
    const unit = unitOf(shape, 0);
    if (shape.types[1].root === "INTERVAL_YEAR_MONTH")
      return (_: unknown, months: number) => (unit === "YEAR" ? Math.trunc(months / 12) : months % 12);
    if (unit === "EPOCH" && shape.types[1].root === "TIMESTAMP_LTZ") return (_: unknown, value: number) => Math.floor(value / 1000);
    const wall = wallClock(shape.types[1], shape.context);
    return (_: unknown, value: number) => extract(unit, wall(value));
  },
  description: "One field of a point in time: EXTRACT(HOUR FROM ts).",
  examples: [{ sql: "EXTRACT(DAY FROM DATE '2026-03-05')", value: 5 }],
};

function shorthand(name: string, unit: string, example: number): ScalarFunction {
  return {
    name,
    parameters: parameters("datetime"),
    result: () => BIGINT,
    implement: ({ types, context }) => {
      const wall = wallClock(types[0], context);
      return (value: number) => extract(unit, wall(value));
    },
    description: `The ${name} of a point in time.`,
    examples: [{ sql: `${name}(TIMESTAMP '2026-03-05 10:20:30')`, value: example }],
  };
}

function addUnits(unit: string, amount: number, local: number): number {
  const fixed = unit === "WEEK" ? 7 * DAY_MS : FIXED_UNITS[unit];
  if (fixed !== undefined) return local + amount * fixed;
  const days = Math.floor(local / DAY_MS);
  return addMonths(days, amount * MONTH_UNITS[unit]) * DAY_MS + (local - days * DAY_MS);
}

function monthsBetween(a: number, b: number): number {
  const from = civilDate(Math.floor(a / DAY_MS));
  const to = civilDate(Math.floor(b / DAY_MS));
  const months = (to.year - from.year) * 12 + to.month - from.month;
  if (months > 0 && addUnits("MONTH", months, a) > b) return months - 1;
  if (months < 0 && addUnits("MONTH", months, a) < b) return months + 1;
  return months;
}

const CURRENT_TIME_EXAMPLES = [] as const;

function current(name: string, type: LogicalType, read: (context: EvalContext) => number, description: string): ScalarFunction {
  return {
    name,
    parameters: [],
    result: () => withNullable(type, false),
    implement:
      ({ context }) =>
      () =>
        read(context),
    dynamic: true,
    description,
    examples: CURRENT_TIME_EXAMPLES,
  };
}

const localNow = (context: EvalContext): number => context.currentMs() + context.zoneOffsetMs(context.currentMs());

export const PROCTIME: ScalarFunction = {
  ...current("PROCTIME", timestampLtzOf(3), (context) => context.currentMs(), "The processing time, as a time attribute."),
  result: () => ({ ...timestampLtzOf(3), nullable: false, timeAttribute: "PROCTIME" }),
};

export const TEMPORAL: readonly ScalarFunction[] = [
  EXTRACT,
  shorthand("YEAR", "YEAR", 2026),
  shorthand("QUARTER", "QUARTER", 1),
  shorthand("MONTH", "MONTH", 3),
  shorthand("WEEK", "WEEK", 10),
  shorthand("DAYOFYEAR", "DOY", 64),
  shorthand("DAYOFMONTH", "DAY", 5),
  shorthand("DAYOFWEEK", "DOW", 5),
  shorthand("HOUR", "HOUR", 10),
  shorthand("MINUTE", "MINUTE", 20),
  shorthand("SECOND", "SECOND", 30),
  PROCTIME,
  current("CURRENT_TIMESTAMP", timestampLtzOf(3), (context) => context.currentMs(), "The processing time."),
  current("NOW", timestampLtzOf(3), (context) => context.currentMs(), "The processing time."),
  current("CURRENT_ROW_TIMESTAMP", timestampLtzOf(3), (context) => context.currentMs(), "The processing time of the row."),
  current("LOCALTIMESTAMP", timestampOf(3), localNow, "The processing time on the session's clock."),
  current("CURRENT_DATE", DATE, (context) => Math.floor(localNow(context) / DAY_MS), "Today, on the session's clock."),
  current(
    "CURRENT_TIME",
    timeOf(0),
    (context) => ((localNow(context) % DAY_MS) + DAY_MS) % DAY_MS,
    "The time of day on the session's clock.",
  ),
  current("LOCALTIME", timeOf(0), (context) => ((localNow(context) % DAY_MS) + DAY_MS) % DAY_MS, "The time of day on the session's clock."),
  {
    name: "CURRENT_WATERMARK",
    parameters: parameters("timestamp"),
    result: (types) => withNullable(withoutTimeAttribute(types[0]), true),
    nullAware: true,
    dynamic: true,
    implement:
      ({ context }) =>
      () =>
        context.currentWatermark(),
    description: "The watermark at this point of the pipeline, NULL before the first one.",
    examples: [],
  },
  {
    name: "TIMESTAMPADD",
    parameters: parameters("unit", "integer", "datetime"),
    result: (types, args) => {
      const unit = args[0].kind === "literal" ? String(args[0].value) : "";
      const base = withoutTimeAttribute(types[2]);
      return base.root === "DATE" && ["SECOND", "MINUTE", "HOUR"].includes(unit) ? timestampOf(0) : base;
    },
    implement: (shape) => {
      const unit = unitOf(shape, 0);
      if (shape.types[2].root !== "DATE") return (_: unknown, amount: number, value: number) => addUnits(unit, Number(amount), value);
      if (shape.result.root !== "DATE")
        return (_: unknown, amount: number, value: number) => addUnits(unit, Number(amount), value * DAY_MS);
      return (_: unknown, amount: number, value: number) => Math.floor(addUnits(unit, Number(amount), value * DAY_MS) / DAY_MS);
    },
    description: "A point in time moved by a number of units.",
    examples: [{ sql: "TIMESTAMPADD(DAY, 1, DATE '2026-02-28')", value: "2026-03-01" }],
  },
  {
    name: "TIMESTAMPDIFF",
    parameters: parameters("unit", "datetime", "datetime"),
    result: () => INT,
    implement: (shape) => {
      const unit = unitOf(shape, 0);
      const first = wallClock(shape.types[1], shape.context);
      const second = wallClock(shape.types[2], shape.context);
      const months = MONTH_UNITS[unit];
      const fixed = unit === "WEEK" ? 7 * DAY_MS : FIXED_UNITS[unit];
      const whole = (value: number): number => (value === 0 ? 0 : value);
      if (months !== undefined) return (_: unknown, a: number, b: number) => whole(Math.trunc(monthsBetween(first(a), second(b)) / months));
      return (_: unknown, a: number, b: number) => whole(Math.trunc((second(b) - first(a)) / fixed));
    },
    description: "How many whole units lie between two points in time.",
    examples: [{ sql: "TIMESTAMPDIFF(HOUR, TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2026-01-01 05:30:00')", value: 5 }],
  },
  {
    name: "DATE_FORMAT",
    parameters: parameters("any", "string"),
    result: () => STRING,
    alwaysNullable: true,
    implement: ({ types, context }) => {
      if (isTimestamp(types[0]) || types[0].root === "DATE") {
        const wall = wallClock(types[0], context);
        return (value: number, pattern: string) => formatWithPattern(wall(value), pattern);
      }
      return (value: string, pattern: string) => {
        const epochMs = parseTimestamp(value);
        return epochMs === null ? null : formatWithPattern(epochMs, pattern);
      };
    },
    description: "A timestamp as text, by a pattern such as 'yyyy-MM-dd HH:mm'.",
    examples: [{ sql: "DATE_FORMAT(TIMESTAMP '2026-03-05 10:20:30', 'HH:mm')", value: "10:20" }],
  },
  {
    name: "TO_TIMESTAMP",
    parameters: parameters("string", "string?"),
    result: () => timestampOf(3),
    alwaysNullable: true,
    implement: () => (value: string, pattern?: string) => {
      if (pattern !== undefined) return parseWithPattern(value, pattern);
      const lenient = /^\s*(\d{4})-(\d{1,2})-(29|30|31)(.*)$/s.exec(value);
      const direct = parseTimestamp(value);
      if (direct !== null || lenient === null) return direct === null ? null : Math.floor(direct);
      return parseWithPattern(value.trim(), "yyyy-MM-dd HH:mm:ss");
    },
    description: "Text as a TIMESTAMP(3), by default 'yyyy-MM-dd HH:mm:ss'; NULL when it does not fit.",
    examples: [{ sql: "TO_TIMESTAMP('2026-03-01 10:20:30')", value: "2026-03-01 10:20:30.000" }],
  },
  {
    name: "TO_TIMESTAMP_LTZ",
    parameters: parameters("any", "any?"),
    result: (types, args) => {
      const precision = args[1]?.kind === "literal" && types[0].root !== "VARCHAR" && types[0].root !== "CHAR" ? Number(args[1].value) : 3;
      return timestampLtzOf(precision === 0 ? 3 : precision);
    },
    alwaysNullable: true,
    implement: ({ types, context }) => {
      if (types[0].root === "VARCHAR" || types[0].root === "CHAR") {
        return (value: string, pattern?: string) => {
          const local = pattern === undefined ? parseTimestamp(value) : parseWithPattern(value, pattern);
          return local === null ? null : local - context.zoneOffsetMs(local);
        };
      }
      const scale = types[0].root === "DECIMAL" ? 10 ** -types[0].scale! : 1;
      return (value: number, precision = 3) => Math.floor((Number(value) * scale * 1000) / 10 ** precision);
    },
    description: "Epoch seconds (precision 0) or milliseconds (3, the default) as an instant.",
    examples: [{ sql: "TO_TIMESTAMP_LTZ(1000, 3)", value: "1970-01-01 00:00:01.000" }],
  },
  {
    name: "TO_DATE",
    parameters: parameters("string", "string?"),
    result: () => DATE,
    alwaysNullable: true,
    implement: () => (value: string, pattern?: string) => {
      if (pattern === undefined) return parseDate(value);
      const epochMs = parseWithPattern(value, pattern);
      return epochMs === null ? null : Math.floor(epochMs / DAY_MS);
    },
    description: "Text as a DATE, by default 'yyyy-MM-dd'; NULL when it does not fit.",
    examples: [{ sql: "TO_DATE('2026-03-01')", value: "2026-03-01" }],
  },
  {
    name: "FROM_UNIXTIME",
    parameters: parameters("numeric", "string?"),
    result: () => STRING,
    implement:
      ({ context }) =>
      (seconds: number, pattern = "yyyy-MM-dd HH:mm:ss") => {
        const epochMs = Number(seconds) * 1000;
        return formatWithPattern(epochMs + context.zoneOffsetMs(epochMs), pattern);
      },
    description: "Epoch seconds as text on the session's clock.",
    examples: [{ sql: "FROM_UNIXTIME(0)", value: "1970-01-01 00:00:00" }],
  },
  {
    name: "UNIX_TIMESTAMP",
    parameters: parameters("string?", "string?"),
    result: () => BIGINT,
    dynamic: true,
    implement:
      ({ context }) =>
      (value?: string, pattern?: string) => {
        if (value === undefined) return Math.floor(context.currentMs() / 1000);
        const local = pattern === undefined ? parseTimestamp(value) : parseWithPattern(value, pattern);
        return local === null ? -(2n ** 63n) : Math.floor((local - context.zoneOffsetMs(local)) / 1000);
      },
    description: "Epoch seconds of a text on the session's clock, or of now.",
    examples: [{ sql: "UNIX_TIMESTAMP('1970-01-01 00:01:00')", value: 60 }],
  },
  {
    name: "CONVERT_TZ",
    parameters: parameters("string", "string", "string"),
    result: () => STRING,
    alwaysNullable: true,
    implement: () => (value: string, from: string, to: string) => {
      const local = parseTimestamp(value);
      if (local === null) return null;
      const instant = local - zoneOffset(from, local);
      return formatTimestamp(instant + zoneOffset(to, instant), 0);
    },
    description: "A text timestamp moved from one time zone to another.",
    examples: [{ sql: "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'GMT+02:00')", value: "1970-01-01 02:00:00" }],
  },
];

/** Zones without and with summer time: [standard offset in minutes, rule]. */
const ZONES: Readonly<Record<string, readonly [number, "none" | "us" | "eu"]>> = {
  UTC: [0, "none"],
  GMT: [0, "none"],
  Z: [0, "none"],
  "Asia/Kolkata": [330, "none"],
  "Asia/Shanghai": [480, "none"],
  "Asia/Tokyo": [540, "none"],
  "Asia/Singapore": [480, "none"],
  "America/New_York": [-300, "us"],
  "America/Chicago": [-360, "us"],
  "America/Denver": [-420, "us"],
  "America/Los_Angeles": [-480, "us"],
  "Europe/London": [0, "eu"],
  "Europe/Berlin": [60, "eu"],
  "Europe/Paris": [60, "eu"],
  "Europe/Madrid": [60, "eu"],
  "Europe/Rome": [60, "eu"],
  "Europe/Vienna": [60, "eu"],
  "Europe/Amsterdam": [60, "eu"],
};

/** True when the zone's rules are known here: offsets such as `GMT+02:00` and the zones of the table above. */
export function isKnownZone(zone: string): boolean {
  return ZONES[zone] !== undefined || /^(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?$/.test(zone);
}

/** Offset of a zone at an instant, in ms; unknown zones count as UTC. Summer time by today's American and European rules. */
export function zoneOffset(zone: string, epochMs: number): number {
  const known = ZONES[zone];
  if (known === undefined) {
    const match = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
    return match === null ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  }
  const standard = known[0] * 60_000;
  if (known[1] === "none") return standard;
  const year = civilDate(Math.floor(epochMs / DAY_MS)).year;
  const sunday = (month: number, nth: number): number => {
    const first = nth > 0 ? dayNumber(year, month, 1) : dayNumber(year, month + 1, 1) - 7;
    return first + ((8 - dayOfWeek(first)) % 7) + (nth > 0 ? (nth - 1) * 7 : 0);
  };
  const [start, end] =
    known[1] === "us"
      ? [sunday(3, 2) * DAY_MS + 2 * 3_600_000 - standard, sunday(11, 1) * DAY_MS + 3_600_000 - standard]
      : [sunday(3, -1) * DAY_MS + 3_600_000, sunday(10, -1) * DAY_MS + 3_600_000];
  return epochMs >= start && epochMs < end ? standard + 3_600_000 : standard;
}
