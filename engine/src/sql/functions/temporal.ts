/** Functions of dates and times. TIMESTAMP_LTZ arguments are read in the session's time zone. */
import {
  BIGINT,
  BOOLEAN,
  DATE,
  INT,
  isDatetime,
  isInterval,
  isTimestamp,
  type LogicalType,
  STRING,
  timeOf,
  timestampLtzOf,
  timestampOf,
  typeName,
  typeSummary,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import { compareTimestamps, msOf, nanosOfMs, shiftedBy, type Timestamp } from "../../types/timestamp.ts";
import { multiplyLong } from "./bigint.ts";
import { addMonths, civilDate, DAY_MS, dayNumber, dayOfWeek, isoWeek, monthsBetween } from "./calendar.ts";
import { type CallShape, type EvalContext, type Implementation, parameters, type Refusal, type ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

/** Whole epoch ms: days and times of day become points in time too. */
function asMs({ root }: LogicalType): (value: Timestamp) => number {
  return root === "DATE" ? (value) => (value as number) * DAY_MS : msOf;
}

/** The same as on the wall. */
function wallClock(type: LogicalType, context: EvalContext): (value: Timestamp) => number {
  if (type.root !== "TIMESTAMP_LTZ") return asMs(type);
  return (value) => {
    const ms = msOf(value);
    return ms + context.zoneOffsetMs(ms);
  };
}

const TIME_FIELDS: Readonly<Record<string, readonly [within: number, unit: number]>> = {
  HOUR: [DAY_MS, 3_600_000],
  MINUTE: [3_600_000, 60_000],
  SECOND: [60_000, 1000],
  MILLISECOND: [1000, 1],
};

/** Flink divides towards zero: before 1970 a day begins at its end, and times of day are negative (recorded: `sc-extract`). */
function extract(unit: string, localMs: number): number {
  const field = TIME_FIELDS[unit];
  if (field !== undefined) return whole(Math.trunc((localMs % field[0]) / field[1]));
  if (unit === "EPOCH") return whole(Math.trunc(localMs / 1000));
  return extractDay(unit, Math.trunc(localMs / DAY_MS));
}

/** Nanoseconds of the second; before 1970 what is missing to its end, as above. */
function nanosOfSecond(value: Timestamp): number {
  return whole((msOf(value) % 1000) * 1_000_000 + nanosOfMs(value));
}

/** Without a negative zero. */
const whole = (value: number): number => (value === 0 ? 0 : value);

function extractDay(unit: string, days: number): number {
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

/** Start of the unit that holds a day, or, upwards, the start of the next one unless the day is one already. */
function roundDay(unit: string, days: number, up: boolean): number {
  const { year, month, day } = civilDate(days);
  const before = (years: number, first: number): number => Math.floor((year - first) / years) * years + first;
  switch (unit) {
    case "WEEK": {
      const offset = dayOfWeek(days) - 1;
      return days - (up && offset > 0 ? offset - 7 : offset);
    }
    case "MONTH":
      return addMonths(dayNumber(year, month, 1), up && day > 1 ? 1 : 0);
    case "QUARTER": {
      const start = dayNumber(year, Math.floor((month - 1) / 3) * 3 + 1, 1);
      return up && start < days ? addMonths(start, 3) : start;
    }
    case "YEAR":
      return dayNumber(up && (month > 1 || day > 1) ? year + 1 : year, 1, 1);
    // Longer units are always rounded up to the next, and centuries begin with the year 1.
    case "DECADE":
      return dayNumber(before(10, 0) + (up ? 10 : 0), 1, 1);
    case "CENTURY":
      return dayNumber(before(100, 1) + (up ? 100 : 0), 1, 1);
    default:
      return dayNumber(before(1000, 1) + (up ? 1000 : 0), 1, 1);
  }
}

function roundLocal(unit: string, localMs: number, up: boolean): number {
  const fixed = FIXED_UNITS[unit];
  if (fixed !== undefined) return (up ? Math.ceil(localMs / fixed) : Math.floor(localMs / fixed)) * fixed;
  return roundDay(unit, Math.trunc(localMs / DAY_MS), up) * DAY_MS;
}

/** Than what Flink computes with. */
function isFiner(unit: string): boolean {
  return unit === "MICROSECOND" || unit === "NANOSECOND";
}

function unitOf(shape: CallShape, index: number): string {
  const arg = shape.args[index];
  return arg.kind === "literal" ? String(arg.value) : "DAY";
}

/**
 * FLOOR and CEIL of a point in time TO a unit; of numbers see numeric.ts. Flink rounds its milliseconds: a nanosecond behind a full second does
 * not count, except in CEIL of a TIMESTAMP TO MILLISECOND.
 */
export function roundTime(shape: CallShape, up: boolean): Implementation {
  const unit = unitOf(shape, 1);
  const [type] = shape.types;
  if (type.root === "DATE") {
    if (FIXED_UNITS[unit] !== undefined || isFiner(unit)) return (days: number) => days;
    return (days: number) => roundDay(unit, days, up);
  }
  if (isFiner(unit)) {
    return () => {
      throw new SqlRuntimeError("SQL_ROUND_UNIT", `/ by zero: Flink cannot round to a ${unit}.`);
    };
  }
  if (type.root === "TIME" && (FIXED_UNITS[unit] === undefined || unit === "DAY")) return (value: number) => value;
  if (type.root === "TIMESTAMP_LTZ") {
    return (value: Timestamp) => {
      const ms = msOf(value);
      const offset = shape.context.zoneOffsetMs(ms);
      return roundLocal(unit, ms + offset, up) - offset;
    };
  }
  if (unit === "MILLISECOND" && up) return (value: Timestamp) => msOf(value) + (nanosOfMs(value) === 0 ? 0 : 1);
  return (value: Timestamp) => roundLocal(unit, msOf(value), up);
}

function refuseExtract([, type]: readonly LogicalType[], args: CallShape["args"]): Refusal | null {
  return refuseUnit(args[0].kind === "literal" ? String(args[0].value) : "", type);
}

/** Units that an interval of months has. */
const MONTHS: ReadonlySet<string> = new Set(["YEAR", "QUARTER", "MONTH", "DECADE", "CENTURY", "MILLENNIUM"]);

function refuseUnit(unit: string, type: LogicalType): Refusal | null {
  if (isFiner(unit) && !isTimestamp(type)) return { message: `unit ${unit} can not be applied to ${typeSummary(type)} variable` };
  if (type.root === "TIME" && !(unit in TIME_FIELDS)) return { message: `unit ${unit} can not be applied to time variable` };
  if (isInterval(type) && unit !== "EPOCH" && MONTHS.has(unit) !== (type.root === "INTERVAL_YEAR_MONTH"))
    return { expected: "EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)" };
  if (isInterval(type) && unit === "EPOCH") return { phase: "plan", message: "Unit 'EPOCH' is not supported." };
  return null;
}

const EXTRACT: ScalarFunction = {
  name: "EXTRACT",
  parameters: parameters("unit", "datetime-or-interval"),
  result: () => BIGINT,
  refuse: refuseExtract,
  implement: (shape) => {
    const unit = unitOf(shape, 0);
    const [, type] = shape.types;
    if (type.root === "INTERVAL_YEAR_MONTH") {
      if (unit === "YEAR") return (_: unknown, months: number) => whole(Math.trunc(months / 12));
      if (unit === "QUARTER") return (_: unknown, months: number) => Math.floor((months % 12) / 3) + 1;
      return (_: unknown, months: number) => whole(months % 12);
    }
    if (type.root === "INTERVAL_DAY_TIME" && unit === "DAY") return (_: unknown, ms: number) => whole(Math.trunc(ms / DAY_MS));
    if (unit === "EPOCH" && type.root === "TIMESTAMP_LTZ") return (_: unknown, value: Timestamp) => extract(unit, msOf(value));
    if (unit === "NANOSECOND") return (_: unknown, value: Timestamp) => nanosOfSecond(value);
    if (unit === "MICROSECOND") return (_: unknown, value: Timestamp) => whole(Math.floor(nanosOfSecond(value) / 1000));
    const wall = wallClock(type, shape.context);
    return (_: unknown, value: Timestamp) => extract(unit, wall(value));
  },
  description: "One field of a point in time or of an interval: EXTRACT(HOUR FROM ts).",
  examples: [{ sql: "EXTRACT(DAY FROM DATE '2026-03-05')", value: 5 }],
};

function shorthand(name: string, unit: string, example: number): ScalarFunction {
  return {
    name,
    parameters: parameters("datetime"),
    result: () => BIGINT,
    refuse: ([type]) => refuseUnit(unit, type),
    implement: ({ types, context }) => {
      const wall = wallClock(types[0], context);
      return (value: Timestamp) => extract(unit, wall(value));
    },
    description: `The ${name} of a point in time.`,
    examples: [{ sql: `${name}(TIMESTAMP '2026-03-05 10:20:30')`, value: example }],
  };
}

/** @param ms of the point in time that is moved */
function unitsInMs(unit: string, amount: number | bigint, ms: number): number {
  const fixed = unit === "WEEK" ? 7 * DAY_MS : FIXED_UNITS[unit];
  if (fixed !== undefined) {
    const by = Number(amount) * fixed;
    return Number.isSafeInteger(by) ? by : Number(BigInt.asIntN(64, BigInt(amount) * BigInt(fixed)));
  }
  const days = Math.floor(ms / DAY_MS);
  return (addMonths(days, Math.imul(Number(amount), MONTH_UNITS[unit])) - days) * DAY_MS;
}

function addUnits(unit: string, amount: number | bigint, ms: number): number {
  return ms + unitsInMs(unit, amount, ms);
}

/** The result has a precision of 3, which a DATE cannot have, and which Flink's code generator can give no value but a TIMESTAMP. */
function refuseMilliseconds(type: LogicalType): Refusal | null {
  if (type.root === "DATE") return { message: "Milliseconds cannot be added to a DATE." };
  if (type.root === "TIMESTAMP" || type.precision! >= 3) return null;
  const fine = typeName(withoutTimeAttribute({ ...type, precision: 3 }));
  return {
    phase: "plan",
    message: `Incompatible types of expression and result type. Expression[GeneratedExpression: ${typeName(type)}] does not fit ${fine}.`,
    expected: fine,
  };
}

function refuseDifference(unit: string, a: LogicalType, b: LogicalType): Refusal | null {
  if (isDatetime(a) && (a.root === "TIMESTAMP_LTZ") !== (b.root === "TIMESTAMP_LTZ"))
    return { phase: "plan", message: "TIMESTAMP_LTZ only supports diff between the same type." };
  if (MONTHS.has(unit) || (a.root === "TIME") === (b.root === "TIME")) return null;
  return { phase: "plan", message: `A time of day has no difference in ${unit} to a ${a.root === "TIME" ? b.root : a.root}.` };
}

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
    examples: [],
  };
}

const localNow = (context: EvalContext): number => context.currentMs() + context.zoneOffsetMs(context.currentMs());
const timeOfDay = (local: number): number => ((local % DAY_MS) + DAY_MS) % DAY_MS;

export const PROCTIME: ScalarFunction = {
  ...current("PROCTIME", timestampLtzOf(3), (context) => context.currentMs(), "The processing time, as a time attribute."),
  result: () => ({ ...timestampLtzOf(3), nullable: false, timeAttribute: "PROCTIME" }),
};

/** What the planner puts around a processing time that leaves the query: a timestamp like others. */
export const PROCTIME_MATERIALIZE: ScalarFunction = {
  name: "PROCTIME_MATERIALIZE",
  parameters: parameters("any"),
  result: ([type]) => ({ ...type, timeAttribute: undefined }),
  implement: () => (time: number) => time,
  operator: true,
  description: "A processing time as an ordinary timestamp.",
  examples: [],
};

/** Differences by unit; Flink computes seconds, weeks and milliseconds in 32 bits. */
function differenceIn(unit: string): (from: number, to: number) => number {
  const months = MONTH_UNITS[unit];
  if (months !== undefined) return (from, to) => whole(Math.trunc(monthsBetween(from, to) / months));
  const seconds = (from: number, to: number): number => Number(BigInt.asIntN(32, BigInt(Math.trunc((to - from) / 1000))));
  if (unit === "SECOND") return (from, to) => whole(seconds(from, to));
  if (unit === "WEEK") return (from, to) => whole(Math.trunc(seconds(from, to) / 604_800));
  if (unit === "MILLISECOND") return (from, to) => whole(Math.imul(seconds(from, to), 1000));
  if (unit === "MICROSECOND") return (from, to) => whole(Math.imul(seconds(from, to), 1_000_000));
  if (unit === "NANOSECOND") return (from, to) => multiplyLong(seconds(from, to), 1_000_000_000) as number;
  const fixed = FIXED_UNITS[unit];
  return (from, to) => whole(Math.trunc((to - from) / fixed));
}

const atLeast = (a: Timestamp | null, b: Timestamp | null): boolean | null =>
  a === null || b === null ? null : compareTimestamps(a, b) >= 0;

/** Two periods, each given by start and end or start and length, in either order of time. */
const OVERLAPS: ScalarFunction = {
  name: "OVERLAPS",
  parameters: parameters("datetime", "datetime-or-interval", "datetime", "datetime-or-interval"),
  result: (types) =>
    withNullable(
      BOOLEAN,
      types.some((type) => type.nullable),
    ),
  nullAware: true,
  implement: ({ types }) => {
    const isDate = types[0].root === "DATE";
    const endOf = (start: Timestamp | null, second: Timestamp | null, i: number): Timestamp | null => {
      if (start === null || second === null) return null;
      const startMs = isDate ? (start as number) * DAY_MS : msOf(start);
      const byMs = types[i].root === "INTERVAL_YEAR_MONTH" ? unitsInMs("MONTH", second, startMs) : (second as number);
      return isDate ? (startMs + byMs) / DAY_MS : shiftedBy(start, byMs);
    };
    return (a: Timestamp | null, b: Timestamp | null, c: Timestamp | null, d: Timestamp | null) => {
      const firstEnd = isInterval(types[1]) ? endOf(a, b, 1) : b;
      const secondEnd = isInterval(types[3]) ? endOf(c, d, 3) : d;
      const [start1, end1] = atLeast(firstEnd, a) === true ? [a, firstEnd] : [firstEnd, a];
      const [start2, end2] = atLeast(secondEnd, c) === true ? [c, secondEnd] : [secondEnd, c];
      const left = atLeast(end1, start2);
      const right = atLeast(end2, start1);
      return left === false || right === false ? false : left === null || right === null ? null : true;
    };
  },
  operator: true,
  description: "True when two periods have a moment in common: (start, end) OVERLAPS (start, end), or with lengths instead of ends.",
  examples: [{ sql: "(TIME '2:55:00', INTERVAL '1' HOUR) OVERLAPS (TIME '3:30:00', INTERVAL '2' HOUR)", value: true }],
};

export const TEMPORAL: readonly ScalarFunction[] = [
  EXTRACT,
  OVERLAPS,
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
  {
    name: "CURRENT_DATABASE",
    parameters: [],
    result: () => withNullable(STRING, false),
    dynamic: true,
    implement:
      ({ context }) =>
      () =>
        context.currentDatabase ?? "default_database",
    description: "The name of the current database.",
    examples: [{ sql: "CURRENT_DATABASE()", value: "default_database" }],
  },
  current("CURRENT_TIMESTAMP", timestampLtzOf(3), (context) => context.currentMs(), "The processing time."),
  current("NOW", timestampLtzOf(3), (context) => context.currentMs(), "The processing time."),
  current("CURRENT_ROW_TIMESTAMP", timestampLtzOf(3), (context) => context.currentMs(), "The processing time of the row."),
  current("LOCALTIMESTAMP", timestampOf(3), localNow, "The processing time on the session's clock."),
  current("CURRENT_DATE", DATE, (context) => Math.floor(localNow(context) / DAY_MS), "Today, on the session's clock."),
  current("CURRENT_TIME", timeOf(0), (context) => timeOfDay(localNow(context)), "The time of day on the session's clock."),
  current("LOCALTIME", timeOf(0), (context) => timeOfDay(localNow(context)), "The time of day on the session's clock."),
  {
    name: "CURRENT_WATERMARK",
    parameters: parameters("any"),
    result: (types) => withNullable(withoutTimeAttribute(types[0]), true),
    refuse: ([type]) =>
      type.timeAttribute === "ROWTIME"
        ? null
        : !isTimestamp(type)
          ? {
              message: `CURRENT_WATERMARK() must be called with a single rowtime attribute argument, but '${typeName(withNullable(type, true))}' cannot be a time attribute.`,
            }
          : { message: `The argument of CURRENT_WATERMARK() must be a rowtime attribute, but was '${type.root}(${type.precision})'.` },
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
    ...current(
      "SOURCE_WATERMARK",
      timestampLtzOf(3),
      () => {
        throw new SqlRuntimeError(
          "SQL_SOURCE_WATERMARK",
          "SOURCE_WATERMARK() can only stand alone in the WATERMARK FOR clause of a CREATE TABLE.",
        );
      },
      "Stands for the watermarks that a source makes itself, in WATERMARK FOR ts AS SOURCE_WATERMARK().",
    ),
  },
  {
    name: "TIMESTAMPADD",
    parameters: parameters("unit", "long", "datetime"),
    result: (types, args) => {
      const unit = args[0].kind === "literal" ? String(args[0].value) : "";
      const base = withoutTimeAttribute(types[2]);
      if (unit === "MILLISECOND" && base.root === "TIMESTAMP" && base.precision! < 3) return { ...base, precision: 3 };
      return base.root === "DATE" && FIXED_UNITS[unit] !== undefined && unit !== "DAY" ? timestampOf(6) : base;
    },
    refuse: (types, args) => {
      const unit = args[0].kind === "literal" ? args[0].value : "";
      if (isFiner(String(unit)))
        return {
          phase: "plan",
          message: `Unsupported call: /INT(INTERVAL SECOND(3) NOT NULL, INT NOT NULL): TIMESTAMPADD knows no ${unit}.`,
        };
      return unit === "MILLISECOND" ? refuseMilliseconds(types[2]) : null;
    },
    implement: (shape) => {
      const unit = unitOf(shape, 0);
      const { root } = shape.types[2];
      if (root === "TIME") return (_: unknown, amount: number, value: number) => timeOfDay(addUnits(unit, amount, value));
      if (root !== "DATE") return (_: unknown, amount: number, value: Timestamp) => shiftedBy(value, unitsInMs(unit, amount, msOf(value)));
      if (shape.result.root !== "DATE") return (_: unknown, amount: number, value: number) => addUnits(unit, amount, value * DAY_MS);
      return (_: unknown, amount: number, value: number) => {
        const day = Math.floor(addUnits(unit, amount, value * DAY_MS) / DAY_MS);
        if (day !== (day | 0)) throw new SqlRuntimeError("SQL_OVERFLOW", "integer overflow");
        return day;
      };
    },
    description: "A point in time moved by a number of units.",
    examples: [{ sql: "TIMESTAMPADD(DAY, 1, DATE '2026-02-28')", value: "2026-03-01" }],
  },
  {
    name: "TIMESTAMPDIFF",
    parameters: parameters("unit", "datetime", "datetime"),
    result: (_types, args) => (args[0].kind === "literal" && args[0].value === "NANOSECOND" ? BIGINT : INT),
    refuse: ([, a, b], args) => refuseDifference(args[0].kind === "literal" ? String(args[0].value) : "", a, b),
    implement: (shape) => {
      // Instants as they are: the session's zone does not come into it.
      const first = asMs(shape.types[1]);
      const second = asMs(shape.types[2]);
      const difference = differenceIn(unitOf(shape, 0));
      return (_: unknown, a: Timestamp, b: Timestamp) => difference(first(a), second(b));
    },
    description: "How many whole units lie between two points in time.",
    examples: [{ sql: "TIMESTAMPDIFF(HOUR, TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2026-01-01 05:30:00')", value: 5 }],
  },
];
