/** The texts that one is at, kept on the server as well. Nobody presses a button for it, so none of these calls opens a log-in. */
import type { Draft, DraftBody, SavedDraft } from "@millrace/server/contract";
import { bare, type Caller, caller, post } from "./call.ts";

export interface DraftApi {
  list(problem: string): Promise<readonly Draft[]>;
  /** @param leaving the page is about to go: the call outlives it. */
  save(problem: string, file: string, body: DraftBody, leaving?: boolean): Promise<SavedDraft>;
  remove(problem: string, file: string): Promise<void>;
}

export function createDraftApi({ call }: Pick<Caller, "call"> = caller): DraftApi {
  const path = (problem: string, file: string) => `/problems/${encodeURIComponent(problem)}/drafts/${encodeURIComponent(file)}`;
  const background = { background: true };
  return {
    list: (problem) => call(`/problems/${encodeURIComponent(problem)}/drafts`, {}, background),
    save: (problem, file, body, leaving = false) => call(path(problem, file), { ...post(body, "PUT"), keepalive: leaving }, background),
    remove: (problem, file) => call(path(problem, file), bare("DELETE"), background),
  };
}

export const draftApi = createDraftApi();
