/**
 * Announce a piece of news in one of several tabs: in one the user has interacted with, as browsers mute the others.
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
