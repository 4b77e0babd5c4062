import { useEffect, useRef } from "react";
import { conversation, useReady } from "./use_conversation.js";

/** @param {HTMLFormElement} form */
const typedInto = (form) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

/** @param {HTMLFormElement | null} form @param {string} name */
function fieldOf(form, name) {
  const field = form?.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null;
}

/**
 * A form that keeps its draft until it is submitted; a refused field is focused.
 *
 * @param {Omit<import("react").FormHTMLAttributes<HTMLFormElement>, "onSubmit"> & { subject: string, loaded: boolean,
 *   acknowledgedIntro: string, refused: { field: string, number: number }, onLeave: (fields: Record<string, string>) => void }} props
 *   `subject` names its draft; `refused.number` is incremented with each refusal
 */
export function KeptForm({ subject, loaded, acknowledgedIntro, refused, onLeave, children, ...props }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const ready = useReady(loaded, acknowledgedIntro);
  const refusals = useRef(refused.number);
  // Another visitor may be introduced while the form is shown: its draft stays with the visitor it was rendered for.
  const writer = useRef(ready ? conversation.owner() : null);

  useEffect(() => {
    if (!ready) return;
    const owner = conversation.owner();
    if (writer.current !== null && writer.current !== owner) form.current?.reset();
    writer.current = owner;
    for (const [name, value] of Object.entries(conversation.typed(subject))) {
      const field = fieldOf(form.current, name);
      if (field) field.value = value;
    }
  }, [ready, subject]);

  useEffect(() => {
    if (refused.number === refusals.current) return;
    refusals.current = refused.number;
    fieldOf(form.current, refused.field)?.focus();
  }, [refused]);

  /**
   * A click on the button, or Enter in a field, which clicks it: a frame sandboxed without forms submits none.
   *
   * @param {import("react").MouseEvent<HTMLFormElement>} event
   */
  function press(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.type !== "submit") return;
    event.preventDefault();
    if (!event.currentTarget.noValidate && !event.currentTarget.reportValidity()) return;
    onLeave({ ...typedInto(event.currentTarget), number: acknowledgedIntro });
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in a field presses the button
    <form
      {...props}
      ref={form}
      onInput={({ currentTarget }) => conversation.keepTyped(subject, typedInto(currentTarget), writer.current)}
      onClick={press}
    >
      {children}
    </form>
  );
}

/**
 * The submitted values. The form starts with them from now on, so its draft is dropped; not before it is known whose
 * values they are.
 *
 * @param {import("react").HTMLAttributes<HTMLDivElement> & { subject: string, loaded: boolean, acknowledgedIntro: string }} props
 */
export function LeftCard({ subject, loaded, acknowledgedIntro, ...props }) {
  const ready = useReady(loaded, acknowledgedIntro);
  useEffect(() => {
    if (ready) conversation.keepTyped(subject, undefined);
  }, [ready, subject]);
  return <div {...props} />;
}
