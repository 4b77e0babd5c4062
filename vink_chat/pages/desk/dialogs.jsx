import { useLayoutEffect, useRef, useState } from "react";
import { useCommand } from "./use_command.js";

/** How far an arrow key goes. @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * A dialog that the command of its name opens, and that a press on any of its buttons or links closes.
 *
 * Of choices the pressed one has the focus first, and the arrow keys lead to the others.
 *
 * @param {import("react").DialogHTMLAttributes<HTMLDialogElement> & { name: string, subject?: string }} props
 *   it closes when its `subject` changes: what is drawn in it is no longer what it was opened for
 */
export function CommandDialog({ name, subject, children, ...props }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const choices = () =>
    /** @type {HTMLButtonElement[]} */ ([...(ref.current?.querySelectorAll("button[aria-pressed]") ?? [])]);
  useCommand(name, () => {
    ref.current?.showModal();
    choices()
      .find((choice) => choice.ariaPressed === "true")
      ?.focus();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the subject is what closes it
  useLayoutEffect(() => ref.current?.close(), [subject]);
  /** @param {import("react").MouseEvent} event */
  const press = (event) => event.target instanceof Element && event.target.closest("button,a") && ref.current?.close();
  /** @param {import("react").KeyboardEvent} event */
  const move = (event) => {
    const all = choices();
    const at = all.findIndex((choice) => choice === document.activeElement);
    const step = STEPS[event.key];
    if (!step || at < 0) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    <dialog {...props} ref={ref} onClick={press} onKeyDown={move}>
      {children}
    </dialog>
  );
}

/**
 * Hands a conversation on: the one that was open when the dialog was opened, whatever is drawn behind it since.
 *
 * @param {import("react").DialogHTMLAttributes<HTMLDialogElement> & {
 *   conversationId: string, visitor: string, heading: string, refused: boolean, formClass: string,
 *   onTransfer: (conversationId: string, form: Record<string, FormDataEntryValue>) => void,
 * }} props what was `refused` is still there to be sent to somebody else
 */
export function TransferDialog({
  conversationId,
  visitor,
  heading,
  refused,
  formClass,
  onTransfer,
  children,
  ...props
}) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [meant, setMeant] = useState({ id: "", visitor: "" });
  useCommand("transfer", () => {
    if (!refused || meant.id !== conversationId) form.current?.reset();
    setMeant({ id: conversationId, visitor });
    ref.current?.showModal();
  });
  /** @param {import("react").FormEvent<HTMLFormElement>} event */
  const submit = (event) => {
    const { submitter } = /** @type {SubmitEvent} */ (event.nativeEvent);
    // The button that closes the dialog.
    if (submitter instanceof HTMLButtonElement && submitter.formMethod === "dialog") return;
    event.preventDefault();
    onTransfer(meant.id, Object.fromEntries(new FormData(event.currentTarget)));
    ref.current?.close();
  };
  return (
    <dialog {...props} ref={ref}>
      <form ref={form} className={formClass} onSubmit={submit}>
        <h2 className="text-lg font-semibold m-0">{heading}</h2>
        <p className="m-0 -mt-3 text-sm text-(--soft)">{meant.visitor}</p>
        {children}
      </form>
    </dialog>
  );
}
