/** What a workspace hears while a problem is only looked at: nothing is run, judged or kept. */
import { ApiFailure } from "../api/failure.ts";
import type { WorkspaceApi } from "./workspace.svelte.ts";

/** @param refusal said instead of running or judging. */
export function previewApi(refusal: string): WorkspaceApi {
  const refuse = () => Promise.reject(new ApiFailure(403, "PREVIEW_ONLY", refusal));
  return {
    run: refuse,
    submit: refuse,
    submission: refuse,
    form: refuse,
    check: async () => ({ diagnostics: [] }),
    submissions: async () => [],
    openedHint: async () => {},
    chooseVersion: async () => {},
  };
}
