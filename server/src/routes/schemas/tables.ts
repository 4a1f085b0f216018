/** Rows of cells, as reports and samples show them. */
import { z } from "zod";
import type { SampleTable } from "../../contract/index.ts";

export const cells = z.array(z.unknown());

export const tableColumns = z.array(z.object({ name: z.string(), role: z.enum(["value", "eventTime", "processingTime", "offset"]) }));

export const sampleTable: z.ZodType<SampleTable> = z.object({ topic: z.string(), columns: tableColumns, rows: z.array(cells) });
