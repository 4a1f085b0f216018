// verdict: accepted
// prints not: survived
// Things that are made once per text and not once per run: template objects, regular expressions, functions, classes.
import { honestly, leaveNote } from "./given";
const strings = ((parts: TemplateStringsArray) => parts)`x`;
leaveNote(strings);
leaveNote(strings.raw);
const sticky = /a/g;
if (sticky.lastIndex !== 0) console.log("survived");
sticky.exec("aaa");
function self(): void {}
leaveNote(self);
leaveNote(class {});
honestly();
