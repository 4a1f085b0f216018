/** Server-sent events. The browser reconnects by itself and the server replays what was missed. */

export interface EventListener<T> {
  message(message: T): void;
  /** The stream ended without its last event and will not come back by itself. */
  closed(): void;
  /** Trying to reconnect. */
  interrupted(): void;
}

/** Opens the stream; the answer closes it. @param isLast after this event nothing comes any more. */
export function openEvents<T>(path: string, listener: EventListener<T>, isLast: (message: T) => boolean): () => void {
  const source = new EventSource(`/api${path}`);
  source.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as T;
    if (isLast(message)) source.close();
    listener.message(message);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) listener.closed();
    else listener.interrupted();
  };
  return () => source.close();
}
