// Runs before the first paint, so that a remembered theme does not flash. A file of its own: the server's policy forbids inline scripts.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("millrace.theme");
  } catch {
    // Storage is forbidden in this browser: the system's theme holds.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
