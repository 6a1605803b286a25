// Opens quotes. Gradio runs this once, as the body of a function, with `element` (the panel's block) and `trigger`.

const CITATION = 'a[href^="#src-"]'; // "#src-<turn>-<number>"; for a refusal's nearest sentences "#src-<turn>-n<number>"
let wanted = null; // id of the mark to open as soon as the panel has it
let origin = null; // the link that was followed, to come back to

const panel = () => element.querySelector("#sources");
const turnOf = (id) => Number(id.split("-")[1]);
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function open(mark) {
  element.querySelectorAll("mark.open").forEach((other) => other.classList.remove("open"));
  void mark.offsetWidth; // restarts the flash of a mark that is opened twice
  mark.classList.add("open");
}

function follow(mark) {
  open(mark);
  mark.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
  mark.focus({ preventScroll: true });
}

// After an answer its first quote comes into view, without moving the page or the focus.
function present(mark) {
  const room = panel();
  room.scrollTop += mark.getBoundingClientRect().top - room.getBoundingClientRect().top - room.clientHeight / 3;
}

function goBack() {
  const link = origin?.isConnected ? origin : document.querySelector("#question textarea");
  link.scrollIntoView({ block: "center" });
  link.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(CITATION);
  if (!link) return;
  event.preventDefault(); // the sanitizer makes every link open a new tab
  event.stopPropagation();
  origin = link;
  const id = link.getAttribute("href").slice(1);
  const mark = document.getElementById(id);
  if (mark) return follow(mark);
  wanted = id; // of another turn: Python shows its sources, the observer below opens the quote
  trigger("cite", { turn: turnOf(id) });
}, true);

element.addEventListener("click", (event) => {
  if (event.target.closest(".back")) goBack();
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") goBack();
});

// Python has shown another turn (Gradio patches the panel in place, so the turn is what tells).
let shown = panel()?.dataset.turn;
new MutationObserver(() => {
  const turn = panel()?.dataset.turn;
  const mark = wanted && document.getElementById(wanted);
  const first = element.querySelector(`mark[id$="-${turn}-1"]`) ?? element.querySelector("mark"); // quote 1, wherever it stands
  if (mark) follow(mark);
  else if (turn !== shown && first) present(first);
  if (mark || turn !== shown) wanted = null;
  shown = turn;
}).observe(element, { childList: true, subtree: true, attributeFilter: ["data-turn"] });

// Gradio labels each message with its source, tags and all; without the label a screen reader reads the message itself.
const unlabel = () => document.querySelectorAll("#chat [aria-label*='s message: <']").forEach((one) => one.removeAttribute("aria-label"));
new MutationObserver(unlabel).observe(document.body, {
  childList: true, subtree: true, attributeFilter: ["aria-label"],
});
