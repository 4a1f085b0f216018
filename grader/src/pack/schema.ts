/**
 * Pack format 1: what may stand in `pack.yaml`, `problem.yaml`, `scenarios/*.yaml` and `submissions.yaml`.
 *
 * All objects are strict: an unknown key is an error (yaml-file.ts names the nearest known one). Before a file is parsed, `{{name}}`
 * is replaced by the constant of that name from `problem.yaml` (see constants.ts), so numbers cannot drift apart.
 *
 * Times (`Time` below) are an ISO instant ("2026-01-05T10:00:00Z"), a time of day on the day of `start` in UTC ("10:00:00",
 * "10:00:00.250"), an offset from `start` ("+5s", "+1h30m", "+250ms") or epoch milliseconds (a number).
 * Inside record values strings stay strings; `{ $time: "10:00:05" }` becomes epoch milliseconds.
 */
import { z } from "zod";
import { VERDICTS } from "../judge/verdict.ts";

const name = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "letters, digits, '_', '-' and '.' only");
const text = z.string().min(1);

/** A point in virtual time; see the head of this file. */
const time = z.union([z.string().min(1), z.number().int()]);

export const packSchema = z.strictObject({
  format: z.literal(1),
  id: name,
  title: text,
  version: z.string().regex(/^\d+\.\d+\.\d+/, "a version such as 1.0.0"),
  licence: text,
  authors: z.array(text).min(1),
  /** Range of engine versions, e.g. ">=0.1". */
  engine: text,
  sections: z.array(z.strictObject({ number: z.number().int(), title: text, subtitle: z.string().default("") })).min(1),
});

/** `datastream`: a job in TypeScript. `sql`: a script. `trace`: a table to fill in. The others are like `datastream` for the judge. */
const kind = z.enum(["datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"]);
const language = z.enum(["datastream", "sql", "trace"]);

/**
 * A column of an output, in display order. A bare name compares values as they are (numbers and booleans also equal their text).
 * `time` takes epoch ms, ISO and SQL timestamps for equal when they name the same instant; `number` allows a tolerance.
 */
const column = z.union([
  z.string().min(1),
  z.strictObject({ name: text, type: z.enum(["any", "time", "number"]).default("any"), tolerance: z.number().min(0).default(0) }),
]);

const output = z.strictObject({
  /** The columns that name a row in sentences and pair it with the expected one. Must be among `columns`. */
  identity: z.array(text).min(1),
  columns: z.array(column).min(1),
  /** `late`: when only this topic differs, the verdict is `late-data`. */
  role: z.enum(["result", "late"]).default("result"),
  /** `perKey`: rows of one identity must come in the reference's order. */
  order: z.enum(["none", "perKey"]).default("none"),
  /** Answers in other languages cannot write this topic, so it is not compared for them; absent = all. */
  languages: z.array(language).min(1).optional(),
});

const input = z.strictObject({
  columns: z.array(text).min(1).optional(),
  /** The column that carries event time (epoch ms), marked in the sample tables. */
  eventTime: text.optional(),
});

export const problemSchema = z.strictObject({
  format: z.literal(1),
  id: name,
  title: text,
  kind,
  /** Derived from the files in starter/ when absent. */
  languages: z.array(language).min(1).optional(),
  difficulty: z.number().int().min(1).max(5),
  /** Number of a section in pack.yaml. */
  section: z.number().int(),
  minutes: z.number().int().positive(),
  topics: z.array(text).default([]),
  /** Seed items, e.g. S3.4. */
  covers: z.array(z.string().regex(/^S\d+\.\d+$/, "an item such as S3.4")).default([]),
  followUps: z.array(text).default([]),
  constants: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.string(), z.number(), z.boolean()])).default({}),
  reference: z.string().default("submissions/accepted/reference.ts"),
  /** Topics of the input whose display needs help; others are shown with the keys of their first record. */
  inputs: z.record(z.string(), input).default({}),
  /** Compared topics. Empty only for kind `trace`. */
  outputs: z.record(z.string(), output).default({}),
  groups: z
    .array(z.strictObject({ name, title: text, weight: z.number().int().positive() }))
    .default([{ name: "main", title: "All worlds", weight: 100 }]),
  /** Per world. Normally left out: 3,000 ms of CPU and 350 MB. */
  limits: z
    .strictObject({ cpuMs: z.number().int().positive().default(3000), memoryMb: z.number().int().min(150).max(1000).default(350) })
    .default({ cpuMs: 3000, memoryMb: 350 }),
  /** Peak state may be this many times the reference's before the verdict is `state-too-large`. */
  stateBudget: z.strictObject({ peakBytesRatio: z.number().positive() }).optional(),
  /** Repeat this many worlds under two other scheduler seeds; a changing output is `nondeterministic`. */
  stability: z.strictObject({ worlds: z.number().int().positive() }).optional(),
  /** Kind `trace`: the question above the table. */
  prompt: z.string().optional(),
});

const record = z.strictObject({
  /** When the record is appended (processing time). */
  at: time,
  partition: z.number().int().min(0).default(0),
  key: z.union([z.string(), z.number(), z.null()]).optional(),
  value: z.unknown(),
  /** The log record's own timestamp; absent = `at`. */
  timestamp: time.optional(),
});

export const scenarioSchema = z.strictObject({
  format: z.literal(1),
  /** What this world is like; shown to learners also when its data are not. */
  title: text,
  /** Who may see this world's data; absent = hidden. */
  visibility: z.enum(["sample", "revealed-on-failure", "hidden"]).default("hidden"),
  /** Name of a group in problem.yaml; absent = the first. */
  group: name.optional(),
  /** A count (seeds 1…n) or a list. */
  seeds: z.union([z.number().int().positive(), z.array(z.number().int()).min(1)]).default(1),
  start: z.union([z.string(), z.number()]),
  cluster: z
    .strictObject({
      taskManagers: z.number().int().min(1).max(64).default(1),
      slots: z.number().int().min(1).max(64).default(2),
      parallelism: z.number().int().min(1).max(128).default(1),
    })
    .default({ taskManagers: 1, slots: 2, parallelism: 1 }),
  /** Input topics. Without `records` the topic is filled by generate.ts. */
  streams: z.record(
    z.string(),
    z.strictObject({ partitions: z.number().int().min(1).max(256).default(1), records: z.array(record).optional() }),
  ),
  /** Parameters handed to generate.ts. */
  generate: z.record(z.string(), z.unknown()).optional(),
  /** Topics created empty; those in problem.yaml's `outputs` always are. */
  outputs: z.array(z.union([z.string(), z.strictObject({ topic: text, partitions: z.number().int().min(1).max(256) })])).default([]),
  /**
   * E.g. "crash tm 1 after 120 records", "crash tm 2 at 10:05:00", "crash jm when checkpoint 3 is acked" (triggered, barrier, acked,
   * completed, committed). `any` for the number and `20..200` for a figure are drawn from the seed. Task managers count from 1.
   */
  faults: z.array(z.string()).default([]),
  end: z.union([z.literal("drain"), z.strictObject({ stop: time }), z.strictObject({ cancel: time })]).default("drain"),
  /** Virtual cost per record and operator name ("*" = every): "10us", "40ms", "1s". */
  costs: z.record(z.string(), z.string()).default({}),
});

const verdict = z.enum(VERDICTS);

/** `submissions.yaml`: only what differs from "the folder's name is the verdict". Keys are paths below submissions/. */
export const submissionsSchema = z.record(
  z.string(),
  z.strictObject({
    /** Verdicts it may get; absent = the folder's. */
    permitted: z.array(verdict).min(1).optional(),
    /** Id of the hint in hints.md that the judge must show. */
    hint: z.string().optional(),
    /** Absent = by file ending: .ts datastream, .sql sql, .yaml trace. */
    language: language.optional(),
    /** Least and greatest score allowed. */
    score: z.tuple([z.number(), z.number()]).optional(),
  }),
);

export type PackYaml = z.infer<typeof packSchema>;
export type ProblemYaml = z.infer<typeof problemSchema>;
export type ScenarioYaml = z.infer<typeof scenarioSchema>;
export type SubmissionsYaml = z.infer<typeof submissionsSchema>;
