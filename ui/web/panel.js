// The sources panel: opens an article at a quote, steps through an answer's quotes, and shows a quote under the pointer.
// This file, keep.js and thread.js are one function's body; Gradio runs it once, with `element`, `trigger`, `watch`.

const panel = element.querySelector("#sources");
const reading = panel.querySelector(".body");
const steps = panel.querySelector(".steps");
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
let marks = []; // ids of all that the shown turn quotes, in order
let opened = ""; // the one of them that is open
let wanted = ""; // the one that was asked for last
let outdated = false; // the articles have changed since: one may be gone
let origin = null; // the link that was followed, to come back to

function show(message) {
  if (message.follow && message.asked !== wanted) return; // overtaken by another click
  outdated = false;
  panel.dataset.turn = message.turn;
  panel.classList.toggle("empty", !message.marks.length); // a turn that quotes nothing needs no panel
  reading.innerHTML = message.html;
  marks = message.marks;
  if (message.mark) open(message.mark, message.follow);
  else reading.scrollTop = 0;
  steps.hidden = marks.length < 2;
}

// `follow` moves the focus too, as for a reader who asked for the quote; without, it only comes into view.
function open(id, follow) {
  const mark = document.getElementById(id);
  reading.querySelectorAll("mark.open").forEach((other) => other.classList.remove("open"));
  if (!mark) return;
  opened = id;
  mark.classList.add("open");
  steps.querySelector("span").textContent = `Quote ${marks.indexOf(id) + 1} of ${marks.length}`;
  const [web, page] = ["a.web", ".page"].map((one) => reading.querySelector(one));
  if (web && mark.dataset.web) web.href = mark.dataset.web;
  if (page && mark.dataset.page) page.textContent = `page ${mark.dataset.page}`;
  if (follow) cover();
  mark.scrollIntoView({ block: "center" }); // the parts out of sight have no height yet: a second look finds the place
  requestAnimationFrame(() => {
    mark.scrollIntoView({ block: "center", behavior: follow && !still() ? "smooth" : "auto" });
    if (follow) mark.focus({ preventScroll: true });
  });
}

// On a narrow window the panel covers the chat, and the browser's Back uncovers it.
const narrow = window.matchMedia("(max-width: 800px)");
const covering = () => document.body.classList.contains("reading");
function cover() {
  if (narrow.matches && !covering()) history.pushState({ reading: true }, "");
  document.body.classList.add("reading");
}
if (history.state?.reading) history.replaceState(null, ""); // a reload shows the chat
window.addEventListener("popstate", (event) => {
  if (event.state?.reading) document.body.classList.add("reading"); // forward again
  else if (covering()) uncover();
});

// The conversation is another one now.
function closePanel() {
  panel.dataset.turn = 0;
  marks = [];
  document.body.classList.remove("reading");
}

function cite(id) {
  wanted = id;
  if (!outdated && document.getElementById(id)) return open(id, true);
  const [, turn, name] = id.split("-");
  trigger("cite", { turn: Number(turn), name });
}

function goBack() {
  uncover();
  if (history.state?.reading) history.back();
}

function uncover() {
  document.body.classList.remove("reading");
  const link = origin?.isConnected ? origin : element.querySelector("#question");
  link.focus();
}

function step(by) {
  cite(marks[(marks.indexOf(opened) + by + marks.length) % marks.length]);
}

element.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#src-"]');
  if (!link) return;
  event.preventDefault();
  if (!panel.contains(link)) origin = link;
  hideHint();
  cite(link.getAttribute("href").slice(1));
});
panel.addEventListener("click", (event) => {
  if (event.target.dataset.only !== undefined) only(event.target.dataset.only);
});
panel.querySelector(".previous").addEventListener("click", () => step(-1));
panel.querySelector(".next").addEventListener("click", () => step(1));
panel.querySelector(".back").addEventListener("click", goBack);
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") goBack();
  if (event.target.closest(".bar, .body") && marks.length > 1 && !event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  }
});

// The quote itself, under the pointer or the focus.
const hint = document.createElement("div");
hint.id = "hint";
hint.setAttribute("role", "tooltip");
hint.hidden = true;
element.append(hint);

function showHint(link) {
  const quote = document.createElement("q");
  quote.textContent = link.dataset.quote;
  quote.dir = "auto";
  const about = document.createElement("small");
  const date = Object.assign(document.createElement("span"), { className: "own", textContent: link.dataset.date });
  about.append(link.dataset.title, " · ", date);
  about.dir = "auto";
  hint.replaceChildren(quote, about);
  hint.hidden = false;
  link.setAttribute("aria-describedby", "hint");
  const place = link.getBoundingClientRect();
  const below = place.bottom + 8 + hint.offsetHeight < innerHeight;
  hint.style.top = `${below ? place.bottom + 8 : place.top - 8 - hint.offsetHeight}px`;
  hint.style.left = `${Math.max(8, Math.min(place.left - 12, innerWidth - hint.offsetWidth - 8))}px`;
}

function hideHint() {
  hint.hidden = true;
  element.querySelector("[aria-describedby=hint]")?.removeAttribute("aria-describedby");
}

for (const [begins, ends] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  element.addEventListener(begins, (event) => {
    const link = event.target.closest?.("a.cite");
    if (link && event.pointerType !== "touch") showHint(link);
  });
  element.addEventListener(ends, (event) => event.target.closest?.("a.cite") && hideHint());
}
document.addEventListener("scroll", hideHint, true);
document.addEventListener("footnote:source", (event) => show(event.detail));
