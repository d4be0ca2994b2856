// Drawing what arrives faster than anybody can see it.

/**
 * Calls `paint` at most once a frame, and less often where that takes longer than a frame, as in a
 * very long text.
 * @returns {{ask: () => void, finish: () => void}} to ask for it, and to have it done at once
 */
export function eachFrame(paint) {
  let frame = 0;
  let isWaiting = false;
  let notBefore = 0;

  function timed() {
    frame = 0;
    const begin = performance.now();
    if (begin < notBefore) return ask();
    isWaiting = false;
    paint();
    notBefore = begin + 3 * (performance.now() - begin);
  }

  function ask() {
    isWaiting = true;
    frame ||= requestAnimationFrame(timed);
  }

  function finish() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (isWaiting) paint();
    isWaiting = false;
  }

  return { ask, finish };
}
