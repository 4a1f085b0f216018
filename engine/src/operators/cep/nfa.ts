/**
 * The automaton at work (Flink: `NFA`). It finds matches in events that come in the order of their time.
 *
 * A *run* (`ComputationState`) is one attempt at a match: the state it waits in and the events taken so far. One run waits in the start
 * state for ever. With each event every run is looked at once:
 *
 *   1. From its state, and from states reached over PROCEED edges, all TAKE and IGNORE edges whose condition holds are collected.
 *   2. Each of them makes a successor: a run may fork (take the event or wait for a better one), stay, or end.
 *   3. A successor in the final state is a match. If any successor is in a STOP state, the others of this run are dropped with it.
 *
 * Forks share the events they have in common (`SharedBuffer`); version numbers keep them apart, and the way in which a number grows at a
 * fork depends on how many forks there are, which is why all edges are collected first.
 *
 * Matches are emitted at once, except that a skip strategy wants them in the order of their first events: a match then waits until no run
 * that began earlier is left (`NfaState.completed`).
 *
 * Nothing here knows of operators or streams: SQL's MATCH_RECOGNIZE runs on the same class.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { invariant } from "../../base/invariant.ts";
import { MAX_TIMESTAMP } from "../../base/long.ts";
import type { AfterMatchSkipStrategy, MatchedEvents } from "./after-match-skip-strategy.ts";
import { type ComputationQueue, offer, poll, removeWhere } from "./computation-queue.ts";
import { compareStart, type ComputationState, type EventId, sameComputation, startComputation } from "./computation-state.ts";
import { type DeweyNumber, increased, withStage } from "./dewey-number.ts";
import type { NfaGraph, StateEdge, StateNode } from "./nfa-graph.ts";
import { eventsOfRun, type Match, RunContext, CurrentRun } from "./run-context.ts";
import type { SharedBuffer } from "./shared-buffer.ts";

export type { Match } from "./run-context.ts";

/** The runs of one key; plain data, since it lives in keyed state. */
export interface NfaState {
  partial: ComputationQueue;
  /** Matches that wait for earlier runs to end. */
  completed: ComputationQueue;
  /** Something is different from what was last stored. */
  changed: boolean;
  /** A run has begun since the state was last stored. */
  startedRun: boolean;
}

export interface TimedOutMatch {
  readonly match: Match;
  /** When its time was over. */
  readonly timestampMs: number;
}

export interface AdvanceResult {
  /** Matches that only waited for time to pass. */
  readonly matches: readonly Match[];
  /** Runs that will never become matches; only when asked for. */
  readonly timedOut: readonly TimedOutMatch[];
}

export interface NfaOptions {
  readonly skipStrategy: AfterMatchSkipStrategy;
  /** Whether runs whose time is over are reported. */
  readonly handleTimeout: boolean;
  readonly processingTime: () => number;
}

const NOTHING: AdvanceResult = Object.freeze({ matches: [], timedOut: [] });

export class Nfa {
  private readonly graph: NfaGraph;
  private readonly buffer: SharedBuffer;
  private readonly skipStrategy: AfterMatchSkipStrategy;
  private readonly handleTimeout: boolean;
  private readonly current: CurrentRun;
  private readonly context: RunContext;
  // The event being processed; it gets an id when a run takes it.
  private event: unknown = null;
  private eventMs = 0;
  private eventId: EventId | null = null;

  constructor(graph: NfaGraph, buffer: SharedBuffer, { skipStrategy, handleTimeout, processingTime }: NfaOptions) {
    this.graph = graph;
    this.buffer = buffer;
    this.skipStrategy = skipStrategy;
    this.handleTimeout = handleTimeout;
    this.current = new CurrentRun(buffer);
    this.context = new RunContext(this.current, processingTime);
  }

  /** Longest time from first to last event in ms; 0 = any. */
  get windowMs(): number {
    return this.graph.windowMs;
  }

  createInitialState(): NfaState {
    return { partial: [startComputation(this.graph.start.name)], completed: [], changed: false, startedRun: false };
  }

  /** Shows an event to all runs. Returns the matches that may be emitted now. `advanceTime` must have been called with its time before. */
  process(state: NfaState, event: unknown, timestampMs: number): Match[] {
    this.event = event;
    this.eventMs = timestampMs;
    this.eventId = null;
    const partial: ComputationQueue = [];
    const matched: ComputationQueue = [];
    for (const run of state.partial) this.advanceRun(state, run, partial, matched);
    if (matched.length > 0) state.changed = true;
    const matches = this.emitMatches(state, matched, partial);
    state.partial = partial;
    if (this.eventId !== null) this.buffer.releaseEvent(this.eventId);
    this.event = null;
    return matches;
  }

  /** No event before this time will come: ends runs that took too long. */
  advanceTime(state: NfaState, timestampMs: number): AdvanceResult {
    const matched: ComputationQueue = [];
    let timedOut: TimedOutMatch[] | null = null;
    let partial: ComputationQueue | null = null;
    for (let index = 0; index < state.partial.length; index++) {
      const run = state.partial[index];
      const deadlineMs = this.missedDeadline(run, timestampMs);
      if (deadlineMs === null) {
        if (partial !== null) offer(partial, run);
        continue;
      }
      state.changed = true;
      partial ??= state.partial.slice(0, index);
      if (this.nodeOf(run).kind === "PENDING") {
        offer(matched, run);
        continue;
      }
      if (this.handleTimeout) {
        timedOut ??= [];
        timedOut.push({ match: eventsOfRun(this.buffer, run), timestampMs: deadlineMs });
      }
      this.release(run);
    }
    const matches = this.emitMatches(state, matched, partial ?? state.partial);
    if (partial !== null) state.partial = partial;
    this.buffer.advanceTime(timestampMs);
    return matches.length === 0 && timedOut === null ? NOTHING : { matches, timedOut: timedOut ?? [] };
  }

  /** When a run's time was over, if that is not later than now; else null. */
  private missedDeadline(run: ComputationState, nowMs: number): number | null {
    if (run.startEvent === null) return null;
    const betweenMs = this.graph.windowMsByState.get(run.stateName) ?? 0;
    if (isOver(nowMs, run.previousMs, betweenMs)) return run.previousMs + betweenMs;
    return isOver(nowMs, run.startMs, this.graph.windowMs) ? run.startMs + this.graph.windowMs : null;
  }

  private advanceRun(state: NfaState, run: ComputationState, partial: ComputationQueue, matched: ComputationQueue): void {
    const successors = this.successorsOf(run);
    if (successors.length !== 1 || !sameComputation(successors[0], run)) state.changed = true;
    const fromStart = this.nodeOf(run).kind === "START";
    const retained: ComputationState[] = [];
    let stopped = false;
    for (const successor of successors) {
      if (fromStart && successor.startMs > 0) state.startedRun = true;
      const { kind } = this.nodeOf(successor);
      if (kind === "FINAL") {
        offer(matched, successor);
      } else if (kind === "STOP") {
        stopped = true;
        this.release(successor);
      } else {
        retained.push(successor);
      }
    }
    if (stopped && fromStart) throw absenceWithoutBeginning();
    for (const successor of retained) {
      if (stopped) this.release(successor);
      else offer(partial, successor);
    }
  }

  private successorsOf(run: ComputationState): ComputationState[] {
    const { current, eventMs } = this;
    current.set(run, eventMs);
    const node = this.nodeOf(run);
    const edges = this.openEdges(node);
    let takes = 0;
    let ignores = 0;
    for (const edge of edges) {
      if (edge.action === "TAKE") takes++;
      else if (edge.target !== node) ignores++;
    }
    const forks = takes === 0 && ignores === 0 ? 0 : ignores + Math.max(1, takes);
    const takesToSkip = Math.max(0, takes - 1);
    let takesLeft = takesToSkip;
    let ignoresLeft = ignores;
    const isStart = node.kind === "START";
    const successors: ComputationState[] = [];
    for (const edge of edges) {
      if (edge.action === "TAKE") {
        this.take(run, edge, increased(run.version, takesLeft), successors);
        takesLeft--;
      } else if (!isStart) {
        const version =
          edge.target === node ? increased(run.version, forks) : withStage(increased(run.version, takesToSkip + ignoresLeft--));
        this.enter({ ...run, stateName: edge.target.name, version }, successors);
      }
    }
    if (isStart) successors.push(startComputation(run.stateName, increased(run.version, forks)));
    if (run.previousNode !== null) this.release(run);
    return successors;
  }

  private take(run: ComputationState, edge: StateEdge, version: DeweyNumber, successors: ComputationState[]): void {
    this.eventId ??= this.buffer.registerEvent(this.event, this.eventMs);
    const taken: ComputationState = {
      stateName: edge.target.name,
      version: withStage(version),
      previousNode: this.buffer.put(edge.source.patternName, this.eventId, run.previousNode, version),
      startEvent: run.startEvent ?? this.eventId,
      startMs: run.startEvent === null ? this.eventMs : run.startMs,
      previousMs: this.eventMs,
    };
    this.enter(taken, successors);
    const final = this.finalBehind(edge.target);
    if (final !== null) this.enter({ ...taken, stateName: final.name }, successors);
  }

  private enter(successor: ComputationState, successors: ComputationState[]): void {
    successors.push(successor);
    if (successor.previousNode !== null) this.buffer.lockNode(successor.previousNode, successor.version);
  }

  /** TAKE and IGNORE edges for the event, those behind PROCEED edges included. */
  private openEdges(node: StateNode): StateEdge[] {
    const { event, context } = this;
    const open: StateEdge[] = [];
    const pending: StateNode[] = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const edge of next.edges) {
        if (!edge.condition(event, context)) continue;
        if (edge.action === "PROCEED") pending.push(edge.target);
        else open.push(edge);
      }
    }
    return open;
  }

  /** The final state, if a run in this state needs no further event. */
  private finalBehind(node: StateNode): StateNode | null {
    const { event, context } = this;
    const pending: StateNode[] = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const edge of next.edges) {
        if (edge.action !== "PROCEED" || !edge.condition(event, context)) continue;
        if (edge.target.kind === "FINAL") return edge.target;
        pending.push(edge.target);
      }
    }
    return null;
  }

  /** Matches whose turn has come; they may end other runs. */
  private emitMatches(state: NfaState, matched: ComputationQueue, partial: ComputationQueue): Match[] {
    for (const match of matched) offer(state.completed, match);
    const matches: Match[] = [];
    while (state.completed.length > 0) {
      const earliest = state.completed[0];
      const { isSkipStrategy } = this.skipStrategy;
      if (isSkipStrategy && partial.length > 0 && compareStart(earliest, partial[0]) > 0) break;
      state.changed = true;
      poll(state.completed);
      invariant(earliest.previousNode !== null, "a match without events");
      const found = this.buffer.extractPatterns(earliest.previousNode, earliest.version);
      if (isSkipStrategy) {
        this.prune(partial, found);
        this.prune(state.completed, found);
      }
      matches.push(this.buffer.materialize(found[0]));
      this.release(earliest);
    }
    return matches;
  }

  private prune(queue: ComputationQueue, found: readonly MatchedEvents[]): void {
    const pruning = this.skipStrategy.pruningEvent(found);
    if (pruning === null) return;
    removeWhere(queue, (run) => {
      if (run.startEvent === null || !this.skipStrategy.shouldPrune(run.startEvent, pruning)) return false;
      this.release(run);
      return true;
    });
  }

  private release({ previousNode, version }: ComputationState): void {
    if (previousNode !== null) this.buffer.releaseNode(previousNode, version);
  }

  private nodeOf(run: ComputationState): StateNode {
    const node = this.graph.nodes.get(run.stateName);
    invariant(node !== undefined, `state ${run.stateName} does not exist in the automaton`);
    return node;
  }
}

/** Only groups get so far: before single patterns it is refused when the pattern is built. Flink ends with a NullPointerException. */
function absenceWithoutBeginning(): Diagnostic {
  return new Diagnostic({
    code: "CEP_NOT_PATTERN_AT_START",
    message: "An event broke an absence that was asked for before any event had been taken.",
    phase: "runtime",
    found: "notNext or notFollowedBy behind a group that may be empty, at the beginning of the pattern",
    hint: "Let the pattern begin with something that must occur.",
  });
}

/** At the end of time Java's subtraction overflows for starts before 1970, and such runs are not over. */
function isOver(nowMs: number, sinceMs: number, windowMs: number): boolean {
  if (windowMs <= 0 || (nowMs >= MAX_TIMESTAMP && sinceMs < 0)) return false;
  return nowMs - sinceMs >= windowMs;
}
