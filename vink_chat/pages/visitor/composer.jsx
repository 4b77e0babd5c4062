import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { LIMIT, lengthOf } from "./conversation.js";
import { conversation, fieldRef, useDraftRevision } from "./use_conversation.js";

const PULSE = 3000;

/** @param {DataTransfer | null} transfer */
const hasFiles = (transfer) => Boolean(transfer && [...transfer.types].includes("Files"));

/**
 * Whether one of these was pressed before React had started (`pages/document.py`).
 *
 * @param {(Element | null)[]} elements
 */
function wasPressed(...elements) {
  const pressed = window.vinkPressed ?? [];
  window.vinkPressed = undefined;
  return pressed.some((element) => element && elements.includes(element));
}

/** @param {HTMLTextAreaElement} field */
function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

/**
 * The composer. A draft is kept in the tab until it is sent.
 *
 * @param {object} props
 * @param {{ message: string, placeholder: string, send: string, files: string, too_long: string }} props.words
 * @param {boolean} props.attended whether an operator sees that the visitor is typing
 * @param {() => void} props.onWrite
 * @param {[import("react").ReactNode, ...import("react").ReactNode[]]} props.children the icon of the button, then what is shown below
 */
export function Composer({ words, attended, onWrite, children }) {
  const revision = useDraftRevision();
  const [length, setLength] = useState(0);
  const [advice, setAdvice] = useState("");
  const wrote = useRef(0);
  const buttonRef = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const [picture, ...below] = children;

  /** @param {string} text */
  function typed(text) {
    setLength(text.length > LIMIT * 0.9 ? lengthOf(text) : 0);
    setAdvice("");
    conversation.keepDraft(text);
    if (fieldRef.current) grow(fieldRef.current);
  }

  /** @param {string} text */
  function setDraft(text) {
    if (fieldRef.current) fieldRef.current.value = text;
    typed(text);
  }

  const drawn = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the draft was replaced
  useLayoutEffect(() => {
    // Text typed while the page was loading wins over the stored draft.
    const early = drawn.current ? "" : fieldRef.current?.value;
    setDraft(early || conversation.draft());
    if (!drawn.current && wasPressed(fieldRef.current, buttonRef.current)) submit();
    drawn.current = true;
  }, [revision]);

  useEffect(() => {
    /** @param {DragEvent} event */
    function drag(event) {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (event.type === "drop") setAdvice(words.files);
    }
    // A file dropped anywhere would navigate away from the chat.
    document.addEventListener("dragover", drag);
    document.addEventListener("drop", drag);
    return () => {
      document.removeEventListener("dragover", drag);
      document.removeEventListener("drop", drag);
    };
  }, [words.files]);

  function submit() {
    const text = fieldRef.current?.value.trim();
    if (text) {
      conversation.post(text, words.too_long);
      wrote.current = 0;
      setDraft("");
    }
    fieldRef.current?.focus();
  }

  /** @param {import("react").InputEvent<HTMLTextAreaElement>} event */
  function input({ currentTarget: { value } }) {
    typed(value);
    if (!value || !attended || Date.now() - wrote.current <= PULSE) return;
    wrote.current = Date.now();
    onWrite();
  }

  /** @param {import("react").ClipboardEvent} event */
  function paste(event) {
    if (!hasFiles(event.clipboardData) || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    setAdvice(words.files);
  }

  /** @param {import("react").KeyboardEvent} event */
  function press(event) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  }

  // No form: a frame sandboxed without forms would swallow the message.
  return (
    <div
      className="flex flex-wrap items-end gap-2 px-4 pt-3 border-t border-(--line) pb-[max(.75rem,env(safe-area-inset-bottom))]"
      data-composer=""
    >
      <p className="basis-full m-0 text-sm text-(--bad) empty:hidden" role="alert" data-advice="">
        {advice}
      </p>
      {/* Visible, but read out only on request, not at every key. */}
      <p
        id="room"
        className="basis-full m-0 text-sm text-(--soft) data-[over]:text-(--bad) empty:hidden tabular-nums"
        data-counter=""
        data-over={length > LIMIT ? "" : undefined}
      >
        {length > LIMIT * 0.9 ? `${length} / ${LIMIT}` : ""}
      </p>
      <textarea
        ref={fieldRef}
        rows={1}
        placeholder={words.placeholder}
        autoComplete="off"
        enterKeyHint="send"
        className="flex-1 min-w-0 resize-none rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 py-2.5 min-h-11 max-h-[min(10rem,30cqh)] placeholder:text-(--soft) text-base leading-6"
        aria-label={words.message}
        aria-describedby="room"
        data-compose=""
        onInput={input}
        onKeyDown={press}
        onPaste={paste}
      />
      <button
        ref={buttonRef}
        type="button"
        className="inline-flex items-center justify-center gap-2 rounded-xl min-h-11 text-[.9375rem] font-medium cursor-pointer transition-colors disabled:opacity-50 disabled:cursor-default select-none bg-(--brand) text-(--on-brand) hover:brightness-95 w-11 shrink-0"
        aria-label={words.send}
        title={words.send}
        onClick={submit}
      >
        {picture}
      </button>
      {below}
    </div>
  );
}

/**
 * A button that sends its question.
 *
 * @param {import("react").ButtonHTMLAttributes<HTMLButtonElement> & { question: string }} props
 */
export function AskButton({ question, children, ...props }) {
  return (
    <button {...props} type="button" onClick={() => conversation.post(question)}>
      {children}
    </button>
  );
}
