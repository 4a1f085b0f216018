/** The current page, kept in step with the browser's history. */
import { parseRoute, type Route } from "./routes.ts";

class Router {
  #route = $state.raw<Route>({ page: "catalogue" });

  #query = $state("");

  get route(): Route {
    return this.#route;
  }

  /** The address's query, with "?" in front; "" = none. */
  get query(): string {
    return this.#query;
  }

  /** Another query for the page that is shown, without a step in the history. */
  replaceQuery(query: string): void {
    if (query === location.search) return;
    history.replaceState(history.state, "", location.pathname + query);
    this.#query = query;
  }

  /** Begins to follow the address bar and clicks on links. Called once, by main.ts. */
  start(): void {
    this.#read();
    addEventListener("popstate", () => this.#read());
    document.addEventListener("click", (event) => {
      const path = pathOfClick(event);
      if (path === null) return;
      event.preventDefault();
      this.go(path);
    });
  }

  go(path: string): void {
    if (path !== location.pathname + location.search) history.pushState(null, "", path);
    this.#read();
    scrollTo(0, 0);
  }

  #read(): void {
    this.#query = location.search;
    this.#route = parseRoute(location.pathname);
  }
}

/** The path of a plain click on a link into this app; null for everything the browser should do itself. */
function pathOfClick(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.target !== "" || link.hasAttribute("download")) return null;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || url.pathname.startsWith("/api/")) return null;
  if (url.hash !== "" && url.pathname === location.pathname) return null;
  return url.pathname + url.search;
}

export const router = new Router();
