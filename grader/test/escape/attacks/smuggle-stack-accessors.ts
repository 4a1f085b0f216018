// verdict: accepted
// prints not: survived
// The accessors of an error's stack are two functions that all errors share.
import { honestly, leaveNote } from "./given";
const { get, set } = Object.getOwnPropertyDescriptor(new Error("x"), "stack") ?? {};
if (get !== undefined) leaveNote(get);
if (set !== undefined) leaveNote(set);
const { get: callee } = Object.getOwnPropertyDescriptor((function () { return arguments; })(), "callee") ?? {};
if (callee !== undefined) leaveNote(callee);
honestly();
