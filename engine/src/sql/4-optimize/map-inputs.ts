import type { Rel } from "../2-analyze/rel.ts";

/** The same node over changed inputs. */
export function mapInputs(rel: Rel, change: (input: Rel) => Rel): Rel {
  switch (rel.kind) {
    case "scan":
    case "values":
      return rel;
    case "join":
      return { ...rel, left: change(rel.left), right: change(rel.right) };
    case "union":
    case "intersect":
    case "except":
      return { ...rel, inputs: rel.inputs.map(change) };
    default:
      return { ...rel, input: change(rel.input) };
  }
}
