/** Packs that instructors bring in: an archive is read, proves itself in the background, and is served when its uploader says so. */
import type { DiagnosticData } from "@millrace/engine";
import type { ProblemKind } from "./index.ts";

/**
 * `broken`: it cannot be read, `diagnostics` say why. `waiting`, `verifying`: it is being verified. `passed`: everything is as it should be;
 * `failed`: some lines of the report have a complaint.
 */
export type PackState = "broken" | "waiting" | "verifying" | "passed" | "failed";

/** Life cycle, only ever forwards. Learners get what is `beta` or `active`; what is `deprecated` is no longer listed, but who is at it goes on. */
export type PackStatus = "draft" | "beta" | "active" | "deprecated";

export interface PackSummary {
  readonly id: string;
  readonly packId: string;
  readonly title: string;
  readonly version: string;
  readonly problems: number;
  readonly state: PackState;
  readonly status: PackStatus;
  readonly uploadedBy: string;
  readonly createdAtMs: number;
  /** How often its verification has begun; 0 = never. */
  readonly verification: number;
  /** null = not verified to the end yet. */
  readonly verifiedAtMs: number | null;
}

/** A wrong program that no world of its problem tells from a right one. */
export interface PackSurvivor {
  /** Which mistake was put in, and where. */
  readonly name: string;
  /** The line as it has it. */
  readonly shown: string;
}

export interface PackMutants {
  readonly killed: number;
  readonly equivalent: number;
  /** Wrong programs that no world tells from right ones: missing tests. */
  readonly survived: number;
  /** Empty in reports of earlier versions of the server. */
  readonly survivors: readonly PackSurvivor[];
  readonly dropped: number;
}

/** One check of the report: a bundled submission, its mutants, the structure of a problem and so on. */
export interface PackReportLine {
  readonly problem: string;
  /** Path below submissions/, or the name of the check. */
  readonly subject: string;
  /** What was found, e.g. "accepted 100/100". */
  readonly found: string;
  /** What should have been found; null = it is as it should be. */
  readonly complaint: string | null;
  readonly warnings: readonly string[];
  /** null = none were tried here. */
  readonly mutants: PackMutants | null;
  readonly tookMs: number;
}

export interface PackDetail extends PackSummary {
  readonly diagnostics: readonly DiagnosticData[];
  /** What has been checked so far. */
  readonly report: readonly PackReportLine[];
}

export interface PackStatusBody {
  readonly status: PackStatus;
}

/** A problem of a pack, for a list of them. */
export interface PackProblem {
  readonly id: string;
  readonly title: string;
  readonly kind: ProblemKind;
}

/** Event of GET /api/packs/:id/events. `begun`: the verification begins anew, what was told before is void. `planned`: how many lines there will be; told while they come. */
export type PackEvent =
  | { readonly kind: "begun" }
  | { readonly kind: "planned"; readonly lines: number }
  | { readonly kind: "line"; readonly line: PackReportLine }
  | { readonly kind: "finished"; readonly state: PackState };
