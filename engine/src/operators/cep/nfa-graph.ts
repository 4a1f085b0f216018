import type { RichFunction } from "../../flow/rich-function.ts";
import { and, type EventCondition, not } from "./conditions.ts";

/**
 * What a run does with an event along an edge: TAKE it into the match and move on, IGNORE it and move on (or stay), or PROCEED, that is
 * move on first and look at the same event from there.
 */
export type EdgeAction = "TAKE" | "IGNORE" | "PROCEED";

/** Runs begin at START, are matches at FINAL, die at STOP, and become matches at PENDING when their time is over. */
export type StateKind = "START" | "NORMAL" | "PENDING" | "FINAL" | "STOP";

export class StateEdge {
  readonly source: StateNode;
  readonly action: EdgeAction;
  readonly target: StateNode;
  condition: EventCondition;

  constructor(source: StateNode, action: EdgeAction, target: StateNode, condition: EventCondition) {
    this.source = source;
    this.action = action;
    this.target = target;
    this.condition = condition;
  }
}

/** A state of the automaton. The order of its edges is the order in which they are tried. */
export class StateNode {
  /** Unique: runs in keyed state name their state by it. */
  readonly name: string;
  /** Name of the pattern under which matches list the events taken here. */
  readonly patternName: string;
  kind: StateKind;
  readonly edges: StateEdge[] = [];

  constructor(name: string, patternName: string, kind: StateKind) {
    this.name = name;
    this.patternName = patternName;
    this.kind = kind;
  }

  take(target: StateNode, condition: EventCondition): void {
    this.edges.push(new StateEdge(this, "TAKE", target, condition));
  }

  ignore(target: StateNode, condition: EventCondition): void {
    this.edges.push(new StateEdge(this, "IGNORE", target, condition));
  }

  proceed(target: StateNode, condition: EventCondition): void {
    this.edges.push(new StateEdge(this, "PROCEED", target, condition));
  }

  /** Copies an edge of another node; what led back to that node leads back to this one. */
  adopt(edge: StateEdge, target: StateNode): void {
    this.edges.push(new StateEdge(this, edge.action, target === edge.source ? this : target, edge.condition));
  }

  /** No edge may be used any more by an event that the greedy stage before would take. */
  yieldTo(greedyTake: EventCondition): void {
    for (const edge of this.edges) edge.condition = and(edge.condition, not(greedyTake));
  }
}

/** A compiled pattern. */
export interface NfaGraph {
  readonly start: StateNode;
  readonly nodes: ReadonlyMap<string, StateNode>;
  /** Longest time from the first to the last event; 0 = any. */
  readonly windowMs: number;
  /** Longest time between the event taken last and the next one, by the name of the state in which a run waits for it. */
  readonly windowMsByState: ReadonlyMap<string, number>;
  /** To be opened before the first event and closed at the end. */
  readonly functions: readonly RichFunction[];
}
