/** Calls the application as a browser would: keeps the session's cookie, sends the token of the session with everything that writes. */
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import type { ApiError, Role, SessionInfo } from "../src/contract/index.ts";
import type { Parts } from "../src/parts.ts";

/** Good enough for every user of a test. */
export const PASSWORD = "four unrelated words";

export interface CallOptions {
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Browser {
  readonly #app: FastifyInstance;
  readonly #address: string;
  cookie: string | null = null;
  csrf: string | null = null;

  constructor(app: FastifyInstance, address = "192.0.2.1") {
    this.#app = app;
    this.#address = address;
  }

  async call(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", url: string, options: CallOptions = {}): Promise<LightMyRequestResponse> {
    const { body, headers = {} } = options;
    const response = await this.#app.inject({
      method,
      url: `/api${url}`,
      remoteAddress: this.#address,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
        ...(this.csrf === null || method === "GET" ? {} : { "x-millrace-csrf": this.csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const [set] = [response.headers["set-cookie"] ?? []].flat();
    if (set !== undefined) this.cookie = /Max-Age=0/.test(set) ? null : set.split(";", 1)[0]!;
    return response;
  }

  /** Logs in; rejects when that is refused. */
  async login(name: string, password = PASSWORD): Promise<SessionInfo> {
    const response = await this.call("POST", "/session", { body: { name, password } });
    if (response.statusCode !== 200) throw new Error(`${name} cannot log in: ${response.body}`);
    const info = response.json<SessionInfo>();
    this.csrf = info.csrfToken;
    return info;
  }
}

/** Makes a user with `PASSWORD` and logs it in. */
export async function userWith(app: FastifyInstance, parts: Parts, name: string, role: Role): Promise<Browser & { readonly id: string }> {
  const { id } = await parts.accounts.add(name, role, PASSWORD);
  const browser = new Browser(app);
  await browser.login(name);
  return Object.assign(browser, { id });
}

/** `status CODE` of a refusal, `status` of anything else. */
export function answerOf(response: LightMyRequestResponse): string {
  const isError = response.statusCode >= 400;
  return isError ? `${response.statusCode} ${response.json<ApiError>().code}` : String(response.statusCode);
}
