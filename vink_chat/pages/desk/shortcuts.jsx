import { useEffect } from "react";
import { run } from "./commands.js";

/** The commands of keys that mean no conversation. @type {Record<string, [string, ...unknown[]]>} */
const KEYS = {
  ArrowDown: ["move", 1],
  ArrowUp: ["move", -1],
  "/": ["write", "/"],
  ".": ["write", ""],
  "?": ["help"],
};

/**
 * The keys of the desk, while nobody types. An act means the open conversation, unless another row has the focus.
 *
 * @param {{ conversationId: string, acts: Record<string, string> }} props `acts` are the commands about it, by key
 */
export function Shortcuts({ conversationId, acts }) {
  // A page that lives is not loaded again (`pages/document.py`).
  useEffect(() => void dispatchEvent(new Event("vink-live")), []);

  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input,textarea,select")) return;
      if (document.querySelector("dialog[open]")) return;
      if (target.role === "log" && event.key.startsWith("Arrow")) return;
      // The key of the slash, as a Russian keyboard reports it.
      const key = event.code === "Slash" && !event.shiftKey && event.key !== "?" ? "/" : event.key;
      const act = acts[key];
      const [command, ...values] = act ? [act] : (KEYS[key] ?? []);
      if (!command) return;
      event.preventDefault();
      const row = act && run("focused row");
      if (!row || row === conversationId) run(command, ...values);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [conversationId, acts]);
  return null;
}
