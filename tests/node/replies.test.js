import assert from "node:assert/strict";
import { test } from "node:test";
import { named, offered } from "../../vink_chat/pages/desk/canned.js";
import { createReplies, shownOf } from "../../vink_chat/pages/desk/replies.js";

function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

function desk(storage = memory()) {
  let number = 0;
  return createReplies({ storage, makeId: () => `id-${++number}` });
}

test("what is typed in one conversation stays there, and is there after a reload", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.type("a", "Ответ A", "mine");
  assert.deepEqual(shownOf(replies.of("b"), "mine"), { text: "", note: false });
  assert.deepEqual(shownOf(desk(storage).of("a"), "mine"), { text: "Ответ A", note: false });
});

test("a note comes back as a note", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.choose("a", true, "mine");
  replies.type("a", "Для своих", "mine");
  replies.unchoose("a");
  assert.deepEqual(shownOf(desk(storage).of("a"), "mine"), { text: "Для своих", note: true });
});

test("an empty field begins as an answer where one can be given, and else as a note", () => {
  const reply = desk().of("a");
  assert.equal(shownOf(reply, "mine").note, false);
  assert.equal(shownOf(reply, "").note, true);
});

test("a note that was chosen stays one, an answer only while it can be given in the same way", () => {
  const replies = desk();
  replies.choose("a", true, "take");
  assert.equal(shownOf(replies.of("a"), "mine").note, true);
  replies.choose("a", false, "mine");
  assert.equal(shownOf(replies.of("a"), "").note, true);
  replies.choose("a", true, "take");
  replies.unchoose("a");
  assert.equal(shownOf(replies.of("a"), "mine").note, false);
});

test("who deletes a note to write it again writes a note", () => {
  const storage = memory();
  desk(storage).choose("a", true, "mine");
  const first = desk(storage);
  first.choose("a", true, "mine");
  first.type("a", "Для", "mine");
  const replies = desk(storage);
  replies.type("a", "", "mine");
  replies.type("a", "Д", "mine");
  assert.equal(shownOf(replies.of("a"), "mine").note, true);
});

test("what was sent stays in the field until the thread shows it, and is sent again under the same id", () => {
  const replies = desk();
  replies.type("a", " Здравствуйте ", "mine");
  const sent = replies.send("a", "mine");
  assert.deepEqual(sent, { id: "id-1", text: "Здравствуйте", note: false, quote: "" });
  assert.equal(replies.of("a").text, " Здравствуйте ");
  assert.equal(replies.send("a", "mine")?.id, "id-1");
  replies.settle("a", ["another"], "mine");
  assert.equal(replies.of("a").text, " Здравствуйте ");
  replies.settle("a", ["id-1"], "mine");
  assert.deepEqual([replies.of("a").text, replies.of("a").sent], ["", null]);
});

test("what was typed after sending is not lost when the thread shows what was sent", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.type("a", "Первое", "mine");
  replies.send("a", "mine");
  replies.type("a", "Второе", "mine");
  replies.settle("a", ["id-1"], "mine");
  assert.equal(replies.of("a").text, "Второе");
  assert.equal(desk(storage).of("a").text, "Второе");
});

test("another text, another kind or another quotation is another message", () => {
  const replies = desk();
  replies.type("a", "Да", "mine");
  replies.send("a", "mine");
  replies.choose("a", true, "mine");
  assert.equal(replies.send("a", "mine")?.id, "id-2");
  replies.quote("a", { id: "m", text: "?" });
  assert.deepEqual(replies.send("a", "mine"), { id: "id-3", text: "Да", note: true, quote: "m" });
});

test("a quotation goes with the message it was sent with", () => {
  const replies = desk();
  replies.quote("a", { id: "m", text: "?" });
  replies.type("a", "Да", "mine");
  replies.send("a", "mine");
  replies.settle("a", ["id-1"], "mine");
  assert.equal(replies.of("a").quote, null);
});

test("the draft waits until a correction is over", () => {
  const replies = desk();
  replies.type("a", "Черновик", "mine");
  replies.correct("a", { id: "m", own: "Завтро", note: false });
  replies.type("a", "Завтра", "mine");
  assert.equal(replies.send("a", "mine"), null, "a correction is no message");
  assert.equal(replies.saveCorrection("a", "")?.sent, "Завтра");
  replies.corrected("m:1");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "Черновик", note: false });
});

test("a correction that goes on being typed is not over when what was sent is saved", () => {
  const replies = desk();
  replies.correct("a", { id: "m", own: "Завтро", note: false });
  replies.type("a", "Завтра", "mine");
  replies.saveCorrection("a", "m:1");
  replies.type("a", "Завтра утром", "mine");
  replies.corrected("m:1");
  assert.equal(replies.of("a").correction?.sent, "Завтра", "the mark is the one from before");
  replies.corrected("m:2");
  assert.deepEqual(replies.of("a").correction, { ...replies.of("a").correction, was: "Завтра", sent: undefined });
  assert.equal(shownOf(replies.of("a"), "mine").text, "Завтра утром");
});

test("a correction that changes nothing is over at once", () => {
  const replies = desk();
  replies.correct("a", { id: "m", own: "Завтра", note: false });
  assert.equal(replies.saveCorrection("a", ""), null);
  assert.equal(replies.of("a").correction, null);
});

test("first the correction is left, then the quotation", () => {
  const replies = desk();
  replies.quote("a", { id: "q", text: "?" });
  replies.correct("a", { id: "m", own: "Завтра", note: false });
  assert.deepEqual([replies.leave("a"), replies.of("a").quote?.id], [true, "q"]);
  assert.deepEqual([replies.leave("a"), replies.leave("a")], [true, false]);
});

test("each draft of the assistant's is tried once", () => {
  const replies = desk();
  assert.deepEqual([0, 1, 1, 2].map(replies.isNewDraft), [false, true, false, true]);
});

test("a canned reply is found by a slash, or the full stop on its key", () => {
  const canned = [
    { shortcut: "привет", title: "", text: "" },
    { shortcut: "прайс", title: "", text: "" },
  ];
  assert.equal(offered(canned, "/").length, 2);
  assert.deepEqual(
    offered(canned, ".Пра").map(({ shortcut }) => shortcut),
    ["прайс"],
  );
  assert.deepEqual(offered(canned, "... сейчас"), []);
  assert.deepEqual(offered(canned, "нет /"), []);
});

test("a canned reply calls the visitor by name, and reads as a sentence without one", () => {
  assert.equal(named("Здравствуйте, {имя}! Да.", "Мария"), "Здравствуйте, Мария! Да.");
  assert.equal(named("Здравствуйте, {имя}! Да.", ""), "Здравствуйте! Да.");
  assert.equal(named("{имя}, добрый день", ""), "Добрый день");
  assert.equal(named("без имени", ""), "без имени");
});
