import { useEffect, useRef, useSyncExternalStore } from "react";
import { createAlerts, titled } from "./alerts.js";
import { run } from "./commands.js";
import { inOneTab } from "./one_tab.js";
import { play, TONES, wake } from "./sound.js";
import { useNow } from "./ticking.jsx";
import { useCommand } from "./use_command.js";

/** Chrome on Android shows none without a service worker, and says so by an error: sound and title are left there. @param {string} text @param {string} tag */
function pop(text, tag) {
  try {
    new Notification(text, /** @type {NotificationOptions} */ ({ tag, renotify: true }));
  } catch {
    // See above.
  }
}

/** @param {string} text @param {string} tag */
function notify(text, tag) {
  if (document.hidden && "Notification" in window && Notification.permission === "granted") pop(text, tag);
}

/** @param {string} kind @param {string} mark @param {() => void} tell */
const once = (kind, mark, tell) =>
  inOneTab(kind, mark, tell, {
    locks: navigator.locks,
    touched: navigator.userActivation?.hasBeenActive ?? false,
    storage: localStorage,
  });

/** @param {() => void} listener */
function onVisibility(listener) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/**
 * Tells an operator, wherever they look, of who waits and of news in their own conversations: by the title, by sound,
 * by notifications of the system, and by its children, which pass by themselves but not while nobody looks.
 *
 * @typedef {{ id: string, mark: string, name: string, text: string }} News
 * @param {import("react").HTMLAttributes<HTMLDivElement> & {
 *   openId: string, waiting: number, mine?: number, newest: string, news: News[], presence: string,
 *   queueSound: string, ownSound: boolean, mutedUntil: string, call: string }} props
 *   `mine` is undefined until it is counted; the command `try alerts` shows what they are like
 */
export function Alerts({
  openId,
  waiting,
  mine,
  newest,
  news,
  presence,
  queueSound,
  ownSound,
  mutedUntil,
  call,
  ...props
}) {
  const now = useNow();
  const hidden = useSyncExternalStore(
    onVisibility,
    () => document.hidden,
    () => false,
  );
  const alerts = useRef(/** @type {ReturnType<typeof createAlerts> | null} */ (null));
  const counted = useRef(-1);

  useEffect(() => {
    for (const touch of ["pointerdown", "keydown"])
      document.addEventListener(touch, wake, { once: true, capture: true });
    return () => {
      for (const touch of ["pointerdown", "keydown"]) document.removeEventListener(touch, wake, { capture: true });
    };
  }, []);

  useCommand("try alerts", () => {
    play(TONES.queue);
    if (!("Notification" in window)) return;
    Notification.requestPermission().then((answer) => answer === "granted" && pop(call, "vink-test"));
  });

  useEffect(() => {
    if (mine === undefined) return;
    alerts.current ??= createAlerts();
    const sounds = !(Date.parse(mutedUntil) > now);
    const wanted = titled(document.title, news.length, waiting);
    if (document.title !== wanted) document.title = wanted;
    if (counted.current !== news.length + waiting) {
      counted.current = news.length + waiting;
      navigator.setAppBadge?.(counted.current).catch(() => {});
    }
    const queue = { waiting, mine, newest, sound: queueSound, here: presence === "here" };
    const called = alerts.current.call(queue, Date.now());
    if (called)
      once("queue", called, () => {
        if (sounds && queueSound !== "off") play(TONES.queue);
        notify(call, "vink-waiting");
      });
    /** @param {string} mark */
    const isRead = (mark) => mark.startsWith(`${openId}:`) && !document.hidden && run("is at end") !== false;
    const marks = alerts.current.news(
      news.map(({ mark }) => mark),
      isRead,
    );
    const told = news.find(({ mark }) => mark === marks[0]);
    if (told)
      once("own", marks.join(" "), () => {
        if (sounds && ownSound) play(TONES.own);
        notify(`${told.name}: ${told.text}`, "vink-own");
      });
  });

  return <div {...props} data-away={hidden ? "" : undefined} />;
}
