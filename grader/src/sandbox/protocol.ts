/**
 * Between the grader and a grading process (child.ts, zygote.ts): a line of JSON, followed for `guest` and `answer` by a second line with the
 * guest's own text, which neither side has to parse in order to pass it on.
 */

/** A script and what V8 made of it: paths. */
export interface ScriptFiles {
  readonly text: string;
  /** null while the code is being made, and for a zygote, which has flags of its own and time. */
  readonly code: string | null;
}

/** Which script's code to keep, and where: paths. */
export interface KeptCode {
  readonly text: string;
  readonly to: string;
}

export type ChildRequest =
  /** A fresh isolate with the engine's core in it; the former one, if any, is thrown away. */
  | { readonly kind: "boot"; readonly id: number; readonly memoryMb: number; readonly core: ScriptFiles }
  /** Evaluates the second script in the isolate; answered by `booted`. */
  | { readonly kind: "attach"; readonly id: number; readonly tables: ScriptFiles }
  /** Writes V8's code of both scripts, with every function that has run so far; answered by `booted`. */
  | { readonly kind: "keepCode"; readonly id: number; readonly core: KeptCode; readonly tables: KeptCode }
  /** A zygote's copy of itself connects to the socket and says `booted` with the token there; the zygote itself answers `forked`. `spare`: the copy is to be a zygote, too. */
  | { readonly kind: "fork"; readonly id: number; readonly socket: string; readonly token: number; readonly spare: boolean }
  /** The next line is a GuestRequest. `wallMs`: the isolate's own timeout, the first of two lines of defence; a zygote's copies have only the second. */
  | { readonly kind: "guest"; readonly id: number; readonly wallMs: number };

export type ChildReply =
  | { readonly kind: "booted"; readonly id: number }
  | { readonly kind: "forked"; readonly id: number; readonly pid: number }
  /** The next line is a GuestAnswer. */
  | { readonly kind: "answer"; readonly id: number; readonly wallMs: number }
  | { readonly kind: "fault"; readonly id: number; readonly fault: "timeout" | "memory" | "error"; readonly message: string }
  /** Vital signs, where the parent cannot read them from /proc. */
  | { readonly kind: "vitals"; readonly rssBytes: number; readonly cpuMs: number };
