import { useEffect, useRef } from "react";

/**
 * The canned replies that are offered, one of them picked.
 *
 * @typedef {import("./canned.js").Canned} Canned
 * @param {{ items: Canned[], picked: number, label?: string, onPick: (item: Canned) => void }} props
 */
export function CannedReplies({ items, picked, label, onPick }) {
  const list = useRef(/** @type {HTMLUListElement | null} */ (null));
  useEffect(() => {
    list.current?.children[picked]?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  if (!items.length) return null;
  return (
    <ul
      ref={list}
      aria-label={label}
      className="list-none m-0 p-1 mb-2 max-h-48 overflow-y-auto rounded-xl border border-(--line) bg-(--surface)"
    >
      {items.map((item, index) => (
        <li key={item.shortcut}>
          <button
            type="button"
            className="w-full flex gap-3 px-3 py-2 text-left text-sm hover:bg-(--raised) data-picked:bg-(--raised) cursor-pointer"
            data-picked={index === picked ? "" : undefined}
            onClick={() => onPick(item)}
          >
            <span className="font-medium shrink-0">/{item.shortcut}</span>
            <span className="shrink-0 max-w-1/2 truncate">{item.title}</span>
            <span className="text-(--soft) truncate">{item.text}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
