// Before the first paint, so that who chose dark never sees a white flash. A module would come too late.
try {
  const theme = globalThis.localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') globalThis.document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's choice stands.
}
