import { useEffect, useRef } from "react";

/** @param {string} name */
const key = (name) => `vink_${name}`;

/** @param {HTMLFormElement} form @param {string} name */
const inputOf = (form, name) => /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));

/**
 * A form the browser itself posts. What was typed into the remembered fields is there again when the server sends
 * people back with a problem; the field after the last remembered one is then focused.
 *
 * @param {import("react").FormHTMLAttributes<HTMLFormElement> & { remembered: string[], next: string }} props
 */
export function RememberedForm({ remembered, next, children, ...props }) {
  const ref = useRef(/** @type {HTMLFormElement | null} */ (null));

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page comes back with a problem
  useEffect(() => {
    const form = ref.current;
    if (!form || !new URLSearchParams(location.search).has("problem")) return;
    let restored = false;
    for (const name of remembered) {
      const input = inputOf(form, name);
      const typed = sessionStorage.getItem(key(name));
      if (!input || typed === null) continue;
      input.value = typed;
      restored = true;
    }
    if (restored) inputOf(form, next)?.focus();
  }, []);

  const remember = () => {
    for (const name of remembered) {
      const input = ref.current && inputOf(ref.current, name);
      if (input) sessionStorage.setItem(key(name), input.value);
    }
  };
  return (
    <form {...props} method="post" ref={ref} onSubmit={remember}>
      {children}
    </form>
  );
}
