/**
 * What a key does in the composer's field.
 *
 * @typedef {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean }} Key
 * @typedef {object} Field
 * @property {boolean} suggestionsOpen canned replies are offered
 * @property {boolean} empty
 * @property {boolean} isEditing the operator is correcting a message they sent
 * @property {boolean} hasSentMessage the operator has sent a message that can be corrected
 */

/**
 * @param {Key} key @param {Field} field
 * @returns {"next" | "previous" | "insert" | "hide" | "correct" | "send" | "leave" | ""}
 */
export function actionOf(
  { key, shiftKey, ctrlKey, metaKey, altKey, isComposing },
  { suggestionsOpen, empty, isEditing, hasSentMessage },
) {
  if (key === "Escape") return suggestionsOpen ? "hide" : "leave";
  if (key === "Enter") return shiftKey || isComposing ? "" : suggestionsOpen ? "insert" : "send";
  if (suggestionsOpen && key === "ArrowDown") return "next";
  if (suggestionsOpen && key === "ArrowUp") return "previous";
  const plain = !(shiftKey || ctrlKey || metaKey || altKey || isComposing);
  return key === "ArrowUp" && plain && empty && !isEditing && hasSentMessage ? "correct" : "";
}
