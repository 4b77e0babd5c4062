import assert from "node:assert/strict";
import { test } from "node:test";
import { createAlerts, titled } from "../../vink_chat/pages/desk/alerts.js";
import { inOneTab } from "../../vink_chat/pages/desk/one_tab.js";
import { countBelow } from "../../vink_chat/pages/desk/unread_below.js";

const QUEUE = { waiting: 1, mine: 0, newest: "10:00", sound: "repeated", here: true };
const nothing = () => false;

test("the queue calls again only for a free hand, and after fifteen seconds", () => {
  const alerts = createAlerts();
  assert.notEqual(alerts.call(QUEUE, 100_000), "");
  assert.equal(alerts.call(QUEUE, 110_000), "");
  assert.equal(alerts.call({ ...QUEUE, mine: 1 }, 120_000), "");
  assert.equal(alerts.call({ ...QUEUE, sound: "once" }, 120_000), "");
  assert.notEqual(alerts.call(QUEUE, 120_000), "");
});

test("each new call is told of, to a busy hand too", () => {
  const alerts = createAlerts();
  alerts.call({ ...QUEUE, mine: 1 }, 100_000);
  assert.equal(alerts.call({ ...QUEUE, mine: 1, newest: "10:01", sound: "off" }, 101_000), "10:01");
  assert.equal(alerts.call({ ...QUEUE, mine: 1, newest: "10:01" }, 102_000), "");
});

test("who is away is not called, not even later for the same call", () => {
  const alerts = createAlerts();
  alerts.call({ ...QUEUE, mine: 1 }, 100_000);
  assert.equal(alerts.call({ ...QUEUE, mine: 1, newest: "10:01", here: false }, 101_000), "");
  assert.equal(alerts.call({ ...QUEUE, mine: 1, newest: "10:01" }, 102_000), "");
});

test("each piece of news is told once, and what was there at first is none", () => {
  const alerts = createAlerts();
  assert.deepEqual(alerts.news(["a:1"], nothing), []);
  assert.deepEqual(alerts.news(["a:1", "b:1"], nothing), ["b:1"]);
  assert.deepEqual(alerts.news(["b:1"], nothing), []);
});

test("what is being read is no news, and does not become any", () => {
  const alerts = createAlerts();
  alerts.news([], nothing);
  assert.deepEqual(
    alerts.news(["a:1"], () => true),
    [],
  );
  assert.deepEqual(alerts.news(["a:1"], nothing), []);
});

test("the title says what needs the operator, once", () => {
  assert.equal(titled("Рабочее место", 0, 0), "Рабочее место");
  assert.equal(titled("Рабочее место", 1, 2), "(●1 · 2) Рабочее место");
  assert.equal(titled("(●1 · 2) Рабочее место", 0, 3), "(3) Рабочее место");
});

test("of two tabs one tells, and where tabs cannot agree each does", () => {
  const kept = new Map();
  const storage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
  };
  const locks = /** @type {any} */ ({ request: (/** @type {string} */ _, /** @type {() => void} */ act) => act() });
  let told = 0;
  const tell = () => {
    told += 1;
  };
  for (const _ of [1, 2]) inOneTab("queue", "10:00", tell, { locks, touched: true, storage });
  assert.equal(told, 1);
  inOneTab("queue", "10:00", tell, { locks, touched: false, storage });
  inOneTab("queue", "10:00", tell, { touched: true, storage });
  assert.equal(told, 3);
});

test("who scrolled up is told how many messages came below", () => {
  const messages = [{ id: "a" }, { id: "b" }, { id: "c" }];
  assert.deepEqual(
    ["a", "c", "gone"].map((read) => countBelow(messages, read)),
    [2, 0, 0],
  );
});
