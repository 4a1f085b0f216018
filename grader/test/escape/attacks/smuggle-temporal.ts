// verdict: accepted
// prints not: survived
// Temporal is gone, but dates know the way to its classes, which nobody has frozen.
import { honestly, leaveNote } from "./given";
const date = new Date(0) as unknown as { toTemporalInstant?: () => object };
const instant = date.toTemporalInstant?.();
if (instant !== undefined) {
  leaveNote(instant.constructor);
  leaveNote(Object.getPrototypeOf(instant));
}
honestly();
