/**
 * Locates a line in a text area. Empty lines are not counted: the server drops them too.
 *
 * @param {string} text the field's value
 * @param {number} line its number, from 1; 0 means the whole field
 * @returns {[number, number] | null} first and last offset of the line; null when there is none
 */
export function rangeOfLine(text, line) {
  let start = 0;
  let counted = 0;
  for (const row of text.split("\n")) {
    if (row.trim()) counted += 1;
    if (line > 0 && counted === line) return [start, start + row.length];
    start += row.length + 1;
  }
  return null;
}
