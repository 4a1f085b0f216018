/**
 * What the contract's types refer to, without the rest of the grader: tsconfig.json maps "@millrace/grader" to this file, so that checking
 * the client does not check a sandbox made for Node. Never imported by name, erased at build.
 */
export type * from "../../../grader/src/explain/explanation.ts";
export type * from "../../../grader/src/judge/changed-run-report.ts";
export type { LocalProgram } from "../../../grader/src/judge/local-run.ts";
export type * from "../../../grader/src/judge/report.ts";
export type { RunKit } from "../../../grader/src/judge/run-kit.ts";
export type * from "../../../grader/src/judge/samples.ts";
export type * from "../../../grader/src/judge/verdict.ts";
export type { PlacedRecord, WorldChange } from "../../../grader/src/plan/world-changes.ts";
