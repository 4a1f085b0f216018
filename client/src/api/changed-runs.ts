/** Worlds that were seen, run again with changes. */
import type { ChangedRun, ChangedSampleBody, ChangedSubmissionBody } from "@millrace/server/contract";
import { type Caller, caller, post } from "./call.ts";

export interface ChangedRunApi {
  sample(problem: string, body: ChangedSampleBody, signal?: AbortSignal): Promise<ChangedRun>;
  submission(id: string, body: ChangedSubmissionBody, signal?: AbortSignal): Promise<ChangedRun>;
}

export function createChangedRunApi({ call }: Pick<Caller, "call"> = caller): ChangedRunApi {
  const id = encodeURIComponent;
  return {
    sample: (problem, body, signal) => call(`/problems/${id(problem)}/changed-run`, { ...post(body), signal }),
    submission: (submission, body, signal) => call(`/submissions/${id(submission)}/changed-run`, { ...post(body), signal }),
  };
}

export const changedRuns = createChangedRunApi();
