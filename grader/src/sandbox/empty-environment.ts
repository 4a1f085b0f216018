/** Nothing of ours is passed to a process that meets other people's code, but what Windows needs to start one at all. */
export function emptyEnvironment(): Record<string, string> {
  const root = process.env["SystemRoot"];
  return { TZ: "UTC", ...(process.platform === "win32" && root !== undefined ? { SystemRoot: root } : {}) };
}
