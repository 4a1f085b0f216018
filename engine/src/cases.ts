/** Door `@millrace/engine/cases`: cases in the format in which real Flink's behaviour is recorded, run and made. */
export { type CaseExport, type ExportRequest, exportCases } from "./cases/export-cases.ts";
export { type CaseRefusal, type CaseResult, type Emitted, resultOf, withResult } from "./cases/run-case.ts";
export type { SqlCase, SqlCaseInput, SqlCaseTable } from "./cases/sql-case.ts";
