/**
 * From a pattern to the automaton that finds it (Flink: `NFACompiler`).
 *
 * Stages are translated from the last to the first; each knows the state that its last event leads to (its *sink*) and returns the state
 * in which its first event is waited for:
 *
 *   single      a ──TAKE──► sink,  a ──IGNORE──► a as far as the contiguity allows
 *   times(2,3)  a:1 ──TAKE──► a:0 ──TAKE──► a ──TAKE──► sink, and a ──PROCEED──► sink, since the third event need not come
 *   oneOrMore   a:1 ──TAKE──► a ⟲ TAKE, a ──PROCEED──► sink
 *   optional    as without, and first ──PROCEED──► sink
 *   not         no state of its own in the middle: PROCEED edges to a STOP state, in which a run dies, from the stage behind it
 *
 * A state with a PROCEED edge must not also wait: a run that passed over an event there would proceed once more with the next one, and
 * find the same match twice. So its IGNORE edge leads to a twin without the PROCEED edge.
 *
 * Greedy means that the stage behind leaves alone what the greedy one would take: the conditions of all edges of the sink are narrowed.
 * With `until` there is a copy of the sink with the old conditions, for the event that ends the loop.
 *
 * The order of states and edges, and names, are Flink's: order decides which match comes first, and saved runs name their states.
 */
import { and, type EventCondition, not } from "./conditions.ts";
import { type NfaGraph, type StateKind, StateNode } from "./nfa-graph.ts";
import {
  allStagesOf,
  ENDING_STATE_NAME,
  requireKnownSkipTarget,
  requireNestedWindows,
  requireProgressInLoops,
  requireUniqueNames,
  requireWindowBehindNot,
} from "./pattern-checks.ts";
import type { PatternStage, Times } from "./pattern-stage.ts";
import {
  ignoreCondition,
  innerIgnoreCondition,
  isHeadOfGroup,
  proceedCondition,
  type StageScope,
  takeCondition,
  unless,
  unlessOrNone,
} from "./stage-conditions.ts";
import { patternNameOf, STATE_NAME_DELIMITER, StateNames } from "./state-names.ts";

/** @throws Diagnostic CEP_… when the pattern is malformed. */
export function compilePattern(last: PatternStage): NfaGraph {
  requireUniqueNames(last);
  requireKnownSkipTarget(last);
  requireProgressInLoops(last);
  return new NfaCompiler().compile(last);
}

/** Where a single state leads. */
interface SingleState {
  readonly sink: StateNode;
  /** Where a run goes on when the state is skipped. */
  readonly proceed: StateNode;
  readonly take: EventCondition;
  readonly ignore: EventCondition | null;
  readonly optional: boolean;
  /** For groups: see `GroupScope`. */
  readonly firstOfLoop: boolean;
}

/** A sequence of stages while it is translated backwards. */
interface Progress {
  readonly first: StateNode;
  readonly scope: StageScope;
}

/** The event that makes a run die, and the stage whose absence it breaks. */
interface Taboo {
  readonly name: string;
  readonly condition: EventCondition;
}

class NfaCompiler {
  private readonly names = new StateNames();
  private readonly nodes = new Map<string, StateNode>();
  private readonly stopNodes = new Map<string, StateNode>();
  private readonly windowMsByState = new Map<string, number>();
  /** Copies of greedy sinks for the event that ends a loop, by name of the sink. */
  private readonly sinksAfterUntil = new Map<string, StateNode>();
  private windowMs: number | null = null;

  compile(last: PatternStage): NfaGraph {
    const end = this.createNode(ENDING_STATE_NAME, "FINAL");
    this.windowMs = last.firstToLastMs;
    const { first, scope } = this.compileBehindFirst({ first: end, scope: { stage: last, following: null, group: null } });
    const start = this.compileStage(first, scope);
    start.kind = "START";
    requireNestedWindows(this.windowMs, this.windowMsByState);
    requireWindowBehindNot(last, this.windowMs ?? 0, this.windowMsByState);
    const functions = new Set([...allStagesOf(last)].flatMap((stage) => stage.richFunctions));
    return { start, nodes: this.nodes, windowMs: this.windowMs ?? 0, windowMsByState: this.windowMsByState, functions: [...functions] };
  }

  /** All stages of a sequence but the first. On the way the shortest `within` of all is found. */
  private compileBehindFirst({ first, scope }: Progress): Progress {
    let sink = first;
    let at = scope;
    while (at.stage.previous !== null) {
      sink = this.compileFollowing(sink, at);
      at = { stage: at.stage.previous, following: at.stage, group: at.group };
      const { firstToLastMs } = at.stage;
      if (firstToLastMs !== null && (this.windowMs === null || firstToLastMs < this.windowMs)) this.windowMs = firstToLastMs;
    }
    return { first: sink, scope: at };
  }

  private compileFollowing(sink: StateNode, at: StageScope): StateNode {
    switch (at.stage.quantifier.consumingStrategy) {
      case "NOT_FOLLOW":
        return this.compileNotFollow(sink, at);
      case "NOT_NEXT":
        return this.compileNotNext(sink, at);
      default:
        return this.compileStage(sink, at);
    }
  }

  /** In the middle nothing: the stage behind gets the edges to STOP. At the end a state that waits for the time to be over. */
  private compileNotFollow(sink: StateNode, at: StageScope): StateNode {
    if (sink.kind !== "FINAL" || (at.stage.previousToCurrentMs === null && (this.windowMs ?? 0) <= 0)) return sink;
    const pending = this.createTakingNode(at.stage, "PENDING");
    const taboo = takeCondition(at);
    pending.proceed(this.stopNode({ name: at.stage.name, condition: taboo }), taboo);
    pending.ignore(pending, not(taboo));
    return pending;
  }

  /** Before the end the next event is used up by the check, hence IGNORE there. */
  private compileNotNext(sink: StateNode, at: StageScope): StateNode {
    const notNext = this.createTakingNode(at.stage, "NORMAL");
    const taboo = takeCondition(at);
    const stop = this.stopNode({ name: at.stage.name, condition: taboo });
    if (sink.kind === "FINAL") notNext.ignore(sink, not(taboo));
    else notNext.proceed(sink, not(taboo));
    notNext.proceed(stop, taboo);
    return notNext;
  }

  private compileStage(sink: StateNode, at: StageScope): StateNode {
    const { quantifier, times } = at.stage;
    let first: StateNode;
    if (times === null) {
      first = this.createSingle(at, {
        sink,
        proceed: sink,
        take: takeCondition(at),
        ignore: ignoreCondition(at),
        optional: quantifier.optional,
        firstOfLoop: true,
      });
    } else if (quantifier.kind === "LOOPING") {
      // Once the loop has begun, absences asked for before it no longer matter.
      first = this.createTimes(this.createLoop(this.withoutTaboos(sink, at), at), sink, at, times);
    } else {
      first = this.createTimes(sink, sink, at, times);
    }
    this.addStops(first, at);
    return first;
  }

  /** `to` states in a row, of which the last `to - from` may be skipped. */
  private createTimes(sink: StateNode, proceed: StateNode, at: StageScope, { from, to }: Times): StateNode {
    const { quantifier, untilCondition } = at.stage;
    const inner = unlessOrNone(untilCondition, innerIgnoreCondition(at));
    const take = unless(untilCondition, takeCondition(at));
    if (quantifier.greedy && from !== to) {
      if (untilCondition !== null) this.sinksAfterUntil.set(sink.name, this.copyNode(sink));
      sink.yieldTo(take);
    }
    let next = sink;
    for (let count = from; count < to; count++) {
      next = this.createSingle(at, { sink: next, proceed, take, ignore: inner, optional: true, firstOfLoop: false });
      this.addStopOfFollowing(next, at);
    }
    for (let count = 1; count < from; count++) {
      next = this.createSingle(at, { sink: next, proceed, take, ignore: inner, optional: false, firstOfLoop: false });
      this.addStopOfFollowing(next, at);
    }
    return this.createSingle(at, {
      sink: next,
      proceed,
      take,
      ignore: ignoreCondition(at),
      optional: quantifier.optional,
      firstOfLoop: true,
    });
  }

  private createSingle(at: StageScope, single: SingleState): StateNode {
    if (at.stage.group !== null) return this.createGroup(at, at.stage.group, single);
    const { take, ignore, optional } = single;
    const state = this.createTakingNode(at.stage, "NORMAL");
    // Having taken an event, absences asked for before this stage no longer matter; having taken none, they do.
    const sink = this.withoutTaboos(single.sink, at);
    state.take(sink, take);
    if (optional) this.addProceed(state, single.proceed, at, this.sinksAfterUntil.get(single.proceed.name));
    if (ignore === null) return state;
    if (!optional && !isHeadOfOptionalGroup(at)) {
      state.ignore(state, ignore);
      return state;
    }
    const waiting = this.createNode(at.stage.name, "NORMAL");
    waiting.take(sink, take);
    waiting.ignore(waiting, ignore);
    this.addStops(waiting, at);
    state.ignore(waiting, ignore);
    return state;
  }

  /** Out of a stage without a (further) event. A greedy loop with `until` goes to the unchanged sink with the event that ends it. */
  private addProceed(state: StateNode, sink: StateNode, at: StageScope, sinkAfterUntil: StateNode | undefined): void {
    const condition = proceedCondition(at);
    const { quantifier, untilCondition } = at.stage;
    if (!quantifier.greedy || untilCondition === null) {
      state.proceed(sink, condition);
      return;
    }
    state.proceed(sinkAfterUntil ?? sink, and(condition, untilCondition));
    state.proceed(sink, and(condition, not(untilCondition)));
  }

  private createLoop(sink: StateNode, at: StageScope): StateNode {
    const { stage } = at;
    if (stage.group !== null) return this.createGroupLoop(at, stage.group, sink);
    const ignore = unlessOrNone(stage.untilCondition, innerIgnoreCondition(at));
    const take = unless(stage.untilCondition, takeCondition(at));
    const loop = this.createTakingNode(stage, "NORMAL");
    if (stage.quantifier.greedy) {
      let sinkAfterUntil: StateNode | undefined;
      if (stage.untilCondition !== null) {
        sinkAfterUntil = this.copyNode(sink);
        this.sinksAfterUntil.set(sink.name, sinkAfterUntil);
      }
      this.addProceed(loop, sink, at, sinkAfterUntil);
      sink.yieldTo(takeCondition(at));
    } else {
      loop.proceed(sink, proceedCondition(at));
    }
    loop.take(loop, take);
    this.addStopOfFollowing(loop, at);
    if (ignore !== null) {
      const waiting = this.createNode(stage.name, "NORMAL");
      waiting.take(loop, take);
      waiting.ignore(waiting, ignore);
      loop.ignore(waiting, ignore);
      this.addStopOfFollowing(waiting, at);
    }
    return loop;
  }

  private createGroup(at: StageScope, last: PatternStage, { sink, proceed, optional, firstOfLoop }: SingleState): StateNode {
    const first = this.compileGroup(at, last, sink, firstOfLoop);
    if (optional) first.proceed(proceed, proceedCondition(at));
    return first;
  }

  /** One round of a group whose end leads back to its beginning. */
  private createGroupLoop(at: StageScope, last: PatternStage, sink: StateNode): StateNode {
    const again = this.createTakingNode(at.stage, "NORMAL");
    const first = this.compileGroup(at, last, again, false);
    first.proceed(sink, proceedCondition(at));
    again.proceed(first, proceedCondition(at));
    return first;
  }

  private compileGroup({ stage, following }: StageScope, last: PatternStage, sink: StateNode, firstOfLoop: boolean): StateNode {
    const inner = { stage: last, following, group: { stage, firstOfLoop } };
    const { first, scope } = this.compileBehindFirst({ first: sink, scope: inner });
    return this.compileStage(first, scope);
  }

  /** Events that break an absence asked for right before this stage, or before optional stages in front of it. */
  private taboosBefore({ stage, group }: StageScope): Taboo[] {
    const taboos: Taboo[] = [];
    for (let before = stage.previous; before !== null; before = before.previous) {
      const absent = before.quantifier.consumingStrategy === "NOT_FOLLOW";
      if (!absent && !before.quantifier.optional) break;
      if (absent) taboos.push({ name: before.name, condition: takeCondition({ stage: before, group }) });
    }
    return taboos;
  }

  private addStops(state: StateNode, at: StageScope): void {
    for (const taboo of this.taboosBefore(at)) state.proceed(this.stopNode(taboo), taboo.condition);
  }

  /** Between two events of a loop that something must not follow, it must not come either. */
  private addStopOfFollowing(state: StateNode, { following, group }: StageScope): void {
    if (following === null || following.quantifier.consumingStrategy !== "NOT_FOLLOW") return;
    const condition = takeCondition({ stage: following, group });
    state.proceed(this.stopNode({ name: following.name, condition }), condition);
  }

  /**
   * The sink for those who took an event of an optional stage: a copy without the way to the STOP states of absences asked for before the
   * stage. In `a, not b, c?, d` the events a c b d match, a b d do not.
   */
  private withoutTaboos(sink: StateNode, at: StageScope): StateNode {
    if (!at.stage.quantifier.optional) return sink;
    const taboos = new Set(this.taboosBefore(at).map(({ name }) => name));
    return taboos.size === 0 ? sink : this.copyWithoutTaboos(sink, taboos);
  }

  private copyWithoutTaboos(node: StateNode, taboos: ReadonlySet<string>): StateNode {
    const copy = this.createNode(node.name, node.kind);
    for (const edge of node.edges) {
      if (edge.action !== "PROCEED") copy.adopt(edge, edge.target);
      else if (edge.target.kind !== "STOP") copy.adopt(edge, this.copyWithoutTaboos(edge.target, taboos));
      else if (!taboos.has(edge.target.name)) copy.adopt(edge, edge.target);
    }
    return copy;
  }

  private copyNode(node: StateNode): StateNode {
    const copy = this.createNode(patternNameOf(node.name), node.kind);
    for (const edge of node.edges) copy.adopt(edge, edge.target);
    return copy;
  }

  /** All ways to break one absence lead to one state. */
  private stopNode({ name, condition }: Taboo): StateNode {
    let stop = this.stopNodes.get(name);
    if (stop === undefined) {
      stop = this.createNode(name, "STOP");
      stop.take(stop, condition);
      this.stopNodes.set(name, stop);
    }
    return stop;
  }

  /**
   * A state in which an event of the stage is waited for, and which the stage's window between two events bounds. Of a stage with a number
   * of events the first state made, which is the one for the last event, has no such window, and `within` does not count, as in Flink.
   */
  private createTakingNode(stage: PatternStage, kind: StateKind): StateNode {
    const node = this.createNode(stage.name, kind);
    const furtherState = node.name.includes(STATE_NAME_DELIMITER);
    const windowMs = stage.times === null ? stage.previousToCurrentMs : furtherState ? stage.times.windowMs : null;
    if (windowMs !== null) this.windowMsByState.set(node.name, windowMs);
    return node;
  }

  private createNode(baseName: string, kind: StateKind): StateNode {
    const name = this.names.unique(baseName);
    const node = new StateNode(name, patternNameOf(name), kind);
    this.nodes.set(name, node);
    return node;
  }
}

/** Then a run that skipped the group must not wait in its first state. */
function isHeadOfOptionalGroup(at: StageScope): boolean {
  const { group } = at;
  return isHeadOfGroup(at) && group?.firstOfLoop === true && group.stage.quantifier.optional;
}
