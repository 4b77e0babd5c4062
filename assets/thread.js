/* What comes above a thread, the visitor's or the desk's, moves nothing that is read: the first row stays where it stood. */
(() => {
  "use strict";
  const log = () => document.querySelector("[role=log]");
  let first = null;

  function hold() {
    const row = log()?.querySelector("[data-message]");
    first = row && { row, stood: row.getBoundingClientRect().bottom };
  }

  function release() {
    if (!first || log()?.querySelector("[data-message]") === first.row) return;
    if (first.row.isConnected) log().scrollTop += first.row.getBoundingClientRect().bottom - first.stood;
    first = null;
  }

  document.addEventListener("click", ({ target }) => { if (target.closest?.("[data-earlier]")) hold(); });
  document.addEventListener("scroll", ({ target }) => { if (first && target === log()) hold(); }, true);
  new MutationObserver(release).observe(document, { childList: true, subtree: true });
})();
