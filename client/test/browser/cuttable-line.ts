/** A line between a browser and a server that can be cut: what is open breaks, and nothing new comes through until it is mended. */
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface CuttableLine {
  /** What the browser opens instead of the server's own address. */
  readonly address: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** @param to address of the server. */
export function cuttableLine(to: string): Promise<CuttableLine> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((browser) => {
    if (isCut) {
      browser.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    for (const [one, other] of [
      [browser, upstream],
      [upstream, browser],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return new Promise((done, failed) => {
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () =>
      done({
        address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        cut,
        mend: () => {
          isCut = false;
        },
        close: () => {
          cut();
          return new Promise((closed) => server.close(() => closed()));
        },
      }),
    );
  });
}
