/**
 * How the client calls the server: JSON there and back, every failure an `ApiFailure`. Where people log in, what writes carries the token of the
 * session. A session may end, or be followed by another one, while somebody works:
 *
 * - The token is stale (there was a log-in in another tab): the session is asked for again. The same user goes on unnoticed; what one user began is
 *   never sent in the name of another.
 * - Nobody is logged in any more: the call waits until the same user is (the listener asks for it), and is then made again.
 */
import type { ApiError, SessionInfo } from "@millrace/server/contract";
import { accountTexts } from "../texts/accounts.ts";
import { texts } from "../texts/en.ts";
import { ApiFailure } from "./failure.ts";

export interface SessionListener {
  /** The session is over. Resolves to true once its user has logged in again; false = the call is to fail. @param asked somebody waits for it: it writes. */
  loginAgain(asked: boolean): Promise<boolean>;
}

export interface CallOptions {
  /** Nobody asked for it, as for the marks of an editor: no log-in is opened for its sake. Default: what reads. */
  readonly background?: boolean;
}

export class Caller {
  readonly #fetcher: typeof fetch;
  #csrfToken: string | null = null;
  #userId: string | null = null;
  /** Who is asked when a session has ended. Set once, by the session. */
  listener: SessionListener = { loginAgain: async () => false };

  constructor(fetcher: typeof fetch = (input, init) => fetch(input, init)) {
    this.#fetcher = fetcher;
  }

  /** What the server says of the session from now on holds for all calls. */
  remember({ user, csrfToken }: SessionInfo): void {
    this.#userId = user?.id ?? null;
    this.#csrfToken = csrfToken;
  }

  /** An arrow function, so that it can be handed on by itself. */
  readonly call = async <T>(path: string, init: RequestInit = {}, options: CallOptions = {}): Promise<T> =>
    (await bodyOf(await this.#answer(path, init, options))) as T;

  /** For an answer that is a file. Somebody asked for it: it opens the log-in as what writes does. */
  readonly file = async (path: string): Promise<Blob> => (await this.#answer(path, {}, { background: false })).blob();

  async #answer(path: string, init: RequestInit, options: CallOptions): Promise<Response> {
    const writes = (init.method ?? "GET") !== "GET";
    const { background = !writes } = options;
    let renewed = false;
    for (;;) {
      try {
        return await this.#once(path, writes ? this.#signed(init) : init);
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        if (error.code === "CSRF_STALE" && !renewed) {
          await this.#renew();
          renewed = true;
        } else if (error.code === "LOGIN_REQUIRED" && this.#userId !== null) {
          if (!(await unlessAborted(this.listener.loginAgain(!background), init.signal))) throw error;
        } else throw error;
      }
    }
  }

  #signed(init: RequestInit): RequestInit {
    return this.#csrfToken === null ? init : { ...init, headers: { ...init.headers, "x-millrace-csrf": this.#csrfToken } };
  }

  /** Throws SESSION_OTHER when somebody else has logged in since. */
  async #renew(): Promise<void> {
    const before = this.#userId;
    const info = (await bodyOf(await this.#once("/session", {}))) as SessionInfo;
    if (before !== null && info.user !== null && info.user.id !== before) {
      throw new ApiFailure(403, "SESSION_OTHER", accountTexts.otherUser(info.user.name), accountTexts.otherUserHint);
    }
    // Without a user the next try is answered LOGIN_REQUIRED, which has its own way on.
    if (info.user !== null) this.remember(info);
  }

  async #once(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetcher(`/api${path}`, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiFailure(0, "NETWORK_AWAY", texts.errors.network);
    }
    if (response.ok) return response;
    const body = await bodyOf(response);
    if (isApiError(body)) throw new ApiFailure(response.status, body.code, body.message, body.hint ?? null, body.retryAfterS ?? null);
    throw new ApiFailure(response.status, "SERVER_STATUS", texts.errors.server(response.status));
  }
}

/** A request that sends JSON. */
export function post(value: unknown, method: "POST" | "PUT" | "PATCH" = "POST"): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** A request that says all by its address. */
export function bare(method: "POST" | "DELETE"): RequestInit {
  return { method };
}

async function unlessAborted(answer: Promise<boolean>, signal: AbortSignal | null | undefined): Promise<boolean> {
  if (!signal) return answer;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([answer, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status === 204) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: a proxy's error page. The status says enough; a success without JSON is a broken server.
    if (response.ok) throw new ApiFailure(response.status, "SERVER_ANSWER", texts.errors.server(response.status));
    return null;
  }
}

function isApiError(body: unknown): body is ApiError {
  return body !== null && typeof body === "object" && "code" in body && "message" in body && typeof body.message === "string";
}

/** The one caller of the page: all calls share its session. */
export const caller = new Caller();
