/** What a workspace may ask for while a problem is only looked at: nothing is run, judged or kept. */
import { type Api, ApiFailure } from "../api/client.ts";

/** @param refusal said instead of running or judging. */
export function previewApi(api: Pick<Api, "types">, refusal: string): Api {
  const refuse = () => Promise.reject(new ApiFailure(403, "PREVIEW_ONLY", refusal));
  return {
    problems: refuse,
    problem: refuse,
    form: refuse,
    run: refuse,
    check: async () => ({ diagnostics: [] }),
    submit: refuse,
    submissions: async () => [],
    submission: refuse,
    types: () => api.types(),
  };
}
