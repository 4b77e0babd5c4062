/* A thread, the visitor's or the desk's, stays where it is read: what comes above it moves nothing, and its end is not lost
   behind a composer that grows. */
(() => {
  "use strict";
  const NEAR = 80;
  const log = () => document.querySelector("[role=log]");
  let first = null, watched = null, atEnd = true;

  function hold() {
    const row = log()?.querySelector("[data-message]");
    first = row && { row, stood: row.getBoundingClientRect().bottom };
  }

  function release() {
    if (!first || log()?.querySelector("[data-message]") === first.row) return;
    if (first.row.isConnected) log().scrollTop += first.row.getBoundingClientRect().bottom - first.stood;
    first = null;
  }

  const resized = new ResizeObserver(() => { if (atEnd && watched.querySelector("[data-message],[data-pending]")) watched.scrollTop = watched.scrollHeight; });
  function watch() {
    if (log() === watched) return;
    resized.disconnect();
    watched = log();
    if (watched) resized.observe(watched);
  }

  document.addEventListener("click", ({ target }) => { if (target.closest?.("[data-earlier]")) hold(); });
  document.addEventListener("scroll", ({ target }) => {
    if (target !== log()) return;
    if (first) hold();
    atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR;
  }, true);
  new MutationObserver(() => { watch(); release(); }).observe(document, { childList: true, subtree: true });
})();
