import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, createReport, isAccepted, isSameCard, userOf } from "../../vink_chat/pages/visitor/host_protocol.js";

const SITE = "https://shop.example";

/** @param {number} position @param {string} who @param {string} [html] */
const message = (position, who, html = "") => ({ id: `m${position}`, position, who, html });
/** @param {import("../../vink_chat/pages/visitor/host_protocol.js").Message[]} messages */
const now = (messages, more = {}) => ({ messages, status: "assisted", rating: 0, seen: 99, pending: false, ...more });
const report = () => createReport((html) => html.replace(/<[^>]*>/g, ""));

test("a card holds texts of known names, cut to their limits", () => {
  const card = cardOf({ user: 7, name: "я".repeat(500), email: ["a"], phone: { a: 1 }, admin: "yes" });
  assert.equal(card.user, "7");
  assert.equal(card.name.length, 200);
  assert.equal(card.email, "");
  assert.equal(card.phone, "");
  assert.ok(!("admin" in card));
});

test("the same card said again is the same, whatever else was said with it", () => {
  assert.ok(isSameCard(cardOf({ name: "Анна", open: true }), cardOf({ name: "Анна" })));
  assert.ok(!isSameCard(cardOf({ name: "Анна" }), cardOf({ name: "Ольга" })));
  assert.ok(!isSameCard(cardOf({}), null));
});

test("a user without a signature is nobody", () => {
  assert.equal(userOf(cardOf({ user: "anna" })), "");
  assert.equal(userOf(cardOf({ user: "anna", signature: "s" })), "anna");
  assert.equal(userOf(null), "");
});

test("the origin that says hello first is heard, and no other", () => {
  const hello = { vink: 1, type: "hello" };
  assert.ok(isAccepted({ origin: SITE, data: hello }, ""));
  assert.ok(!isAccepted({ origin: SITE, data: { vink: 1, type: "send" } }, ""));
  assert.ok(isAccepted({ origin: SITE, data: { vink: 1, type: "send" } }, SITE));
  assert.ok(!isAccepted({ origin: "https://evil.example", data: hello }, SITE));
  assert.ok(!isAccepted({ origin: "null", data: hello }, ""));
});

test("nonsense is not heard", () => {
  for (const data of [null, 7, "close", [], {}, { vink: 1 }, { vink: 2, type: "hello" }]) {
    assert.ok(!isAccepted({ origin: SITE, data }, ""));
    assert.ok(!isAccepted({ origin: SITE, data }, SITE));
  }
  for (const type of ["constructor", "__proto__", "close", {}]) {
    assert.ok(!isAccepted({ origin: SITE, data: { vink: 1, type } }, SITE));
  }
});

test("what was said before the site asked is not told, and the visitor's words never", () => {
  const told = report();
  assert.deepEqual(told.next(now([message(1, "assistant", "<p>Раз</p>")])), [
    { type: "state", unread: 0, expects: false },
  ]);
  const news = told.next(
    now([message(1, "assistant", "<p>Раз</p>"), message(2, "visitor", "Тайна"), message(3, "operator", "Три \n раза")]),
  );
  assert.deepEqual(news, [
    { type: "message", id: "m2", who: "visitor", text: "" },
    { type: "message", id: "m3", who: "operator", text: "Три раза" },
  ]);
});

test("a person, the end and the stars are told once each", () => {
  const told = report();
  told.next(now([]));
  assert.deepEqual(told.next(now([], { status: "waiting" }))[0], { type: "handover", status: "waiting" });
  assert.deepEqual(told.next(now([], { status: "attended" }))[0], { type: "handover", status: "attended" });
  assert.deepEqual(told.next(now([], { status: "closed" }))[0], { type: "closed" });
  assert.deepEqual(told.next(now([], { status: "closed", rating: 4 })), [{ type: "rating", stars: 4 }]);
  assert.deepEqual(told.next(now([], { status: "closed", rating: 4 })), []);
});

test("unread ones are those after the last that was read, without the visitor's own", () => {
  const told = report();
  const messages = [message(1, "visitor"), message(2, "assistant"), message(3, "visitor"), message(4, "operator")];
  assert.deepEqual(told.next(now(messages, { seen: 1 })), [{ type: "state", unread: 2, expects: true }]);
  assert.deepEqual(told.next(now(messages, { seen: 4 })), [{ type: "state", unread: 0, expects: false }]);
});

test("an answer is expected while somebody holds the conversation, something is on its way, or nobody has answered", () => {
  for (const more of [{ status: "waiting" }, { status: "attended" }, { pending: true }]) {
    assert.equal(report().next(now([], more))[0]?.expects, true);
  }
  assert.equal(report().next(now([message(1, "visitor")]))[0]?.expects, true);
});

test("the thread of another visitor is no news", () => {
  const told = report();
  told.next(now([message(1, "assistant")]));
  told.forget();
  assert.deepEqual(told.next(now([message(5, "operator"), message(6, "assistant")], { status: "waiting" })), [
    { type: "state", unread: 0, expects: true },
  ]);
});
