/** What the browser remembers. Storage may be forbidden or full: then nothing is remembered, and the caller is told. */
export interface KeyValueStore {
  get(key: string): string | null;
  /** False when it could not be kept. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
}

const PREFIX = "millrace.";

/** How the page looks belongs to the machine; everything else to who sits at it. */
const SHARED = /^(theme$|pane\.)/;

let owner: string | null = null;

/** From now on texts and progress are those of this user. @param userId null = there is one user only. */
export function keepFor(userId: string | null): void {
  owner = userId;
}

function nameOf(key: string): string {
  return PREFIX + (owner === null || SHARED.test(key) ? key : `${owner}.${key}`);
}

export const browserStore: KeyValueStore = {
  get(key) {
    try {
      return localStorage.getItem(nameOf(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(nameOf(key), value);
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(nameOf(key));
    } catch {
      // Nothing was kept, nothing is left.
    }
  },
};

/** A store that forgets with the page; for tests. */
export function memoryStore(): KeyValueStore {
  const map = new Map<string, string>();
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => {
      map.set(key, value);
      return true;
    },
    remove: (key) => void map.delete(key),
  };
}
