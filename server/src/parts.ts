/** What routes are made from: composed in `server.ts`, handed to each route file by name. */
import type { RejudgeRepository } from "./repositories/rejudges.ts";
import type { SubmissionRepository } from "./repositories/submissions.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import type { JudgeGate } from "./services/judge/judge-gate.ts";
import type { Signals } from "./services/queue/signals.ts";
import type { RunLane } from "./services/run-lane.ts";

/** What routes need of the queue. */
export interface QueueDoor {
  /** Says that there may be work. */
  wake(): void;
  /** When to come again, if so many wait. */
  retryAfterS(waiting: number): number;
}

export interface Parts {
  readonly catalog: Catalog;
  readonly submissions: SubmissionRepository;
  readonly rejudges: RejudgeRepository;
  readonly judge: JudgeGate;
  readonly signals: Signals;
  readonly runs: RunLane;
  readonly checks: RunLane;
  readonly queue: QueueDoor;
  readonly version: string;
}
