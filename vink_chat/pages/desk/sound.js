/** Tones made here. Browsers keep a page silent until somebody touched it. */

/** @type {AudioContext | null} */
let audio = null;

export function wake() {
  try {
    audio ??= new AudioContext();
    audio.resume();
  } catch {
    // No sound device.
  }
}

/** Which tone begins at which second: who hears it knows whether to look or to answer. @type {Record<string, [number, number][]>} */
export const TONES = {
  queue: [
    [0, 660],
    [0.18, 880],
  ],
  own: [
    [0, 988],
    [0.1, 1319],
    [0.2, 988],
  ],
};

/** @param {[number, number][] | undefined} tones */
export function play(tones = []) {
  wake();
  if (!audio) return;
  for (const [start, tone] of tones) {
    const source = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + start;
    source.frequency.value = tone;
    volume.gain.setValueAtTime(0.12, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + 0.17);
  }
}
