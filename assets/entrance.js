/* What was typed at the entrance is there again when the server sends one back with a sentence; never a password. */
(() => {
  const keep = (field) => `vink_${field.name}`;
  const fields = () => document.querySelectorAll('form[action^="/auth/"] input:is([name="login"], [name="name"])');

  document.addEventListener("submit", () => { for (const field of fields()) sessionStorage.setItem(keep(field), field.value); }, true);

  /* Again after each change of the page, because React empties the fields when it wakes; until somebody types. */
  function fill() {
    for (const field of fields()) {
      const kept = sessionStorage.getItem(keep(field));
      if (kept === null || field.value === kept) continue;
      field.value = kept;
      if (field.name === "login") field.form.elements.password.focus();
    }
  }

  if (!new URLSearchParams(location.search).has("problem")) return;
  const watch = new MutationObserver(fill);
  watch.observe(document, { childList: true, subtree: true });
  document.addEventListener("input", () => watch.disconnect(), { once: true, capture: true });
  fill();
})();
