/**
 * The button over a log's lower corner that leads a reader who scrolled up to the newest messages.
 *
 * @param {{ shown: boolean, count: number, label: string, onClick: () => void }} props
 */
export function WayDown({ shown, count, label, onClick }) {
  return (
    <div
      className="absolute right-4 bottom-3 hidden data-[on]:block"
      data-down-place=""
      data-on={shown ? "" : undefined}
    >
      <button
        type="button"
        className="inline-flex items-center justify-center gap-2 rounded-xl min-h-11 text-[.9375rem] font-medium cursor-pointer transition-colors disabled:opacity-50 disabled:cursor-default select-none bg-(--surface) text-(--ink) border border-(--line) hover:bg-(--raised) w-11 shrink-0"
        aria-label={label}
        title={label}
        data-down=""
        data-count={count || undefined}
        onClick={onClick}
      >
        <svg
          viewBox="0 0 24 24"
          width="20"
          height="20"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <path d="M12 5v14 M6 13l6 6 6-6" />
        </svg>
      </button>
    </div>
  );
}
