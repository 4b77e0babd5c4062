import { useEffect, useRef, useSyncExternalStore } from "react";
import { LIMIT } from "./conversation.js";
import { conversation, fieldRef, useOutbox, useReady } from "./use_conversation.js";

const SECOND = 1000;
const ERROR_PREVIEW_CHARS = 600;

/** @param {() => void} listener */
function subscribeToOnline(listener) {
  for (const kind of ["online", "offline"]) addEventListener(kind, listener);
  return () => {
    for (const kind of ["online", "offline"]) removeEventListener(kind, listener);
  };
}

const useOnline = () =>
  useSyncExternalStore(
    subscribeToOnline,
    () => navigator.onLine,
    () => true,
  );

/** @typedef {{ id: string, client_id: string }} Message */
/** @typedef {import("../../components/outbox.js").Pending} Pending */
/** @typedef {{ sending: string, waits: string, failed: string, retry: string, edit: string }} Words */

/**
 * Messages not in the thread yet. Each is resent until it appears there.
 *
 * @param {object} props
 * @param {Message[]} props.history
 * @param {Message[]} props.live
 * @param {boolean} props.loaded
 * @param {string} props.acknowledgedIntro
 * @param {boolean} props.disconnected
 * @param {{ client_id: string, text: string }} props.refusal why the server refused a message
 * @param {Words} props.words
 * @param {(text: string, id: string, number: string) => void} props.onSend
 */
export function PendingMessages({ history, live, loaded, acknowledgedIntro, disconnected, refusal, words, onSend }) {
  const { outbox } = conversation;
  const items = useOutbox();
  const ready = useReady(loaded, acknowledgedIntro) && !disconnected;
  const offline = !useOnline() || disconnected;
  const wasReady = useRef(false);

  useEffect(() => conversation.settle([...history, ...live].map((message) => message.client_id)), [history, live]);

  useEffect(() => {
    if (refusal.client_id && refusal.text) outbox.refuse(refusal.client_id, refusal.text);
  }, [refusal]);

  useEffect(() => {
    /** @param {boolean} all */
    const run = (all) => {
      outbox.tick(offline);
      if (ready) for (const { id, text } of outbox.due(all)) onSend(text, id, conversation.number());
    };
    // Messages in flight when the connection was lost may be lost with it.
    run(ready && !wasReady.current);
    wasReady.current = ready;
    if (!items.length) return undefined;
    const timer = setInterval(() => run(false), SECOND);
    return () => clearInterval(timer);
  });

  return items.map((item) => <PendingMessage key={item.id} item={item} words={words} />);
}

/** @param {{ item: Pending, words: Words }} props */
function PendingMessage({ item: { id, text, state, fault, final }, words }) {
  const { outbox } = conversation;
  const limit = fault ? ERROR_PREVIEW_CHARS : LIMIT;
  const preview = text.length > limit ? `${text.slice(0, limit)}…` : text;
  const statusText = { sending: words.sending, waiting: words.waits, failed: fault || words.failed };
  function edit() {
    conversation.edit(id);
    fieldRef.current?.focus();
  }
  return (
    <div className="flex flex-col items-end gap-1" data-pending={id} data-state={state}>
      <div className="own max-w-[85%] rounded-2xl px-4 py-2.5 rounded-br-md bg-(--brand) text-(--on-brand) opacity-70 whitespace-pre-wrap wrap-anywhere">
        {preview}
      </div>
      <div
        className={`text-xs px-1 flex flex-wrap justify-end gap-x-2 items-center text-right max-w-[85%] ${fault ? "text-(--bad)" : "text-(--soft)"}`}
      >
        <span>{statusText[state]}</span>
        {state === "failed" && !final && <LinkButton onClick={() => outbox.retry(id)}>{words.retry}</LinkButton>}
        {state === "failed" && <LinkButton onClick={edit}>{words.edit}</LinkButton>}
      </div>
    </div>
  );
}

/** @param {import("react").ButtonHTMLAttributes<HTMLButtonElement>} props */
function LinkButton(props) {
  return <button {...props} type="button" className="underline underline-offset-2 cursor-pointer text-(--link) py-1" />;
}
