/** Packs that were brought in, and what verifying them has found. */
import type { PackDetail, PackReportLine, PackState, PackStatus, PackSummary } from "../contract/index.ts";

export interface NumberedLine {
  readonly seq: number;
  readonly line: PackReportLine;
}

export interface PackRepository {
  add(pack: Omit<PackDetail, "report" | "verification" | "verifiedAtMs">): Promise<void>;
  /** Newest first. @param uploadedBy null = everybody's. */
  list(uploadedBy: string | null): Promise<readonly PackSummary[]>;
  find(id: string): Promise<PackDetail | null>;
  /** Those not verified to the end, the oldest first. */
  unverified(): Promise<readonly string[]>;
  /** To be verified anew; its report stands until that begins. */
  enqueue(id: string): Promise<void>;
  /** With its report. */
  remove(id: string): Promise<void>;
  /** Begins the report anew, and counts it. */
  begin(id: string): Promise<void>;
  addLine(id: string, line: PackReportLine): Promise<void>;
  finish(id: string, state: PackState, atMs: number): Promise<void>;
  linesAfter(id: string, seq: number): Promise<readonly NumberedLine[]>;
  /** Those of a status, the oldest first. */
  ofStatus(status: PackStatus): Promise<readonly PackSummary[]>;
  setStatus(id: string, status: PackStatus): Promise<void>;
}
