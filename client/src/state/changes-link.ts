/**
 * Changes of a world as a parameter of an address: JSON, one short list per change. Anybody may have written it, so that each field is checked before
 * anything is made of it; the server checks them again, against the world.
 */
import type { WorldChange } from "@millrace/server/contract";

/** As the server has them. */
export const MOST_CHANGES = 40;
const MAX_VALUE_CHARS = 4_000;
/** Addresses that are longer get lost on the way. */
const MAX_CHARS = 8_000;

export type ReadChanges =
  | { readonly changes: readonly WorldChange[]; readonly broken: null }
  | { readonly changes: readonly []; readonly broken: BrokenLink };

/** What is wrong; `change` counts from 1, 0 = the list itself. */
export interface BrokenLink {
  readonly what: "form" | "many" | "long";
  readonly change: number;
}

/** null = there are none. */
export function writeChanges(changes: readonly WorldChange[]): string | null {
  return changes.length === 0 ? null : JSON.stringify(changes.map(listOf));
}

/** The changes do not fit into an address. */
export function tooLongForLink(changes: readonly WorldChange[]): boolean {
  return encodeURIComponent(writeChanges(changes) ?? "").length > MAX_CHARS;
}

export function readChanges(text: string | null): ReadChanges {
  const broken = (what: BrokenLink["what"], change = 0): ReadChanges => ({ changes: [], broken: { what, change } });
  if (text === null || text === "") return { changes: [], broken: null };
  if (text.length > MAX_CHARS) return broken("long");
  let lists: unknown;
  try {
    lists = JSON.parse(text);
  } catch {
    return broken("form");
  }
  if (!Array.isArray(lists)) return broken("form");
  if (lists.length > MOST_CHANGES) return broken("many");
  const changes: WorldChange[] = [];
  for (const [i, list] of lists.entries()) {
    const change = Array.isArray(list) ? changeOf(list) : null;
    if (change === null) return broken("form", i + 1);
    changes.push(change);
  }
  return { changes, broken: null };
}

function listOf(change: WorldChange): readonly unknown[] {
  switch (change.what) {
    case "move":
      return ["move", change.topic, change.partition, change.offset, change.byMs];
    case "remove":
      return ["remove", change.topic, change.partition, change.offset];
    case "add":
      return ["add", change.topic, change.partition, change.atMs, change.key, change.valueJson];
    case "kill":
      return ["kill", change.taskManager, change.atMs];
    case "spare":
      return ["spare", change.fault];
  }
}

function changeOf(list: readonly unknown[]): WorldChange | null {
  const [what, ...rest] = list;
  switch (what) {
    case "move": {
      const [topic, partition, offset, byMs] = rest;
      if (rest.length !== 4 || !isTopic(topic) || !isCount(partition) || !isCount(offset) || !isWhole(byMs, -1e12, 1e12)) return null;
      return { what, topic, partition, offset, byMs };
    }
    case "remove": {
      const [topic, partition, offset] = rest;
      if (rest.length !== 3 || !isTopic(topic) || !isCount(partition) || !isCount(offset)) return null;
      return { what, topic, partition, offset };
    }
    case "add": {
      const [topic, partition, atMs, key, valueJson] = rest;
      if (rest.length !== 5 || !isTopic(topic) || !isCount(partition) || !isTime(atMs)) return null;
      if (key !== null && (typeof key !== "string" || key.length > 200)) return null;
      if (typeof valueJson !== "string" || valueJson === "" || valueJson.length > MAX_VALUE_CHARS) return null;
      return { what, topic, partition, atMs, key, valueJson };
    }
    case "kill": {
      const [taskManager, atMs] = rest;
      return rest.length === 2 && isWhole(taskManager, 1, 1_000) && isTime(atMs) ? { what, taskManager, atMs } : null;
    }
    case "spare": {
      const [fault] = rest;
      return rest.length === 1 && isCount(fault) ? { what, fault } : null;
    }
    default:
      return null;
  }
}

const isWhole = (value: unknown, from: number, to: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= from && value <= to;
const isCount = (value: unknown): value is number => isWhole(value, 0, 1_000_000);
const isTime = (value: unknown): value is number => isWhole(value, 0, 1e14);
const isTopic = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 249;
