/** Keys. Single letters do nothing while an input or the editor has the focus; Ctrl means Command on a Mac. */

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** How the modifier is written on this machine. */
export const MOD = MAC ? "⌘" : "Ctrl";

export function hasMod(event: KeyboardEvent): boolean {
  return MAC ? event.metaKey : event.ctrlKey;
}

export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) || target.closest(".monaco-editor") !== null;
}

/** A single key without modifiers, outside of inputs: "/" or "e". */
export function isPlainKey(event: KeyboardEvent, key: string): boolean {
  return event.key.toLowerCase() === key && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
}
