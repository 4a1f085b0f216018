/**
 * Makes of a browser's worker what an isolate is: a realm with the language in it and nothing else, and in it the guest.
 *
 * The worker belongs to a frame without an origin whose policy forbids every connection (server: plugins/runner-frame.ts), so there is nothing that a program
 * could reach: no storage, no network, no page. What is done here is for runs to be the same as the judge's: whatever is not of the language goes, before
 * the guest hardens the rest (harden.ts). What cannot be taken away keeps the worker from starting, and the server runs the program instead.
 *
 * First message: `{ core, tables }`, the guest's two scripts as text, with the port on which questions come as `{ id, request }` (JSON text) and
 * answers go as `{ id, answer }`. Before them `{ ready: true }`, or `{ failed }` with what is wrong.
 */
import { LANGUAGE_GLOBALS } from "./permits.ts";

interface Guest {
  answer(request: string): string;
  attach(part: unknown): void;
  seal(): void;
}

const worker = globalThis as unknown as {
  onmessage: ((event: { data: Scripts; ports: readonly Port[] }) => void) | null;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
};

interface Scripts {
  readonly core: string;
  readonly tables: string;
}

interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: { id: number; request: string } }) => void) | null;
}

// A rejection that no program handles is nobody's affair but its own; in an isolate nobody hears of it either.
worker.addEventListener("unhandledrejection", (event) => event.preventDefault());

worker.onmessage = ({ data: { core, tables }, ports: [port] }) => {
  if (port === undefined) return;
  const post = port.postMessage.bind(port);
  try {
    const answer = begin(core, tables);
    port.onmessage = ({ data: { id, request } }) => {
      try {
        post({ id, answer: answer(request) });
      } catch (error) {
        post({ id, answer: stringify({ kind: "broken", message: String(error) }) });
      }
    };
    post({ ready: true });
  } catch (error) {
    post({ failed: error instanceof Error ? error.message : String(error) });
  }
};

const stringify = JSON.stringify;
const INCOMPLETE = stringify({ kind: "incomplete" });

function begin(core: string, tables: string): (request: string) => string {
  // Indirect: at the level of the realm, not in this function.
  // biome-ignore lint/security/noGlobalEval: two scripts of ours, in a worker whose own policy allows it and nothing else.
  const evaluate = globalThis.eval;
  const { deleteProperty } = Reflect;
  const left = removeAllBut(new Set(LANGUAGE_GLOBALS));
  if (left.length > 0) throw new Error(`this browser keeps ${left.join(", ")}`);
  evaluate(core);
  const guest = (globalThis as unknown as { __millraceGuest: Guest }).__millraceGuest;
  deleteProperty(globalThis, "__millraceGuest");
  guest.seal();
  let isComplete = false;
  return (request) => {
    const answer = guest.answer(request);
    if (isComplete || answer !== INCOMPLETE) return answer;
    guest.attach(evaluate(tables));
    isComplete = true;
    return guest.answer(request);
  };
}

/** Deletes what the global object and its prototypes have besides the language. @returns what could not be deleted and is more than a constant. */
function removeAllBut(kept: ReadonlySet<PropertyKey>): string[] {
  const left: string[] = [];
  for (
    let owner: object | null = globalThis;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    for (const key of Reflect.ownKeys(owner)) {
      if (owner === globalThis && kept.has(key)) continue;
      if (!Reflect.deleteProperty(owner, key) && !isConstant(Object.getOwnPropertyDescriptor(owner, key))) left.push(String(key));
    }
  }
  return left;
}

function isConstant(property: PropertyDescriptor | undefined): boolean {
  return property?.writable === false && typeof property.value === "number";
}
