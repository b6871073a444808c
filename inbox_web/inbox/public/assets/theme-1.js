// Runs before the first paint, so that a chosen theme or language never flashes. A file of its own: the page's policy forbids inline scripts.
(function () {
  var root = document.documentElement;
  var prefs = {};
  try { prefs = JSON.parse(localStorage.getItem("hub.prefs") || "{}"); } catch (error) { /* the system's choice stands */ }
  if (prefs.theme === "light" || prefs.theme === "dark") root.dataset.theme = prefs.theme;
  if (prefs.density && prefs.density !== "comfortable") root.dataset.density = prefs.density;
  if (prefs.language) root.lang = prefs.language;
})();
