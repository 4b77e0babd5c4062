/** How long something lasts, as people read it. */

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * Write 3:07, then 1 ч 03 м, then 2 д 4 ч.
 *
 * @param {number} seconds
 * @param {string} units the short names of a day, an hour and a minute, with blanks between
 */
export function duration(seconds, units) {
  const [day, hour, minute] = units.split(" ");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (!hours) return `${minutes}:${two(seconds % 60)}`;
  if (hours < 24) return `${hours} ${hour} ${two(minutes % 60)} ${minute}`;
  return `${Math.floor(hours / 24)} ${day} ${hours % 24} ${hour}`;
}

/**
 * Say how serious a wait is: longer than a minute, then longer than five.
 *
 * @param {number} seconds
 */
export const age = (seconds) => (seconds < 60 ? "new" : seconds < 300 ? "long" : "late");
