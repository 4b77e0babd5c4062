import { useRef, useState } from "react";
import { useCommand } from "./use_command.js";

/**
 * A dialog that the command of its name opens, and that a press on any of its buttons closes.
 *
 * @param {import("react").DialogHTMLAttributes<HTMLDialogElement> & { name: string }} props
 */
export function CommandDialog({ name, children, ...props }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useCommand(name, () => ref.current?.showModal());
  /** @param {import("react").MouseEvent} event */
  const press = (event) => event.target instanceof Element && event.target.closest("button") && ref.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key presses the buttons too
    <dialog {...props} ref={ref} onClick={press}>
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
