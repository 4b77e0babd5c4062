import { useState } from "react";
import { useCommand } from "./use_command.js";

/**
 * The field that looks for words; an emptied one shows again what was there before.
 *
 * @param {Omit<import("react").InputHTMLAttributes<HTMLInputElement>, "form"> & {
 *   formClass: string, onSearch: (words: string) => void }} props the command `leave search` empties it silently
 */
export function SearchField({ formClass, onSearch, children, ...props }) {
  const [words, setWords] = useState("");
  useCommand("leave search", () => setWords(""));
  /** @param {string} text */
  const change = (text) => {
    setWords(text);
    if (!text) onSearch("");
  };
  /** @param {import("react").FormEvent} event */
  const submit = (event) => {
    event.preventDefault();
    onSearch(words);
  };
  /** @param {import("react").KeyboardEvent} event */
  const press = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    change("");
  };
  return (
    <form className={formClass} onSubmit={submit}>
      <input
        {...props}
        type="search"
        autoComplete="off"
        value={words}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={press}
      />
      {children}
    </form>
  );
}
