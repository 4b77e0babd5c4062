import { useEffect, useRef, useState } from "react";
import { useCommand } from "./use_command.js";
import { useDismissal } from "./use_dismissal.js";

/** A menu that goes by Escape, and by a press on a button of it or beside it. @param {import("react").DetailsHTMLAttributes<HTMLDetailsElement>} props */
export function Menu({ children, ...props }) {
  const ref = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  const [open, setOpen] = useState(false);
  /** @param {boolean} byKey */
  const close = (byKey) => {
    if (!ref.current) return;
    ref.current.open = false;
    if (byKey) ref.current.querySelector("summary")?.focus();
  };
  useDismissal(ref, open, close);
  /** @param {import("react").MouseEvent} event */
  const press = (event) => {
    if (event.target instanceof Element && event.target.closest("button[type=button]") && ref.current)
      ref.current.open = false;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: its buttons are pressed, by keys too
    <details {...props} ref={ref} onToggle={(event) => setOpen(event.currentTarget.open)} onClick={press}>
      {children}
    </details>
  );
}

/**
 * A card that folds by itself, once: on a phone, where it fills half the screen, and for who has answered, who has
 * read it.
 *
 * @param {import("react").DetailsHTMLAttributes<HTMLDetailsElement> & {
 *   mine: boolean, history: Said[], live: Said[] }} props the messages of the conversation, and whether it is this operator's
 * @typedef {{ who: string, note: boolean }} Said
 */
export function FoldingCard({ mine, history, live, children, ...props }) {
  const ref = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  const folded = useRef(false);
  useEffect(() => {
    const answered = mine && [...history, ...live].some(({ who, note }) => who === "operator" && !note);
    if (folded.current || !ref.current || !(answered || matchMedia("(max-width: 767px)").matches)) return;
    folded.current = true;
    ref.current.open = false;
  });
  return (
    <details {...props} ref={ref}>
      {children}
    </details>
  );
}

/**
 * A column that on a narrow window lies over the page while it is wanted (`data-shown`).
 *
 * @param {import("react").HTMLAttributes<HTMLElement> & { name: string }} props commands `show name`, `hide name`
 */
export function OverlayColumn({ name, children, ...props }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  const opener = useRef(/** @type {Element | null} */ (null));
  const [shown, setShown] = useState(false);
  /** @param {boolean} byKey */
  const hide = (byKey) => {
    setShown(false);
    if (byKey && opener.current instanceof HTMLElement) opener.current.focus();
  };
  useCommand(`show ${name}`, () => {
    opener.current = document.activeElement;
    setShown(true);
  });
  useCommand(`hide ${name}`, () => hide(true));
  useDismissal(ref, shown, hide);
  useEffect(() => {
    if (shown) ref.current?.querySelector("button")?.focus();
  }, [shown]);
  return (
    <aside {...props} ref={ref} data-shown={shown ? "" : undefined}>
      {children}
    </aside>
  );
}
