/**
 * A server that writes lines to whoever is connected: `kind: "socket"`, as `nc -lk 9999` with somebody typing.
 *
 * It promises nothing. What it sends while nobody is connected is gone, and so is what a client has received but not worked on when it dies: there is
 * no way to ask for it again.
 */
import { numberOf, unknownFault } from "../systems/call-conditions.ts";
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";

/** A server of a world. */
export interface SocketDescription extends SystemDescription {
  readonly kind: "socket";
  /** What `socketTextStream(host, port)` names. */
  readonly host: string;
  readonly port: number;
  /** What it sends, and when (epoch ms); each text ends with a line break. */
  readonly lines: readonly { readonly atMs: number; readonly text: string }[];
  /** When it closes the connection, epoch ms. Default: never. */
  readonly closesAtMs?: number;
}

export interface SocketOutcome {
  readonly sent: number;
  /** Lines sent while nobody was connected. */
  readonly unheard: readonly string[];
  readonly connections: number;
}

/** The client's end of a connection. */
export interface SocketClient {
  received(text: string): void;
  /** The server has closed the connection; `reset` = it broke. */
  ended(reset: boolean): void;
}

export class SocketServer implements OutsideSystem {
  readonly kind = "socket";
  readonly name: string;
  readonly address: string;
  private readonly host: SystemHost;
  private client: SocketClient | null = null;
  /** What it still has to do. */
  private left: number;
  private sent = 0;
  private connections = 0;
  private closed = false;
  private refusesUntilMs = Number.NEGATIVE_INFINITY;
  private readonly unheard: string[] = [];

  constructor({ name, host: hostname, port, lines, closesAtMs }: SocketDescription, host: SystemHost) {
    this.name = name;
    this.address = `${hostname}:${port}`;
    this.host = host;
    this.left = lines.length + (closesAtMs === undefined ? 0 : 1);
    for (const { atMs, text } of lines) host.clock.schedule(atMs, () => this.send(text));
    if (closesAtMs !== undefined) host.clock.schedule(closesAtMs, () => this.close());
  }

  get atRest(): boolean {
    return this.left === 0;
  }

  strike(action: SystemAction): void {
    switch (action.what) {
      case "dropConnection":
        this.disconnect(true);
        break;
      case "refuse":
        this.refusesUntilMs = this.host.clock.currentMs() + numberOf(action, "forMs");
        break;
      default:
        throw unknownFault(this.name, action);
    }
  }

  outcome(): SocketOutcome {
    return { sent: this.sent, unheard: this.unheard, connections: this.connections };
  }

  /** The newest connection gets everything; false = nobody listens there at present. */
  connect(client: SocketClient): boolean {
    if (this.closed || this.host.clock.currentMs() < this.refusesUntilMs) return false;
    this.client = client;
    this.connections++;
    this.host.observer.systemEvent(this, "connected", {});
    return true;
  }

  disconnected(client: SocketClient): void {
    if (this.client === client) this.client = null;
  }

  private send(text: string): void {
    this.left--;
    this.sent++;
    if (this.client === null) this.unheard.push(text);
    else this.client.received(`${text}\n`);
  }

  private close(): void {
    this.left--;
    this.closed = true;
    this.disconnect(false);
  }

  private disconnect(reset: boolean): void {
    const { client } = this;
    this.client = null;
    client?.ended(reset);
  }
}

export const SOCKET_FACTORY: SystemFactory<SocketDescription> = {
  kind: "socket",
  create: (description, host) => new SocketServer(description, host),
};
