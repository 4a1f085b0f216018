/** Live progress of a submission by server-sent events. */
import type { JudgeProgress } from "@millrace/server/contract";
import { openEvents } from "./events.ts";

export interface ProgressListener {
  progress(message: JudgeProgress): void;
  /** The stream ended without "finished" and will not come back by itself. */
  closed(): void;
  /** Trying to reconnect. */
  interrupted(): void;
}

export type OpenProgress = (submissionId: string, listener: ProgressListener) => () => void;

/** Opens the stream; the answer closes it. */
export const openProgress: OpenProgress = (submissionId, listener) =>
  openEvents<JudgeProgress>(
    `/submissions/${encodeURIComponent(submissionId)}/events`,
    {
      message: (message) => listener.progress(message),
      closed: () => listener.closed(),
      interrupted: () => listener.interrupted(),
    },
    ({ kind }) => kind === "finished",
  );
