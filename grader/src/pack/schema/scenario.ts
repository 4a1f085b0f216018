/** `scenarios/*.yaml`: a world before a seed is drawn. */
import { z } from "zod";
import { name, text, time } from "./common.ts";

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
      /** Elements that a channel between two subtasks holds; absent = the engine's default. */
      channelCapacity: z.number().int().min(2).max(4096).optional(),
      /** The cluster's own configuration under Flink's keys. */
      configuration: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
    })
    .default({ taskManagers: 1, slots: 2, parallelism: 1, configuration: {} }),
  /** Input topics. Without `records` the topic is filled by generate.ts. */
  streams: z
    .record(
      z.string(),
      z.strictObject({
        partitions: z.number().int().min(1).max(256).default(1),
        /** Partitions added while the job runs. */
        growth: z.array(z.strictObject({ at: time, partitions: z.number().int().min(1).max(256) })).optional(),
        records: z.array(record).optional(),
      }),
    )
    .default({}),
  /**
   * Databases, table formats, file systems … as the engine describes them (`SystemDescription` of its kind), times as `{ $time: … }`. generate.ts
   * adds to them by returning a description under the same name.
   */
  systems: z.array(z.looseObject({ kind: text, name })).default([]),
  /** Services that asynchronous functions ask by key (`ServiceDescription`). */
  services: z.array(z.looseObject({ name })).default([]),
  /** Settings of the log broker. */
  broker: z.strictObject({ transactionMaxTimeout: z.string().optional() }).optional(),
  /** Kind `upgrade`: when version 1 is stopped with a savepoint, how long nothing runs, and how version 2 is started. */
  upgrade: z
    .strictObject({
      at: time,
      downtime: z.string().default("0s"),
      parallelism: z.number().int().min(1).max(128).optional(),
      allowNonRestoredState: z.boolean().default(false),
    })
    .optional(),
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

export type ScenarioYaml = z.infer<typeof scenarioSchema>;
