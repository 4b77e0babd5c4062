/** Canned replies. @typedef {{ shortcut: string, title: string, text: string }} Canned */

/**
 * Return the replies whose shortcut begins with the text after the slash. The slash key types a full stop on
 * a Russian keyboard.
 *
 * @param {Canned[]} replies @param {string} text what is written
 */
export function matchingReplies(replies, text) {
  const word = /^[/.](\S*)$/.exec(text)?.[1]?.toLowerCase();
  return word === undefined ? [] : replies.filter(({ shortcut }) => shortcut.startsWith(word));
}

/**
 * Replace {имя} with the visitor's name; if it is unknown, the rest still reads as a sentence.
 *
 * @param {string} text @param {string} name
 */
export function withName(text, name) {
  if (name) return text.replaceAll("{имя}", name);
  const left = text.replace(/^\{имя\}[,!]?\s*/, "").replace(/,?\s*\{имя\}/g, "");
  return left === text ? text : left.charAt(0).toUpperCase() + left.slice(1);
}
