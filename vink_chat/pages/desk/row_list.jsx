import { useRef } from "react";
import { run } from "./commands.js";
import { useCommand } from "./use_command.js";

/**
 * Conversations to choose from, each a button with the conversation's id as its value.
 *
 * @param {import("react").HTMLAttributes<HTMLUListElement>} props commands: `move` by a number of rows, `go on` with
 *   the row after a conversation's, `leave composer`, `focused row`
 */
export function RowList(props) {
  const ref = useRef(/** @type {HTMLUListElement | null} */ (null));
  const rows = () => /** @type {HTMLButtonElement[]} */ ([...(ref.current?.querySelectorAll("li > button") ?? [])]);
  const focused = () => rows().find((row) => row === document.activeElement);
  /** @param {HTMLButtonElement | undefined} row */
  const focus = (row) => {
    if (row?.checkVisibility()) row.focus();
    else run("focus log");
  };
  useCommand("focused row", () => focused()?.value);
  useCommand("move", (step) => {
    const all = rows();
    const row = focused();
    const at = row ? all.indexOf(row) : -1;
    all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
  });
  useCommand("go on", (conversationId) => {
    const all = rows();
    const at = all.findIndex((row) => row.value === conversationId);
    focus(at < 0 ? undefined : (all[at + 1] ?? all[at - 1]));
  });
  useCommand("leave composer", () => focus(rows().find((row) => row.ariaCurrent === "true")));
  return <ul {...props} ref={ref} onClickCapture={() => run("went elsewhere")} />;
}
