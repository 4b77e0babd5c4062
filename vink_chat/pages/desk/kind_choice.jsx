const KINDS = [
  { value: "answer", note: false },
  { value: "note", note: true },
];

/**
 * What is written: an answer, or a note that only colleagues see.
 *
 * @param {{ note: boolean, words: Record<string, string>, onChoose: (note: boolean) => void, onPress: () => void }} props
 *   `onPress` is by a pointer, not by keys
 */
export function KindChoice({ note, words, onChoose, onPress }) {
  return (
    <div
      role="radiogroup"
      aria-label={words.kind}
      className="inline-flex rounded-xl border border-(--line) bg-(--surface) p-0.5 group-data-[corrects]/reply:hidden"
    >
      {KINDS.map((kind) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: whoever presses it is about to write, who comes by keys stays
        <label
          key={kind.value}
          className="relative cursor-pointer"
          data-kind={kind.value}
          onClick={(event) => event.detail && onPress()}
        >
          <input
            type="radio"
            name="kind"
            value={kind.value}
            checked={note === kind.note}
            onChange={() => onChoose(kind.note)}
            className="peer visually-hidden"
          />
          <span className="grid place-items-center min-h-9 px-3 max-md:px-2 rounded-lg text-sm text-(--soft) peer-checked:bg-(--ink) peer-checked:text-(--surface) peer-checked:font-medium peer-focus-visible:outline-2">
            {kind.note ? words.note : words.reply}
          </span>
        </label>
      ))}
    </div>
  );
}
