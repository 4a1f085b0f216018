/** Submissions and their judging, as services see them. Asynchronous, so that a database over the network can take SQLite's place. */
import type {
  Explanation,
  JudgeProgress,
  JudgeReport,
  Language,
  SubmissionDetail,
  SubmissionLane,
  SubmissionSummary,
} from "../contract/index.ts";
import type { Job, JobSource, Lane, Lease } from "./jobs.ts";

export interface NewSubmission {
  readonly userId: string;
  readonly problemId: string;
  readonly packVersion: string;
  readonly language: Language;
  readonly text: string;
  /** null = none. */
  readonly functions: string | null;
  readonly variation: number;
  /** Absent = `interactive`. */
  readonly lane?: SubmissionLane;
  readonly createdAtMs: number;
}

export interface StoredSubmission extends Omit<SubmissionDetail, "worldKept"> {
  readonly userId: string;
}

export interface StoredEvent {
  readonly seq: number;
  readonly progress: JudgeProgress;
}

export interface ProblemStanding {
  readonly problemId: string;
  readonly lastVerdict: string | null;
  readonly bestScore: number | null;
}

export interface SubmissionRepository extends JobSource {
  /** Stores as `queued` with the next number of its user and problem; null when `maxOpen` submissions of its lane are open already. */
  add(submission: NewSubmission, maxOpen: number): Promise<SubmissionSummary | null>;
  find(id: string): Promise<StoredSubmission | null>;
  /** Of one user, newest first. */
  listByProblem(problemId: string, userId: string): Promise<readonly SubmissionSummary[]>;
  /** Verdict of the newest judged submission and best score, per problem that the user has any for. Judge errors count for nothing. */
  standings(userId: string): Promise<readonly ProblemStanding[]>;
  /** Whether anybody has submitted to one of these problems in this version. */
  hasAny(problemIds: readonly string[], packVersion: string): Promise<boolean>;
  /** Waiting for a verdict, not yet taken. */
  countQueued(): Promise<number>;

  /** Waiting submissions of the lane; the lane `batch` also holds explanations that were cut off. Default `interactive`. */
  claim(owner: string, leaseUntilMs: number, lane?: Lane): Promise<Job | null>;
  /** Stores progress for watchers; false when the lease is no longer held. */
  addProgress(lease: Lease, progress: JudgeProgress): Promise<boolean>;
  /** Stores the report and the closing event together and ends the lease; false when the lease is no longer held. */
  complete(lease: Lease, report: JudgeReport, judgedAtMs: number): Promise<boolean>;
  /**
   * Stores the verdict, which stands from now on, with the event `judged`. The lease is kept, for `explained`, under the purpose
   * `explanation`; false when it is no longer held.
   */
  conclude(lease: Lease, report: JudgeReport, judgedAtMs: number): Promise<boolean>;
  /** Adds the explanation (null = none was found) and the closing event and ends the lease; false when it is no longer held. */
  explained(lease: Lease, explanation: Explanation | null): Promise<boolean>;

  /** Progress after event `afterSeq`, in order; the closing event carries the report. */
  progressAfter(id: string, afterSeq: number): Promise<readonly StoredEvent[]>;
}
