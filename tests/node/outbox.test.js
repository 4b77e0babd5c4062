import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutbox } from "../../vink_chat/components/outbox.js";
import { counted, stoppedClock } from "./fakes.js";

function setUp() {
  const clock = stoppedClock();
  /** @type {unknown} */
  let kept;
  const outbox = createOutbox({
    now: clock.now,
    makeId: counted(),
    keep: (items) => {
      kept = JSON.parse(JSON.stringify(items));
    },
  });
  return { clock, outbox, kept: () => kept, states: () => outbox.items().map(({ state }) => state) };
}

/** @param {readonly { id: string }[]} items */
const ids = (items) => items.map(({ id }) => id);

test("a message is sent at once, and with the same id again after ever longer pauses", () => {
  const { clock, outbox } = setUp();
  outbox.post("Здравствуйте");
  assert.deepEqual(ids(outbox.due()), ["id-1"]);
  assert.deepEqual(ids(outbox.due()), [], "it may be on its way");
  clock.pass(6001);
  assert.deepEqual(ids(outbox.due()), ["id-1"]);
  clock.pass(6001);
  assert.deepEqual(ids(outbox.due()), []);
  clock.pass(6000);
  assert.deepEqual(ids(outbox.due()), ["id-1"]);
});

test("however often a message was sent, the next try comes within a minute", () => {
  const { clock, outbox } = setUp();
  outbox.post("Здравствуйте");
  for (let times = 0; times < 50; times += 1) {
    assert.equal(outbox.due().length, 1);
    clock.pass(60_001);
  }
});

test("what was sent before the connection went is sent again as soon as it is back", () => {
  const { outbox } = setUp();
  outbox.post("Раз");
  outbox.post("Два");
  outbox.due();
  assert.deepEqual(ids(outbox.due(true)), ["id-1", "id-2"]);
});

test("a message leaves the outbox when the thread shows its id, and not before", () => {
  const { outbox, kept } = setUp();
  outbox.post("Раз");
  outbox.post("Два");
  outbox.settle(["", "another"]);
  assert.equal(outbox.items().length, 2);
  outbox.settle(["id-1"]);
  assert.deepEqual(ids(outbox.items()), ["id-2"]);
  assert.equal(/** @type {unknown[]} */ (kept()).length, 1);
});

test("a message that is late is called failed, and is still sent again", () => {
  const { clock, outbox, states } = setUp();
  outbox.post("Здравствуйте");
  outbox.due();
  clock.pass(8001);
  outbox.tick(false);
  assert.deepEqual(states(), ["failed"]);
  assert.deepEqual(ids(outbox.due()), ["id-1"]);
});

test("what waits for the connection is not late, however long it waits", () => {
  const { clock, outbox, states } = setUp();
  outbox.post("Здравствуйте");
  outbox.tick(true);
  clock.pass(3_600_000);
  outbox.tick(true);
  assert.deepEqual(states(), ["waiting"]);
  outbox.tick(false);
  clock.pass(7000);
  outbox.tick(false);
  assert.deepEqual(states(), ["sending"]);
});

test("a refusal stands at its message, which is not sent again until it is retried", () => {
  const { clock, outbox } = setUp();
  outbox.post("Раз");
  outbox.post("Два");
  outbox.due();
  outbox.refuse("id-1", "Слишком часто.");
  clock.pass(60_000);
  assert.deepEqual(ids(outbox.due(true)), ["id-2"]);
  outbox.tick(true);
  assert.equal(outbox.items()[0]?.fault, "Слишком часто.");
  outbox.retry("id-1");
  assert.equal(outbox.items()[0]?.fault, "");
  assert.deepEqual(ids(outbox.due()), ["id-1"]);
});

test("what can never be sent is kept and not sent", () => {
  const { outbox, states } = setUp();
  outbox.post("ж".repeat(4001), "Слишком длинное сообщение");
  assert.deepEqual(outbox.due(true), []);
  assert.deepEqual(states(), ["failed"]);
  assert.equal(outbox.items()[0]?.final, true);
});

test("a message taken out gives its text back", () => {
  const { outbox } = setUp();
  outbox.post("Раз");
  assert.equal(outbox.take("id-1"), "Раз");
  assert.deepEqual(outbox.items(), []);
});

test("what was kept comes back with its id after a reload, and what cannot be read is left out", () => {
  const { outbox, kept, clock } = setUp();
  outbox.post("Раз");
  outbox.post("ж", "Слишком длинное сообщение");
  const again = createOutbox({ now: clock.now, makeId: counted(), keep: () => {} });
  again.become(kept());
  assert.deepEqual(again.items(), outbox.items());
  for (const broken of [undefined, null, 5, "text", { a: 1 }, [null, 5, {}, { id: "x" }, { text: 5, id: "x" }]]) {
    again.become(broken);
    assert.deepEqual(again.items(), []);
  }
});

test("whoever looks on hears of each change, and of nothing else", () => {
  const { outbox } = setUp();
  let heard = 0;
  const stop = outbox.subscribe(() => {
    heard += 1;
  });
  outbox.post("Раз");
  outbox.tick(false);
  outbox.settle(["another"]);
  assert.equal(heard, 1);
  stop();
  outbox.post("Два");
  assert.equal(heard, 1);
});
