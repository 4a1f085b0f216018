// verdict: accepted
// prints not: survived
// The registry of symbols belongs to everybody; a symbol holds nothing, though.
import { honestly, leaveNote } from "./given";
const shared = Symbol.for("a note");
leaveNote(Object(shared));
leaveNote(Symbol.prototype, shared);
leaveNote(globalThis, shared);
honestly();
