/**
 * Operator ids: what binds state in a snapshot to an operator.
 *
 * With a uid the id follows the uid wherever the operator moves; without one it follows the position in the program, so that adding an
 * operator in front loses the state of all behind it, as in Flink. The two spaces never meet. (The digits are not Flink's.)
 */
import { Fingerprint } from "../base/hash.ts";
import type { OperatorRole } from "./job-graph.ts";

export function userOperatorId(uid: string, role: OperatorRole): string {
  return hexId(`uid:${uid}${role === "committer" ? ":committer" : ""}`);
}

export function generatedOperatorId(nodeId: number, role: OperatorRole): string {
  return hexId(`position:${nodeId}${role === "committer" ? ":committer" : ""}`);
}

function hexId(text: string): string {
  const halves = ["a", "b"].map((salt) => {
    const fingerprint = new Fingerprint();
    fingerprint.add(`${salt}:${text}`);
    return fingerprint.hex();
  });
  return halves.join("").slice(0, 32).padEnd(32, "0");
}
