import { useCallback, useEffect, useSyncExternalStore } from "react";
import { edits, keyOf } from "./edits.js";

/**
 * A field of the visitor's card: saved on blur or Enter, to the conversation it was rendered for.
 *
 * @param {import("react").InputHTMLAttributes<HTMLInputElement> & {
 *   name: string, conversationId: string, saved: string,
 *   described: { id: string, field: string, wrong: string, number: number },
 *   onDescribe: (conversationId: string, field: string, text: string) => void }} props
 *   `described` is the result of the last field that was sent
 */
export function CardInput({ name, conversationId, saved = "", described, onDescribe, ...props }) {
  const key = keyOf(conversationId, name);
  const text = useSyncExternalStore(
    edits.subscribe,
    useCallback(() => edits.text(key) ?? saved, [key, saved]),
    () => saved,
  );
  /** @param {boolean} [again] */
  const save = (again) => {
    const sent = edits.send(key, described.number, again);
    if (sent !== undefined) onDescribe(conversationId, name, sent);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each conversation
  useEffect(() => {
    edits.drawn(key);
    save(true);
  }, [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs on each answer
  useEffect(() => {
    if (described.id === conversationId && described.field === name && !described.wrong)
      edits.saved(key, described.number);
  }, [described.number]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the server sends is newer than what was saved here
  useEffect(() => edits.drawn(key), [saved]);

  return (
    <input
      {...props}
      name={name}
      value={text}
      onChange={(event) => edits.type(key, event.currentTarget.value)}
      onBlur={() => save()}
      onKeyDown={(event) => event.key === "Enter" && save(true)}
    />
  );
}
