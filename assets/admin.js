/* What the administrators' forms need beside React: who leaves a page with unsaved edits is asked first. */
(() => {
  "use strict";
  const known = new WeakMap(), sent = new WeakMap();
  const forms = () => document.querySelectorAll("form[data-unsaved]");
  const typed = (form) => JSON.stringify([...new FormData(form)]);
  const edited = () => [...forms()].find((form) => known.has(form) && known.get(form) !== typed(form));

  /* A form begins as it is drawn; what was sent is its new beginning once the server tells of another version. */
  function look() {
    for (const form of forms()) {
      const version = form.dataset.version;
      if (!known.has(form)) known.set(form, typed(form));
      else if (sent.has(form) && sent.get(form).version !== version) { known.set(form, sent.get(form).typed); sent.delete(form); }
    }
  }

  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-version"] });
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("form[data-unsaved]")) sent.set(target, { version: target.dataset.version, typed: typed(target) });
  }, true);
  addEventListener("beforeunload", (event) => { if (edited()) event.preventDefault(); });

  /* The router follows a link without leaving the page, and the browser asks nothing. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]"), form = link && edited();
    if (!form || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target === "_blank") return;
    if (/^#/.test(link.getAttribute("href")) || link.pathname.startsWith("/admin-files/") || confirm(form.dataset.unsaved)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
