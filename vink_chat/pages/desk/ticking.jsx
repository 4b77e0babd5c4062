import { useSyncExternalStore } from "react";
import { now, subscribe } from "../../components/clock.js";
import { age, duration } from "./durations.js";

export const useNow = () => useSyncExternalStore(subscribe, now, now);

/**
 * How long somebody waits.
 *
 * @param {import("react").HTMLAttributes<HTMLSpanElement> & { since: string, units: string }} props
 *   `since` is ISO 8601
 */
export function Waiting({ since, units, ...props }) {
  const seconds = Math.max(0, Math.round((useNow() - Date.parse(since)) / 1000));
  return (
    <span {...props} data-since={since} data-age={age(seconds)}>
      {duration(seconds, units)}
    </span>
  );
}

/** By the server's moment of the end the moment of this browser's clock: the two clocks may differ. */
const ends = /** @type {Map<string, number>} */ (new Map());

/**
 * How many seconds are left.
 *
 * @param {import("react").HTMLAttributes<HTMLSpanElement> & { end: string, left: number }} props
 *   `left` is what was left when it was drawn first
 */
export function Left({ end, left, ...props }) {
  const moment = useNow();
  if (!ends.has(end)) ends.set(end, Date.now() + left * 1000);
  const seconds = Math.ceil(((ends.get(end) ?? 0) - moment) / 1000);
  return <span {...props}> · {Math.max(0, Math.min(seconds, left))}</span>;
}
