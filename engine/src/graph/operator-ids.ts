/**
 * Operator ids: what binds state in a snapshot to an operator. Flink: `StreamGraphHasherV2`; the digits are Flink's.
 *
 * With a uid the id is the uid's hash and follows it wherever the operator moves. Without one it is made of the number of operators hashed
 * before (in breadth-first order from the sources), of how many consumers are chained to it, and of its inputs' ids. So adding an operator
 * in front, or one behind that is chained, or switching chaining off, gives it another id, and its state is not found any more.
 * A hash set with `setUidHash` is no id: it is a second name under which state of an older program is looked for (runtime/checkpoint/state-assignment.ts).
 */
import { murmur128 } from "../base/murmur128.ts";
import type { OperatorEdge, OperatorNode } from "./job-graph.ts";

/** Ids by operator. `isChained` says which edges become direct calls. */
export function operatorIds(
  operators: readonly OperatorNode[],
  isChained: (edge: OperatorEdge) => boolean,
): ReadonlyMap<OperatorNode, string> {
  const hashes = new Map<OperatorNode, Uint8Array>();
  const waiting: OperatorNode[] = operators.filter(({ inputs }) => inputs.length === 0);
  const visited = new Set(waiting);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const uid = uidOf(next);
    if (uid === undefined && next.inputs.some(({ source }) => !hashes.has(source))) {
      // Its last input will bring it back.
      visited.delete(next);
      continue;
    }
    hashes.set(next, uid === undefined ? hashOfPlace(next, hashes, isChained) : murmur128(utf8Bytes(uid)));
    for (const { target } of next.outputs) {
      if (visited.has(target)) continue;
      visited.add(target);
      waiting.push(target);
    }
  }
  return new Map([...hashes].map(([operator, hash]) => [operator, hexOf(hash)]));
}

/** A committer has its own, made from the sink's. */
function uidOf({ node, role }: OperatorNode): string | undefined {
  if (node.uid === undefined) return undefined;
  return role === "committer" ? `Sink Committer: ${node.uid}` : node.uid;
}

function hashOfPlace(
  operator: OperatorNode,
  hashes: ReadonlyMap<OperatorNode, Uint8Array>,
  isChained: (edge: OperatorEdge) => boolean,
): Uint8Array {
  const copies = 1 + operator.outputs.filter(isChained).length;
  const numbers = new DataView(new ArrayBuffer(4 * copies));
  for (let copy = 0; copy < copies; copy++) numbers.setInt32(4 * copy, hashes.size, true);
  const hash = murmur128(new Uint8Array(numbers.buffer));
  for (const { source } of operator.inputs) {
    const other = hashes.get(source) as Uint8Array;
    for (let index = 0; index < hash.length; index++) hash[index] = Math.imul(hash[index], 37) ^ other[index];
  }
  return hash;
}

function utf8Bytes(text: string): Uint8Array {
  return Uint8Array.from(encodeURIComponent(text.toWellFormed()).match(/%..|./g) ?? [], (byte) =>
    byte.startsWith("%") ? Number.parseInt(byte.slice(1), 16) : byte.charCodeAt(0),
  );
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
