/** Wishes that one page leaves for the next, e.g. "search" pressed in the workspace. */
class PageRequests {
  #search = $state(false);

  askForSearch(): void {
    this.#search = true;
  }

  /** True once after each wish. */
  takeSearch(): boolean {
    const asked = this.#search;
    this.#search = false;
    return asked;
  }

  get search(): boolean {
    return this.#search;
  }
}

export const pageRequests = new PageRequests();
