import { CompletableFuture } from "../flow/completable-future.ts";

/** The waiting of a source reader for data: asked for after NOTHING_AVAILABLE, ended by whoever brings something. */
export class ReaderAvailability {
  private future = CompletableFuture.completedFuture<void>(undefined);

  /** What `isAvailable` of the reader returns when it has nothing. */
  waiting(): CompletableFuture<void> {
    if (this.future.isDone()) this.future = new CompletableFuture<void>();
    return this.future;
  }

  notify(): void {
    this.future.complete(undefined);
  }
}
