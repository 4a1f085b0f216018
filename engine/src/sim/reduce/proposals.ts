/**
 * How a reduction talks with whoever can run worlds: it proposes something smaller, hears whether that still fails, and in the end returns
 * the smallest it knows. As a generator it waits for the answer, however long it takes, so one implementation serves callers that run a world at
 * once and callers that ask another process.
 *
 * Rule for all proposals: a proposal that still fails is taken over. So the last one that did is always the best known, and a reduction may be
 * broken off at any time.
 */
export type Proposals<T> = Generator<T, T, boolean>;

/** Proposals about a part, told as proposals about the whole. */
export function* within<P, W>(parts: Proposals<P>, whole: (part: P) => W): Generator<W, P, boolean> {
  let step = parts.next();
  while (step.done !== true) step = parts.next(yield whole(step.value));
  return step.value;
}

/** Answers all proposals at once. */
export function answered<T, R>(proposals: Generator<T, R, boolean>, fails: (proposed: T) => boolean): R {
  let step = proposals.next();
  while (step.done !== true) step = proposals.next(fails(step.value));
  return step.value;
}

/** Answers one proposal after the other, each when its answer is there. */
export async function answeredLater<T, R>(proposals: Generator<T, R, boolean>, fails: (proposed: T) => Promise<boolean>): Promise<R> {
  let step = proposals.next();
  while (step.done !== true) step = proposals.next(await fails(step.value));
  return step.value;
}
