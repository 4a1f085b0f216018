import { z } from "zod";
import type { AuditPage } from "../../contract/index.ts";

export const auditPage: z.ZodType<AuditPage> = z.object({
  entries: z.array(
    z.object({
      id: z.number(),
      atMs: z.number(),
      actorId: z.string().nullable(),
      actorName: z.string().nullable(),
      address: z.string().nullable(),
      action: z.string(),
      target: z.string().nullable(),
      outcome: z.enum(["done", "refused"]),
      detail: z.string().nullable(),
    }),
  ),
  next: z.number().nullable(),
});

export const auditQuery = z.strictObject({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  action: z.string().max(64).optional(),
  actor: z.string().max(64).optional(),
});
