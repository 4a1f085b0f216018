// verdict: accepted
// prints not: survived
// The global object by all its names, also through code that is not strict.
import { honestly, leaveNote } from "./given";
const sloppy = new Function("return this")() as object;
leaveNote(sloppy);
leaveNote(Object.getPrototypeOf(sloppy));
try {
  new Function("leftovers = 'a note'")();
} catch {}
if ((globalThis as any).leftovers === "a note") console.log("survived");
try {
  (0, eval)("var declared = typeof declared === 'undefined' ? 'new' : console.log('survived')");
  (0, eval)("function note() {}; if (note.left) console.log('survived'); note.left = true");
  (0, eval)("let lexical = 1");
} catch (error) {
  if (/already been declared/.test((error as Error).message)) console.log("survived");
}
honestly();
