/** What routes are made from: composed in `server.ts`, handed to each route file by name. */
import type { SubmissionRepository } from "./repositories/submissions.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import type { JudgeGate } from "./services/judge/judge-gate.ts";
import type { Signals } from "./services/queue/signals.ts";
import type { RunLane } from "./services/run-lane.ts";

export interface Parts {
  readonly catalog: Catalog;
  readonly submissions: SubmissionRepository;
  readonly judge: JudgeGate;
  readonly signals: Signals;
  readonly runs: RunLane;
  readonly checks: RunLane;
  /** Says to the queue that a submission came in. */
  readonly wakeQueue: () => void;
  readonly version: string;
}
