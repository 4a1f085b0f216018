/** Calls about packs that are brought in. */
import type { PackDetail, PackEvent, PackProblem, PackStatus, PackSummary, ProblemDetail } from "@millrace/server/contract";
import { bare, type Caller, caller, post } from "./call.ts";
import { type EventListener, openEvents } from "./events.ts";

export interface PacksApi {
  list(): Promise<readonly PackSummary[]>;
  find(id: string): Promise<PackDetail>;
  /** @param archive a .zip of a pack. */
  upload(archive: Blob): Promise<PackDetail>;
  setStatus(id: string, status: PackStatus): Promise<PackDetail>;
  /** The report begins anew. */
  verify(id: string): Promise<PackDetail>;
  remove(id: string): Promise<void>;
  problems(id: string): Promise<readonly PackProblem[]>;
  /** As learners will get it. */
  problem(id: string, problem: string): Promise<ProblemDetail>;
}

export function createPacksApi({ call }: Pick<Caller, "call"> = caller): PacksApi {
  const path = (id: string, rest = "") => `/packs/${encodeURIComponent(id)}${rest}`;
  return {
    list: () => call("/packs"),
    find: (id) => call(path(id)),
    upload: (archive) => call("/packs", { method: "POST", headers: { "content-type": "application/zip" }, body: archive }),
    setStatus: (id, status) => call(path(id), post({ status }, "PATCH")),
    verify: (id) => call(path(id, "/verify"), bare("POST")),
    remove: (id) => call(path(id), bare("DELETE")),
    problems: (id) => call(path(id, "/problems")),
    problem: (id, problem) => call(path(id, `/problems/${encodeURIComponent(problem)}`)),
  };
}

export type OpenPackEvents = (id: string, listener: EventListener<PackEvent>) => () => void;

/** The report as it comes; the answer closes the stream. */
export const openPackEvents: OpenPackEvents = (id, listener) =>
  openEvents(`/packs/${encodeURIComponent(id)}/events`, listener, ({ kind }) => kind === "finished");

export const packsApi = createPacksApi();
