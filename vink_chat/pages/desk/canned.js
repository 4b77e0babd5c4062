/** Canned replies. @typedef {{ shortcut: string, title: string, text: string }} Canned */

/**
 * Return the replies whose shortcut begins with what stands behind the slash. The key of the slash writes a full stop on
 * a Russian keyboard.
 *
 * @param {Canned[]} replies @param {string} text what is written
 */
export function offered(replies, text) {
  const word = /^[/.](\S*)$/.exec(text)?.[1]?.toLowerCase();
  return word === undefined ? [] : replies.filter(({ shortcut }) => shortcut.startsWith(word));
}

/**
 * Put the visitor's name in the place of {имя}; of one without a name what is left still reads as a sentence.
 *
 * @param {string} text @param {string} name
 */
export function named(text, name) {
  if (name) return text.replaceAll("{имя}", name);
  const left = text.replace(/^\{имя\}[,!]?\s*/, "").replace(/,?\s*\{имя\}/g, "");
  return left === text ? text : left.charAt(0).toUpperCase() + left.slice(1);
}
