/** Where a log is scrolled to: at its end, unless its reader scrolled up. */

const NEAR = 80;
const ABOVE = 8;

/** @typedef {{ scrollTop: number, scrollHeight: number, clientHeight: number }} Scrolled as an element has it */

/** @param {Scrolled} log */
export const isAtEnd = ({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight < NEAR;

/**
 * The end of a log; but of what begins at `start`, when it is taller than the log, the beginning.
 *
 * @param {Scrolled} log
 * @param {number} [start] distance from the top of everything in the log
 * @returns {{ top: number, atEnd: boolean }}
 */
export function endOf({ scrollHeight, clientHeight }, start) {
  const tall = start !== undefined && scrollHeight - start + ABOVE > clientHeight;
  return tall ? { top: start - ABOVE, atEnd: false } : { top: scrollHeight, atEnd: true };
}

/**
 * Whether rows came above those that were there.
 *
 * @param {readonly { id: string }[]} before
 * @param {readonly { id: string }[]} rows
 */
export function grewAbove(before, rows) {
  const first = before[0]?.id;
  return first !== undefined && rows.findIndex(({ id }) => id === first) > 0;
}
