/**
 * The events of all unfinished runs of one key, each event once (Flink: `SharedBuffer`).
 *
 * A node is an event taken for a pattern; its edges lead to the nodes of the events taken before. Runs share nodes: what belongs to one
 * run is found by following, from its last node, the edges whose version is compatible with the run's, and going on with the version of
 * the edge. Nodes, edges and events count who needs them, and go when nobody does.
 *
 * Everything lies in keyed state as plain data; whoever makes a key current has its buffer.
 */
import { invariant } from "../../base/invariant.ts";
import type { KeyedStateStore } from "../../flow/runtime-context.ts";
import { MapStateDescriptor } from "../../state/descriptors.ts";
import type { MapState } from "../../state/state.ts";
import type { EventId } from "./computation-state.ts";
import { type DeweyNumber, isCompatible } from "./dewey-number.ts";

interface BufferedEvent {
  readonly event: unknown;
  locks: number;
}

interface BufferEdge {
  readonly version: DeweyNumber;
  /** null = the match begins with the node that has this edge. */
  readonly target: string | null;
  locks: number;
}

interface BufferNode {
  readonly patternName: string;
  readonly eventId: EventId;
  readonly edges: BufferEdge[];
  locks: number;
}

/** A match from some node on to its last event. */
interface Path {
  readonly node: BufferNode;
  readonly rest: Path | null;
}

export class SharedBuffer {
  private readonly nodes: MapState<string, BufferNode>;
  private readonly events: MapState<string, BufferedEvent>;
  /** How many events of each time have been numbered. */
  private readonly counts: MapState<number, number>;

  constructor(store: Pick<KeyedStateStore, "getMapState">) {
    this.nodes = store.getMapState(new MapStateDescriptor<string, BufferNode>("sharedBuffer-entries-with-lockable-edges"));
    this.events = store.getMapState(new MapStateDescriptor<string, BufferedEvent>("sharedBuffer-events"));
    this.counts = store.getMapState(new MapStateDescriptor<number, number>("sharedBuffer-events-count"));
  }

  /** Takes an event in and locks it; whoever registers it releases it when all runs have seen it. */
  registerEvent(event: unknown, timestampMs: number): EventId {
    const index = this.counts.get(timestampMs) ?? 0;
    this.counts.put(timestampMs, index + 1);
    const eventId = { timestampMs, index };
    this.events.put(eventKey(eventId), { event, locks: 1 });
    return eventId;
  }

  releaseEvent(eventId: EventId): void {
    const key = eventKey(eventId);
    const buffered = this.events.get(key);
    if (buffered === null) return;
    if (--buffered.locks <= 0) this.events.remove(key);
    else this.events.put(key, buffered);
  }

  /** No event before this time will come: their numbers are forgotten. */
  advanceTime(timestampMs: number): void {
    for (const countedMs of this.counts.keys()) if (countedMs < timestampMs) this.counts.remove(countedMs);
  }

  /** Records that a run took an event after `previous`. Returns the node, which the caller has to lock for the run. */
  put(patternName: string, eventId: EventId, previous: string | null, version: DeweyNumber): string {
    if (previous !== null) this.lockNode(previous, version);
    const key = `${eventKey(eventId)}/${patternName}`;
    let node = this.nodes.get(key);
    if (node === null) {
      node = { patternName, eventId, edges: [], locks: 0 };
      this.lockEvent(eventId);
    }
    node.edges.push({ version, target: previous, locks: 0 });
    this.nodes.put(key, node);
    return key;
  }

  lockNode(key: string, version: DeweyNumber): void {
    const node = this.nodes.get(key);
    if (node === null) return;
    node.locks++;
    for (const edge of node.edges) if (isCompatible(version, edge.version)) edge.locks++;
    this.nodes.put(key, node);
  }

  /** The inverse of `lockNode`. What nobody needs any more goes, and what only that needed. */
  releaseNode(key: string, version: DeweyNumber): void {
    const pending: { readonly key: string; readonly version: DeweyNumber }[] = [{ key, version }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const node = this.nodes.get(next.key);
      if (node === null) return;
      let kept = 0;
      for (const edge of node.edges) {
        if (isCompatible(next.version, edge.version) && --edge.locks <= 0) {
          if (edge.target !== null) pending.push({ key: edge.target, version: edge.version });
        } else {
          node.edges[kept++] = edge;
        }
      }
      node.edges.length = kept;
      if (--node.locks <= 0) {
        this.nodes.remove(next.key);
        this.releaseEvent(node.eventId);
      } else {
        this.nodes.put(next.key, node);
      }
    }
  }

  /** Event lists by pattern name, in the order of the events; one map for each way to the node. There is one way unless locks are wrong. */
  extractPatterns(key: string, version: DeweyNumber): Map<string, EventId[]>[] {
    const matches: Map<string, EventId[]>[] = [];
    const pending: { readonly key: string | null; readonly version: DeweyNumber; readonly rest: Path | null }[] = [];
    if (this.nodes.contains(key)) pending.push({ key, version, rest: null });
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next.key === null) {
        matches.push(eventsByPattern(next.rest));
        continue;
      }
      const node = this.nodes.get(next.key);
      invariant(node !== null, `node ${next.key} is missing from the shared buffer`);
      const rest = { node, rest: next.rest };
      for (const edge of node.edges) {
        if (isCompatible(next.version, edge.version)) pending.push({ key: edge.target, version: edge.version, rest });
      }
    }
    return matches;
  }

  /** The events of a match themselves. */
  materialize(match: ReadonlyMap<string, readonly EventId[]>): Map<string, unknown[]> {
    const events = new Map<string, unknown[]>();
    for (const [patternName, eventIds] of match) {
      events.set(
        patternName,
        eventIds.map((eventId) => this.eventOf(eventId).event),
      );
    }
    return events;
  }

  private lockEvent(eventId: EventId): void {
    const buffered = this.eventOf(eventId);
    buffered.locks++;
    this.events.put(eventKey(eventId), buffered);
  }

  private eventOf(eventId: EventId): BufferedEvent {
    const buffered = this.events.get(eventKey(eventId));
    invariant(buffered !== null, `event ${eventKey(eventId)} is missing from the shared buffer`);
    return buffered;
  }
}

function eventKey({ timestampMs, index }: EventId): string {
  return `${timestampMs}#${index}`;
}

function eventsByPattern(path: Path | null): Map<string, EventId[]> {
  const events = new Map<string, EventId[]>();
  for (let at = path; at !== null; at = at.rest) {
    const { patternName, eventId } = at.node;
    const list = events.get(patternName);
    if (list === undefined) events.set(patternName, [eventId]);
    else list.push(eventId);
  }
  return events;
}
