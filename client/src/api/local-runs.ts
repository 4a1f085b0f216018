/** What it takes to run programs here. */
import type { ProgramAnswer, ProgramBody, RunKitAnswer, SubmissionWorld } from "@millrace/server/contract";
import { texts } from "../texts/en.ts";
import { type Caller, caller, post } from "./call.ts";
import { ApiFailure } from "./failure.ts";

export interface LocalRunApi {
  kit(problem: string): Promise<RunKitAnswer>;
  program(problem: string, body: ProgramBody, signal?: AbortSignal): Promise<ProgramAnswer>;
  /** The smallest world of a verdict. */
  world(submission: string): Promise<SubmissionWorld>;
  /** One of the guest's scripts, as text. */
  script(guest: string, name: "shell" | "core" | "tables"): Promise<string>;
}

export function createLocalRunApi(
  { call }: Pick<Caller, "call"> = caller,
  fetcher: (path: string) => Promise<Response> = (path) => fetch(path),
): LocalRunApi {
  const id = encodeURIComponent;
  return {
    kit: (problem) => call(`/problems/${id(problem)}/run-kit`),
    program: (problem, body, signal) => call(`/problems/${id(problem)}/program`, { ...post(body), signal }),
    world: (submission) => call(`/submissions/${id(submission)}/world`),
    script: async (guest, name) => {
      const response = await fetcher(`/runner/${id(guest)}/${name}.js`).catch(() => null);
      if (response === null) throw new ApiFailure(0, "NETWORK_AWAY", texts.errors.network);
      if (!response.ok) throw new ApiFailure(response.status, "SERVER_STATUS", texts.errors.server(response.status));
      return response.text();
    },
  };
}

export const localRunApi = createLocalRunApi();
