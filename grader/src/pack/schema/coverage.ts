/** `coverage.yaml`, beside the packs: the items that problems name in `covers`, and how many problems of each kind there have to be. */
import { z } from "zod";
import { text } from "./common.ts";

/** What `atLeast` may count besides kinds: all problems, and those whose topics have "real data". */
export const ALL = "all";
export const REAL_DATA = "real data";

export const coverageSchema = z.strictObject({
  format: z.literal(1),
  atLeast: z
    .partialRecord(z.enum([ALL, REAL_DATA, "datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"]), z.number().int())
    .optional(),
  /** Id, e.g. S3.4, and in a few words what it is. */
  items: z.record(z.string().regex(/^S\d+(\.\d+)?$/, "an item such as S3.4"), text),
});

export type CoverageYaml = z.infer<typeof coverageSchema>;
