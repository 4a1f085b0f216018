/** What the bar shows about the page: its title, the way to it, its own controls. Pages set it, the bar reads it. */
import type { Snippet } from "svelte";
import { texts } from "../texts/en.ts";

export interface Crumb {
  readonly label: string;
  /** Absent for the page itself. */
  readonly href?: string;
}

export interface PageFrame {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  readonly actions?: Snippet;
}

class CurrentPage {
  frame = $state.raw<PageFrame>({ title: "", crumbs: [] });
}

export const currentPage = new CurrentPage();

export function setPage(frame: PageFrame): void {
  currentPage.frame = frame;
  if (typeof document !== "undefined") document.title = frame.title === "" ? texts.brand : texts.title(frame.title);
}
