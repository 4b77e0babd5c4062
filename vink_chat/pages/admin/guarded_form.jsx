import { useCallback, useEffect, useRef } from "react";
import { useBeforeUnload, useBlocker } from "react-router";
import { rangeOfLine } from "./refused_line.js";
import { anyUnsaved, baseline, watch } from "./unsaved.js";

/** @param {HTMLFormElement} form */
const typed = (form) => JSON.stringify([...new FormData(form)]);

/** @typedef {{ sentence: string, line: number }} Refusal `line` is that of a field with one value a line; else 0 */

/**
 * An admin form. While `guarded`, UnsavedGuard asks before its unsaved edits are left; when the server refuses the
 * submitted values, the refused field is focused.
 *
 * @param {Omit<import("react").FormHTMLAttributes<HTMLFormElement>, "onSubmit"> & {
 *   guarded: boolean, version: number, refusals: number, refused: Record<string, Refusal>,
 *   onSubmit: (data: Record<string, FormDataEntryValue>) => void,
 * }} props `version` is the saved version, `refusals` the number of refusals so far; both come from the server
 */
export function GuardedForm({ guarded, version, refusals, refused, onSubmit, children, ...props }) {
  const ref = useRef(/** @type {HTMLFormElement | null} */ (null));
  const base = useRef(/** @type {ReturnType<typeof baseline> | null} */ (null));
  const awaited = useRef(false);

  useEffect(() => {
    const form = ref.current;
    if (!form || !guarded) return undefined;
    const drawn = baseline(typed(form));
    base.current = drawn;
    return watch(() => drawn.differs(typed(form)));
  }, [guarded]);

  useEffect(() => base.current?.saved(version), [version]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once per refusal
  useEffect(() => {
    if (!awaited.current || !ref.current) return;
    awaited.current = false;
    base.current?.refused();
    focusRefused(ref.current, refused);
  }, [refusals]);

  /** @param {import("react").FormEvent<HTMLFormElement>} event */
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    awaited.current = true;
    base.current?.send(typed(form), version);
    onSubmit(Object.fromEntries(new FormData(form)));
  };
  return (
    <form {...props} noValidate ref={ref} onSubmit={submit}>
      {children}
    </form>
  );
}

/**
 * Focus the first refused field of a form; in a field of several lines, select the refused line.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, Refusal>} refused
 */
function focusRefused(form, refused) {
  const name = Object.keys(refused).find((known) => elementOf(form, known));
  const field = name && elementOf(form, name);
  if (!field) return;
  field.blur();
  const range = field instanceof HTMLTextAreaElement && rangeOfLine(field.value, refused[name]?.line ?? 0);
  if (range) field.setSelectionRange(...range);
  field.focus();
  document.getElementById(`${name}-wrong`)?.scrollIntoView({ block: "center" });
}

/**
 * Return the field of a name, or the list that has it as its id: a list may be refused as a whole.
 *
 * @param {HTMLFormElement} form @param {string} name
 */
function elementOf(form, name) {
  const found = form.elements.namedItem(name) ?? form.querySelector(`#${CSS.escape(name)}`);
  return /** @type {HTMLElement | null} */ (found);
}

/**
 * Asks before a page with unsaved edits is left: by a link or the browser's Back, by closing or reloading it.
 *
 * @param {{ question: string }} props
 */
export function UnsavedGuard({ question }) {
  const blocker = useBlocker(
    useCallback(
      /** @type {import("react-router").BlockerFunction} */
      ({ currentLocation, nextLocation }) => {
        const leaves =
          currentLocation.pathname + currentLocation.search !== nextLocation.pathname + nextLocation.search;
        return leaves && anyUnsaved();
      },
      [],
    ),
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (confirm(question)) blocker.proceed();
    else blocker.reset();
  }, [blocker, question]);
  useBeforeUnload(
    useCallback((event) => {
      if (anyUnsaved()) event.preventDefault();
    }, []),
  );
  return null;
}
