/**
 * What a key does in the composer's field.
 *
 * @typedef {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean }} Key
 * @typedef {object} Field
 * @property {boolean} offers canned replies are offered
 * @property {boolean} empty
 * @property {boolean} corrects an own message is being corrected
 * @property {boolean} said there is an own message to correct
 */

/**
 * @param {Key} key @param {Field} field
 * @returns {"next" | "previous" | "insert" | "hide" | "correct" | "send" | "leave" | ""}
 */
export function actionOf({ key, shiftKey, ctrlKey, metaKey, altKey, isComposing }, { offers, empty, corrects, said }) {
  if (key === "Escape") return offers ? "hide" : "leave";
  if (key === "Enter") return shiftKey || isComposing ? "" : offers ? "insert" : "send";
  if (offers && key === "ArrowDown") return "next";
  if (offers && key === "ArrowUp") return "previous";
  const plain = !(shiftKey || ctrlKey || metaKey || altKey || isComposing);
  return key === "ArrowUp" && plain && empty && !corrects && said ? "correct" : "";
}
