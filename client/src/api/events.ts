/**
 * Server-sent events. The browser reconnects by itself and the server replays what was missed. What a browser does not do: a network that goes away seldom closes
 * anything, so that a stream would look alive until somebody's patience ends. So it is given up when the browser says that it is offline, and opened anew,
 * from its first event, when it is online again; listeners take an event twice for once.
 */

export interface EventListener<T> {
  message(message: T): void;
  /** The stream ended without its last event and will not come back by itself. */
  closed(): void;
  /** Trying to reconnect. */
  interrupted(): void;
}

/** Opens the stream; the answer closes it. @param isLast after this event nothing comes any more. */
export function openEvents<T>(path: string, listener: EventListener<T>, isLast: (message: T) => boolean): () => void {
  let source = open();
  const offline = (): void => {
    source.close();
    listener.interrupted();
  };
  const online = (): void => {
    if (source.readyState === EventSource.CLOSED) source = open();
  };
  addEventListener("offline", offline);
  addEventListener("online", online);

  function open(): EventSource {
    const opened = new EventSource(`/api${path}`);
    opened.onmessage = (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as T;
      if (isLast(message)) close();
      listener.message(message);
    };
    opened.onerror = () => {
      if (opened.readyState !== EventSource.CLOSED) return listener.interrupted();
      close();
      listener.closed();
    };
    return opened;
  }

  function close(): void {
    source.close();
    removeEventListener("offline", offline);
    removeEventListener("online", online);
  }

  return close;
}
