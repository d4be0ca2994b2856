// What a screen reader says about things that change by themselves.

const region = () => document.getElementById("announcer");
const pauseInMilliseconds = 1500;

let waiting = null;
let timer = null;

/** Says a sentence when nothing was said for a moment; of several in that time, only the last. */
export function announce(sentence) {
  waiting = sentence;
  timer ??= setTimeout(speak, 150);
}

function speak() {
  if (waiting === null) {
    timer = null;
    return;
  }
  region().textContent = waiting;
  waiting = null;
  timer = setTimeout(speak, pauseInMilliseconds);
}

/** Shows a sentence in a line of the page, and says it. */
export function report(line, sentence, isProblem = false) {
  line.textContent = sentence;
  line.classList.toggle("problem", isProblem);
  if (sentence) announce(sentence);
}
