/**
 * Of several tabs let one tell of a piece of news: the first that was touched, for a browser keeps the others silent.
 *
 * @param {string} kind @param {string} mark which piece of news @param {() => void} tell
 * @param {{ locks?: Pick<LockManager, "request">, touched: boolean, storage: Pick<Storage, "getItem" | "setItem"> }} browser
 */
export function inOneTab(kind, mark, tell, { locks, touched, storage }) {
  if (!locks || !touched) {
    tell();
    return;
  }
  const key = `vink_told:${kind}`;
  locks.request(key, () => {
    if (storage.getItem(key) === mark) return;
    storage.setItem(key, mark);
    tell();
  });
}
