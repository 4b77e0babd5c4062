import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { matchingReplies, withName } from "./canned.js";
import { CannedReplies } from "./canned_replies.jsx";
import { run } from "./commands.js";
import { actionOf } from "./composer_keys.js";
import { edits, keyOf } from "./edits.js";
import { KindChoice } from "./kind_choice.jsx";
import { useCommand } from "./use_command.js";
import { replies, useReply } from "./use_reply.js";

const PULSE = 3000;
const HIGHEST = 192;
const QUOTED = 200;

/** @param {string} html */
function plain(html) {
  const spaced = html.replace(/<br\s*\/?>|<\/(?:p|li|h\d|pre|blockquote|tr)>/g, " $&");
  return (new DOMParser().parseFromString(spaced, "text/html").body.textContent ?? "").trim();
}

/**
 * @typedef {{ id: string, client_id: string, who: string, note: boolean, own: string, html: string }} Message
 * @typedef {{ id: string, text: string, number: number }} Draft of the assistant's, for the conversation `id`
 */

/**
 * Where an operator writes: answers and notes, with the canned replies over it.
 *
 * @param {object} props
 * @param {string} props.operator whose texts they are
 * @param {string} props.conversationId
 * @param {string} props.answers how an answer can be given: it is theirs (`mine`), it is taken by it (`take`); or empty
 * @param {boolean} props.over whether the conversation is: what the visitor was told stays as it was
 * @param {Message[]} props.history
 * @param {Message[]} props.live
 * @param {import("./canned.js").Canned[]} props.canned
 * @param {string} props.visitor their name, where it is known
 * @param {Draft} props.draft
 * @param {string} props.corrected the mark of the last correction that was saved
 * @param {string} props.answerHint
 * @param {string} props.noteHint
 * @param {Record<string, string>} props.words
 * @param {(conversationId: string, clientId: string, text: string, kind: string, quote: string) => void} props.onReply
 * @param {(conversationId: string, messageId: string, kind: string, text: string) => void} props.onCorrect
 * @param {(conversationId: string) => void} props.onTyping
 * @param {(number: number) => void} props.onDropDraft
 * @param {[import("react").ReactNode, import("react").ReactNode, import("react").ReactNode]} props.children the offered
 *   draft, the button that leaves a correction or a quotation, and the buttons of the last row
 */
export function ReplyComposer(props) {
  const {
    operator,
    conversationId,
    answers,
    over,
    history,
    live,
    canned,
    visitor = "",
    draft,
    corrected,
    words,
    children,
  } = props;
  const [offer, leave, buttons] = children;
  const key = `${operator}:${conversationId}`;
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const wrote = useRef(0);
  const taking = useRef("");
  const [dismissed, setDismissed] = useState("");
  const [picked, setPicked] = useState(0);
  const [used, setUsed] = useState(0);
  const messages = useMemo(() => [...history, ...live], [history, live]);
  const { shown, correction, quote } = useReply(key, answers, messages, corrected);
  const { text, note } = shown;
  const items = correction || dismissed === text ? [] : matchingReplies(canned, text);
  const last = messages.findLast((message) => message.own && message.note === note && (note || !over));
  const about = correction?.was ?? quote?.text;

  const focus = () => box.current?.focus();

  /** @param {string} typed */
  function type(typed) {
    replies.type(key, typed, answers);
    setDismissed("");
    setPicked(0);
    if (Date.now() - wrote.current <= PULSE || !typed || note || correction) return;
    wrote.current = Date.now();
    props.onTyping(conversationId);
  }

  /** @param {import("./canned.js").Canned} item */
  function insert(item) {
    // What was just typed into the card is their name already.
    const name = edits.text(keyOf(conversationId, "name")) ?? visitor;
    replies.put(key, withName(item.text, name.trim()), answers ? false : note);
    focus();
  }

  function insertDraft() {
    replies.insertDraft(key, draft.text);
    setUsed(draft.number);
    run("end");
    props.onDropDraft(draft.number);
  }

  /** @param {Message | undefined} message */
  function correct(message) {
    if (message) replies.correct(key, message);
    focus();
  }

  function submit() {
    if (correction) {
      const saved = replies.saveCorrection(key, corrected);
      if (saved?.sent) props.onCorrect(conversationId, saved.id, saved.note ? "note" : "answer", saved.sent);
      return;
    }
    const sent = replies.send(key, answers);
    if (!sent) return;
    wrote.current = 0;
    run("end");
    const kind = sent.note ? "note" : answers === "take" ? "take" : "answer";
    props.onReply(conversationId, sent.id, sent.text, kind, sent.quote);
  }

  /** @param {import("react").KeyboardEvent<HTMLTextAreaElement>} event */
  function press(event) {
    const item = items[picked] ?? items[0];
    const field = {
      suggestionsOpen: items.length > 0,
      empty: !text,
      isEditing: Boolean(correction),
      hasSentMessage: Boolean(last),
    };
    const action = actionOf(event.nativeEvent, field);
    if (action && event.key !== "Escape") event.preventDefault();
    if (action === "next") setPicked((picked + 1) % items.length);
    if (action === "previous") setPicked((picked + items.length - 1) % items.length);
    if (action === "insert" && item) insert(item);
    if (action === "hide") setDismissed(text);
    if (action === "correct") correct(last);
    if (action === "send") submit();
    if (action === "leave" && !replies.leave(key)) run("leave composer");
  }

  useCommand("write", (begin) => {
    focus();
    if (begin && !text) type(begin);
  });
  useCommand("claiming", (id) => {
    taking.current = id;
    replies.unchoose(`${operator}:${id}`);
  });
  useCommand("correct", (id) => correct(messages.find((message) => message.id === id)));
  useCommand("quote", (id) => {
    const message = messages.find((known) => known.id === id);
    if (message) replies.quote(key, { id, text: plain(message.html).slice(0, QUOTED) });
    focus();
  });
  useCommand("leave about", () => {
    replies.leave(key);
    focus();
  });
  useCommand("insert draft", () => {
    insertDraft();
    focus();
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once a conversation is taken
  useEffect(() => {
    // Whoever has taken a conversation is about to write.
    if (answers !== "mine" || !taking.current) return;
    if (taking.current === conversationId) focus();
    taking.current = "";
  }, [answers, conversationId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each draft
  useLayoutEffect(() => {
    // It goes into the empty field of the conversation on the screen; what is being written stays.
    if (!replies.isNewDraft(draft.number) || !draft.text || draft.id !== conversationId) return;
    if (text || correction || note) return;
    insertDraft();
    if (document.activeElement === document.body || box.current?.form?.contains(document.activeElement)) focus();
  }, [draft.number]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as high as its text
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight + 2, HIGHEST)}px`;
  }, [text, conversationId]);

  return (
    <form
      noValidate
      // A note looks like one before it is sent.
      className="group/reply px-3 pt-3 border-t border-(--line) pb-[max(.5rem,env(safe-area-inset-bottom))] has-[[value=note]:checked]:bg-(--badge)"
      data-corrects={correction ? "" : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <CannedReplies items={items} picked={picked} label={words.canned} onPick={insert} />
      <div role="status">{draft.text && draft.id === conversationId && draft.number !== used ? offer : null}</div>
      {about && (
        <div className="flex items-center gap-2 mb-2 pl-3 border-l-4 border-(--link)" data-about="">
          <p className="m-0 flex-1 min-w-0 truncate text-sm">
            <b className="font-medium">{correction ? words.correction : words.quoting}</b>
            {": "}
            <span>{about}</span>
          </p>
          {leave}
        </div>
      )}
      <textarea
        ref={box}
        rows={1}
        className="w-full resize-none rounded-xl border border-(--line) bg-(--surface) text-(--ink) px-3.5 py-2.5 min-h-11 max-h-48 text-base leading-6 placeholder:text-(--soft)"
        aria-label={correction ? words.correction : note ? words.note_name : words.reply}
        placeholder={correction ? "" : note ? props.noteHint : props.answerHint}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        data-reply-text=""
      />
      <div className="flex flex-wrap items-center gap-2 max-md:gap-1.5 mt-2">
        <KindChoice
          note={note}
          words={words}
          onChoose={(isNote) => replies.choose(key, isNote, answers)}
          onPress={focus}
        />
        {buttons}
      </div>
    </form>
  );
}
