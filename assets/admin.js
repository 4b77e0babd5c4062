/* What the administrators' forms need beside React: who leaves a page with unsaved edits is asked first, and what was
   refused has the cursor. */
(() => {
  "use strict";
  const known = new WeakMap(), sent = new WeakMap();
  const forms = () => document.querySelectorAll("form[data-unsaved], form[data-refusals]");
  const typed = (form) => JSON.stringify([...new FormData(form)]);
  const edited = () => [...forms()].find((form) => form.dataset.unsaved && known.has(form) && known.get(form) !== typed(form));

  /* A form begins as it is drawn; what was sent is its new beginning once the server tells of another version. */
  function look() {
    for (const form of forms()) {
      const was = sent.get(form), { version, refusals } = form.dataset;
      if (!known.has(form)) known.set(form, typed(form));
      else if (was && was.version !== version) { known.set(form, was.typed); sent.delete(form); }
      else if (was && was.refusals !== refusals) { sent.delete(form); point(form); }
    }
  }

  /* The cursor goes to the refused field; in a list, to its refused line. */
  function point(form) {
    const field = form.querySelector("[aria-invalid=true], [data-invalid=true]");
    if (!field) return;
    const lines = field.dataset.line > 0 ? field.value.split("\n") : [];
    // Empty lines are not counted: they are not sent either.
    const at = lines.findIndex((line, number) => lines.slice(0, number + 1).filter((one) => one.trim()).length == field.dataset.line);
    const start = lines.slice(0, at).join("\n").length + (at > 0);
    field.blur();
    if (at >= 0) field.setSelectionRange(start, start + lines[at].length);
    field.focus();
    form.querySelector("[data-wrong]").scrollIntoView({ block: "center" });
  }

  /* The icon stands under a logo that cannot be shown, and a line at its field says so. */
  const broken = new WeakSet();
  function judge() {
    const logo = document.querySelector("[data-preview] [data-logo]"), line = document.querySelector("[data-logo-broken]");
    if (line) line.hidden = !broken.has(logo);
    if (logo) logo.hidden = broken.has(logo);
  }
  for (const event of ["load", "error"]) {
    document.addEventListener(event, ({ target }) => {
      if (!target.matches?.("[data-logo]")) return;
      if (event === "error") broken.add(target); else broken.delete(target);
      judge();
    }, true);
  }

  const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-version", "data-refusals"] };
  new MutationObserver(() => { look(); judge(); }).observe(document, watched);
  document.addEventListener("submit", ({ target }) => {
    const { version, refusals } = target.dataset;
    if (refusals) sent.set(target, { version, refusals, typed: typed(target) });
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

  /* Back changes the address before anybody hears of it: it is put back, and the router hears of neither. */
  let place, returning = false;
  const here = () => history.state?.idx;
  for (const act of ["input", "click"]) document.addEventListener(act, () => { place = here(); }, true);
  addEventListener("popstate", (event) => {
    const form = edited(), steps = here() - place;
    if (!returning && (!form || !steps || confirm(form.dataset.unsaved))) return;
    event.stopImmediatePropagation();
    if (!returning) history.go(-steps);
    returning = !returning;
  }, true);
})();
