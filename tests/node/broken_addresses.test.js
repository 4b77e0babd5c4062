import assert from "node:assert/strict";
import { test } from "node:test";
import { isBroken, report, subscribe } from "../../vink_chat/pages/shared/broken_addresses.js";

test("who depends on a picture hears when it breaks and when it loads again", () => {
  let heard = 0;
  const leave = subscribe(() => {
    heard += 1;
  });
  report("/logo.png", true);
  report("/logo.png", true);
  assert.deepEqual([isBroken("/logo.png"), isBroken("/other.png"), heard], [true, false, 1]);
  report("/logo.png", false);
  leave();
  report("/logo.png", true);
  assert.deepEqual([isBroken("/logo.png"), heard], [true, 2]);
});
