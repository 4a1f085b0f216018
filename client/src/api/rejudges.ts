/** Calls about judging anew. */
import type { RejudgeDetail, RejudgeFilter, RejudgeSummary } from "@millrace/server/contract";
import { type Caller, caller, post } from "./call.ts";

export interface RejudgesApi {
  list(): Promise<readonly RejudgeSummary[]>;
  find(id: string): Promise<RejudgeDetail>;
  add(filter: RejudgeFilter): Promise<RejudgeDetail>;
  apply(id: string): Promise<RejudgeDetail>;
  cancel(id: string): Promise<RejudgeDetail>;
}

export function createRejudgesApi({ call }: Pick<Caller, "call"> = caller): RejudgesApi {
  const path = (id: string, rest = "") => `/rejudges/${encodeURIComponent(id)}${rest}`;
  return {
    list: () => call("/rejudges"),
    find: (id) => call(path(id)),
    add: (filter) => call("/rejudges", post(filter)),
    apply: (id) => call(path(id, "/apply"), post({})),
    cancel: (id) => call(path(id, "/cancel"), post({})),
  };
}

export const rejudgesApi = createRejudgesApi();
