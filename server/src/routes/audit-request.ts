/** One line to write down what a request did. */
import type { FastifyRequest } from "fastify";
import type { AuditLog, Deed } from "../services/audit-log.ts";

export function auditRequest(log: AuditLog, { viewer, ip }: FastifyRequest, deed: Deed): Promise<void> {
  return log.add({ viewer, address: ip }, deed);
}
