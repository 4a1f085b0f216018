/** How the grader holds on to a grading process, however it came into being. */
export interface ProcessLink {
  /** undefined = it could not be started. */
  readonly pid: number | undefined;
  write(text: string): void;
  /** SIGKILL, and what belonged to it is removed. */
  kill(): void;
}

export interface LinkEvents {
  onData(chunk: Buffer): void;
  /** It is gone, whoever was the cause; called once at most. */
  onEnd(why: string): void;
}
