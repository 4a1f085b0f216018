/** The door for browsers: what runs and tells without Node. Nothing that it leads to may import a module of Node's or a package. */
export { type LocalGuest, type LocalProgram, runChangedLocally, runSamplesLocally } from "./judge/local-run.ts";
export type { RunKit } from "./judge/run-kit.ts";
export type { GuestAnswer, GuestRequest } from "./guest/protocol.ts";
