/**
 * Count the messages after the newest one that was read.
 *
 * @param {readonly { id: string }[]} messages @param {string} read its id
 */
export function countBelow(messages, read) {
  const at = messages.findIndex(({ id }) => id === read);
  return at < 0 ? 0 : messages.length - 1 - at;
}
