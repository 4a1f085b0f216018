/** Which version of a problem each learner is at. */
export interface LearnerVersion {
  readonly version: string;
  /** false = only looked at so far. */
  readonly isBegun: boolean;
}

export interface VersionRepository {
  find(userId: string, problemId: string): Promise<LearnerVersion | null>;
  /** The learner looks at this version; who has begun another one stays with that. */
  seen(userId: string, problemId: string, version: string): Promise<void>;
  /** The learner is at this version from now on. */
  begun(userId: string, problemId: string, version: string): Promise<void>;
  /** Whether anybody is at this version of one of the problems. */
  isBegun(problemIds: readonly string[], version: string): Promise<boolean>;
}
