/** One entry of the registry of errors. */
export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly hint?: string;
  /** Seconds after which trying again makes sense; sent as Retry-After. */
  readonly retryAfterS?: number;
}
