/**
 * Tells sources that look at a system from time to time when there is something to look for, so that an interval in which nothing has
 * changed costs nothing, and a world does not end before they have looked.
 */
export interface Watch {
  /** It has looked: all changes so far are known to it. */
  seen(): void;
  cancel(): void;
}

interface Watcher {
  readonly concerns: (what: string) => boolean;
  readonly changed: () => void;
  behind: boolean;
}

export class ChangeFeed {
  private readonly watchers = new Set<Watcher>();

  /** @param changed called at a change that concerns it, once until it has looked. */
  watch(concerns: (what: string) => boolean, changed: () => void): Watch {
    const watcher: Watcher = { concerns, changed, behind: false };
    this.watchers.add(watcher);
    return {
      seen: () => {
        watcher.behind = false;
      },
      cancel: () => void this.watchers.delete(watcher),
    };
  }

  publish(what: string): void {
    for (const watcher of [...this.watchers]) {
      if (watcher.behind || !watcher.concerns(what)) continue;
      watcher.behind = true;
      watcher.changed();
    }
  }

  /** Everybody has seen everything. */
  get allSeen(): boolean {
    for (const { behind } of this.watchers) if (behind) return false;
    return true;
  }
}
