/**
 * Runs ordered by their first event, the earliest at index 0. Runs that began with the same event are equal to the order, and which of
 * them goes first decides the order of matches that one event completes. Flink leaves that to the array of a Java `PriorityQueue`, so
 * this is one, move for move: a binary heap in a plain array (the array is part of keyed state).
 */
import { type ComputationState, compareStart } from "./computation-state.ts";

export type ComputationQueue = ComputationState[];

export function offer(queue: ComputationQueue, state: ComputationState): void {
  let hole = queue.length;
  queue.push(state);
  while (hole > 0) {
    const parent = (hole - 1) >>> 1;
    if (compareStart(state, queue[parent]) >= 0) break;
    queue[hole] = queue[parent];
    hole = parent;
  }
  queue[hole] = state;
}

/** Removes the earliest; the queue must not be empty. */
export function poll(queue: ComputationQueue): ComputationState {
  const first = queue[0];
  const last = queue.pop() as ComputationState;
  if (queue.length > 0) siftDown(queue, 0, last);
  return first;
}

/** Removes all that satisfy the predicate and makes the rest a heap again. */
export function removeWhere(queue: ComputationQueue, isUnwanted: (state: ComputationState) => boolean): void {
  const kept = queue.filter((state) => !isUnwanted(state));
  if (kept.length === queue.length) return;
  queue.length = kept.length;
  for (let index = 0; index < kept.length; index++) queue[index] = kept[index];
  for (let index = (queue.length >>> 1) - 1; index >= 0; index--) siftDown(queue, index, queue[index]);
}

function siftDown(queue: ComputationQueue, from: number, state: ComputationState): void {
  const { length } = queue;
  const half = length >>> 1;
  let hole = from;
  while (hole < half) {
    let child = 2 * hole + 1;
    const right = child + 1;
    if (right < length && compareStart(queue[child], queue[right]) > 0) child = right;
    if (compareStart(state, queue[child]) <= 0) break;
    queue[hole] = queue[child];
    hole = child;
  }
  queue[hole] = state;
}
