/** Live progress of a submission by server-sent events. The browser reconnects by itself and the server replays what was missed. */
import type { JudgeProgress } from "@millrace/server/contract";

export interface ProgressListener {
  progress(message: JudgeProgress): void;
  /** The stream ended without "finished" and will not come back by itself. */
  closed(): void;
  /** Trying to reconnect. */
  interrupted(): void;
}

export type OpenProgress = (submissionId: string, listener: ProgressListener) => () => void;

/** Opens the stream; the answer closes it. */
export const openProgress: OpenProgress = (submissionId, listener) => {
  const source = new EventSource(`/api/submissions/${encodeURIComponent(submissionId)}/events`);
  source.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as JudgeProgress;
    if (message.kind === "finished") source.close();
    listener.progress(message);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) listener.closed();
    else listener.interrupted();
  };
  return () => source.close();
};
