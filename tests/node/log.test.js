import assert from "node:assert/strict";
import { test } from "node:test";
import { kept } from "../../vink_chat/components/kept.js";
import { endOf, grewAbove, isAtEnd } from "../../vink_chat/components/stick_to_end.js";
import { lastPosition, newsOf, titled } from "../../vink_chat/components/unread.js";
import { memoryStorage } from "./fakes.js";

/** @param {number} position @param {string} who */
const message = (position, who = "assistant") => ({ id: `m${position}`, position, who });
const log = { scrollTop: 0, scrollHeight: 1000, clientHeight: 400 };

test("a reader a few lines above the end is still at it", () => {
  assert.ok(isAtEnd({ ...log, scrollTop: 600 }));
  assert.ok(isAtEnd({ ...log, scrollTop: 521 }));
  assert.ok(!isAtEnd({ ...log, scrollTop: 520 }));
});

test("what is taller than the log is shown from its beginning, anything else to its end", () => {
  assert.deepEqual(endOf(log), { top: 1000, atEnd: true });
  assert.deepEqual(endOf(log, 900), { top: 1000, atEnd: true });
  assert.deepEqual(endOf(log, 300), { top: 292, atEnd: false });
});

test("rows came above only where the first row is another one, and the former first is still there", () => {
  const rows = [message(3), message(4)];
  assert.ok(grewAbove(rows, [message(1), message(2), ...rows]));
  assert.ok(!grewAbove(rows, [...rows, message(5)]));
  assert.ok(!grewAbove(rows, [message(9)]));
  assert.ok(!grewAbove([], rows));
  assert.ok(!grewAbove(rows, []));
});

test("what a thread begins with is no news, nor what its reader wrote", () => {
  const rows = [message(1, "visitor"), message(2), message(3, "visitor"), message(4, "operator")];
  assert.deepEqual(newsOf(rows, -1, "visitor"), []);
  assert.deepEqual(newsOf(rows, 2, "visitor"), [rows[3]]);
  assert.deepEqual(newsOf(rows, 4, "visitor"), []);
});

test("the last position never goes back when a thread is drawn anew", () => {
  assert.equal(lastPosition([message(2), message(7)], 3), 7);
  assert.equal(lastPosition([], 7), 7);
  assert.equal(lastPosition([]), 0);
});

test("a title says how many are unread while any are", () => {
  assert.equal(titled(2, "Чат"), "(2) Чат");
  assert.equal(titled(0, "Чат"), "Чат");
});

test("what is kept comes back as it was; an emptied one is gone", () => {
  const storage = memoryStorage();
  const store = kept(storage);
  for (const value of [0, "текст", ["a"], { a: 1 }, false]) {
    store.keep("key", value);
    assert.deepEqual(store.read("key"), value);
  }
  store.keep("key", "");
  assert.equal(storage.getItem("key"), null);
  assert.equal(store.read("key"), undefined);
});
