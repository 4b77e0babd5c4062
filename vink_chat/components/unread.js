/** What came while nobody looked. */

/** @typedef {{ id: string, who: string, position: number }} Message */

/**
 * What the thread shows for the first time, of anybody but its reader. What it begins with is no news.
 *
 * @template {Message} M
 * @param {readonly M[]} messages
 * @param {number} known the last position shown before; -1 when nothing was
 * @param {string} reader who reads: what they wrote themselves is no news
 */
export function newsOf(messages, known, reader) {
  return known < 0 ? [] : messages.filter(({ position, who }) => position > known && who !== reader);
}

/** @param {readonly Message[]} messages @param {number} known */
export const lastPosition = (messages, known = 0) =>
  messages.reduce((last, { position }) => Math.max(last, position), known);

/** @param {number} unread @param {string} title */
export const titled = (unread, title) => (unread ? `(${unread}) ${title}` : title);
