// verdict: accepted
// prints not: survived
// Every match leaves itself in `RegExp.$1`, for the whole realm, unless that is gone.
import { honestly } from "./given";
const statics = RegExp as unknown as { $1: string; lastMatch: string; input: string };
if ([statics.$1, statics.lastMatch, statics.input].some((text) => text?.startsWith("a note"))) console.log("survived");
honestly();
/(a note.*)/.exec("a note about all that I have counted");
