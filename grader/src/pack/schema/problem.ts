/** `problem.yaml`. */
import { z } from "zod";
import { language, name, text } from "./common.ts";
import { measure } from "./measure.ts";

/**
 * `datastream`: write a job in TypeScript. `sql`: write a script. `debug`: repair the job or script of the starter. `upgrade`: write the job that
 * takes over from a savepoint of `upgrade/v1.ts`. `trace`: fill in what the engine will do (trace.ts). `decide`: choose with reasons (decide.yaml).
 * `tune`: set the configuration of a given job (tune.yaml).
 */
const kind = z.enum(["datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"]);

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
  /**
   * Where the rows are: a topic of this output's name, or a table, index, stream or bucket of this name in one of the scenario's systems
   * (`system`), or what `print()` and the print connector wrote (`printed`; the column is `value`).
   */
  in: z.union([z.literal("topic"), z.literal("printed"), z.strictObject({ system: text, place: text.optional() })]).default("topic"),
  /**
   * What the records of a topic mean: `rows`, each one a row; `upsert`, the last one of a key counts, without a value it deletes (upsert-kafka);
   * `changelog`, a row has its kind in `op` (+I, -U, +U, -D, or Debezium's and Canal's own letters) and only the table that remains is compared.
   */
  reads: z.enum(["rows", "upsert", "changelog"]).default("rows"),
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
  covers: z.array(z.string().regex(/^S\d+(\.\d+)?$/, "an item such as S3.4")).default([]),
  followUps: z.array(text).default([]),
  /** What it becomes in a mock interview when the requirement changes: another problem of the pack, and the sentence that changes it. */
  followUp: z.strictObject({ problem: name, change: text }).optional(),
  constants: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** The submission whose outputs are the expected ones; absent = submissions/accepted/reference.ts, for `tune` reference.yaml. */
  reference: z.string().optional(),
  /** Topics of the input whose display needs help; others are shown with the keys of their first record. */
  inputs: z.record(z.string(), input).default({}),
  /** Compared topics. Empty only for kind `trace`. */
  outputs: z.record(z.string(), output).default({}),
  groups: z
    .array(
      z.strictObject({
        name,
        title: text,
        /** Points. */
        weight: z.number().int().positive(),
        /** `worlds`: weight × worlds passed ÷ worlds, rounded down. `all`: the whole weight for all worlds, else nothing. */
        scoring: z.enum(["worlds", "all"]).default("worlds"),
        /** Its worlds are only run when all of these groups passed entirely. */
        requires: z.array(name).default([]),
        /**
         * What a failure in it tells: `full`, all that the world's visibility allows; `verdict`, each world's verdict and no more; `score`, the points alone.
         */
        feedback: z.enum(["full", "verdict", "score"]).default("full"),
      }),
    )
    .default([{ name: "main", title: "All worlds", weight: 100, scoring: "worlds", requires: [], feedback: "full" }]),
  /** Per world. Normally left out: 3,000 ms of CPU and 350 MB. */
  limits: z
    .strictObject({ cpuMs: z.number().int().positive().default(3000), memoryMb: z.number().int().min(150).max(1000).default(350) })
    .default({ cpuMs: 3000, memoryMb: 350 }),
  /** Peak state may be this many times the reference's before the verdict is `state-too-large`. */
  stateBudget: z.strictObject({ peakBytesRatio: z.number().positive() }).optional(),
  /** Repeat this many worlds under two other scheduler seeds; a changing output is `nondeterministic`. */
  stability: z.strictObject({ worlds: z.number().int().positive() }).optional(),
  /** Figures with bounds; see measure.ts. */
  measures: z.array(measure).default([]),
  /** What the plan of a job or script must show, as in EXPLAIN. For answers of which the output alone says too little. */
  plan: z
    .strictObject({
      /** Every one of these must occur, e.g. `IntervalJoin`. */
      contains: z.array(text).default([]),
      /** None of these may. */
      lacks: z.array(text).default([]),
      /** The sentence for an answer that does otherwise. */
      because: text,
      languages: z.array(language).min(1).optional(),
    })
    .optional(),
  /** Options of checker.ts, handed to it as they are. */
  checker: z.record(z.string(), z.unknown()).default({}),
  /** How far the problem is: `draft` and `beta` are shown to those who may try them; a `deprecated` one stays for those who began it. */
  status: z.enum(["draft", "beta", "active", "deprecated"]).default("active"),
  /** Kind `trace`: the question above the table. */
  prompt: z.string().optional(),
});

export type ProblemYaml = z.infer<typeof problemSchema>;
