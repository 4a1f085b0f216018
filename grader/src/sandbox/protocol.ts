/**
 * Between the grader and a grading process (child.ts): a line of JSON, followed for `guest` and `answer` by a second line with the
 * guest's own text, which neither side has to parse in order to pass it on.
 */

export type ChildRequest =
  /** A fresh isolate with the engine in it; the former one, if any, is thrown away. */
  | { readonly kind: "boot"; readonly id: number; readonly memoryMb: number; readonly bundle: string; readonly code: string | null }
  /** Writes V8's code of the bundle, with every function that has run so far, to `to`; answered by `booted`. */
  | { readonly kind: "keepCode"; readonly id: number; readonly to: string }
  /** The next line is a GuestRequest. `wallMs`: the isolate's own timeout, the first of two lines of defence. */
  | { readonly kind: "guest"; readonly id: number; readonly wallMs: number };

export type ChildReply =
  | { readonly kind: "booted"; readonly id: number }
  /** The next line is a GuestAnswer. */
  | { readonly kind: "answer"; readonly id: number; readonly wallMs: number }
  | { readonly kind: "fault"; readonly id: number; readonly fault: "timeout" | "memory" | "error"; readonly message: string }
  /** Vital signs, where the parent cannot read them from /proc. */
  | { readonly kind: "vitals"; readonly rssBytes: number; readonly cpuMs: number };
