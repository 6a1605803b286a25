// The conversation: asks, shows answers as they grow, and does what the buttons under them say.

const log = element.querySelector("#chat");
const told = element.querySelector("#told");
const asking = form.querySelector("[type=submit]");
const stopping = form.querySelector(".stop");
const LOST = "The connection to Footnote is lost. Start it again and reload this page: the conversation is kept.";
const LOOK = 5000; // milliseconds
const LATE = "Still waiting: other questions may be before yours …";
let running = false;
let watching = 0;
let asked = null; // what `ask` was last called with, until it is stopped
let waiting = null; // the same, asked while the conversation was still being restored

let unsay = 0;
function tell(text) { // screen readers alone
  told.textContent = text;
  told.classList.remove("shown");
}
function say(text) { // everybody, for a while
  tell(text);
  told.classList.add("shown");
  clearTimeout(unsay);
  unsay = setTimeout(() => told.classList.remove("shown"), 5000);
}
const lastTurn = () => log.querySelectorAll(".turn").length;
const turnOf = (node) => Number(node.closest(".turn")?.dataset.turn ?? 0);

function run(now) {
  running = now;
  asking.hidden = now;
  stopping.hidden = !now;
  clearInterval(watching);
  if (now) watching = setInterval(look, LOOK);
}

// While nothing comes: is the server still there?
const look = () => fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => {
  run(false);
  const pending = log.querySelector(".pending");
  if (pending) Object.assign(pending, { className: "notice", textContent: LOST });
  say(LOST);
});

// Whether it can be asked. `of`: which articles alone are asked, those that the filter names if nothing is said.
function ask(question, { replace = 0, exactly = false, of = filter() } = {}) {
  if (running || !question.trim()) return;
  if (restoring && replace) return; // its turn is of the conversation that is being left
  if (of.after && of.before && of.after > of.before) return say("The first day lies after the last.");
  asked = [question, { replace, exactly, of }];
  if (restoring) { waiting = asked; return true; }
  const turn = Math.min(replace || Infinity, lastTurn() + 1);
  [...log.children].forEach((one) => (turnOf(one) || Infinity) >= turn && one.remove());
  log.querySelectorAll(".turn > .asked").forEach((one) => one.remove()); // suggestions are for the last answer
  const shown = document.createElement("article");
  shown.className = "turn";
  shown.dataset.turn = turn;
  const heading = Object.assign(document.createElement("h2"), { className: "question", textContent: question });
  heading.dir = "auto";
  const pending = Object.assign(document.createElement("p"), { className: "quiet pending", textContent: "Searching your articles …" });
  shown.append(heading, pending);
  log.append(shown);
  shown.scrollIntoView({ block: "start" });
  leave();
  run(true);
  hold(asked);
  tell("Searching your articles");
  setTimeout(() => { if (pending.isConnected) pending.textContent = LATE; }, 4000); // nothing has come: no place is free yet
  trigger("ask", { question, turn, exactly, ...of });
  return true;
}

// Every message holds all of its turn, so that one that is overtaken is not missed.
function receive(message) {
  if (message.lost) return handIn();
  const old = log.querySelector(`.turn[data-turn="${message.turn}"]`);
  if (!old) return; // of a conversation that was left
  old.outerHTML = message.html;
  if (!message.done || message.turn < lastTurn()) return; // the next question may be on its way already
  run(false);
  hold(null);
  const quotes = log.lastElementChild.querySelectorAll(".claim a.cite").length;
  tell(quotes ? `Answered with ${quotes} ${quotes === 1 ? "quote" : "quotes"}` : "Answered without a quote");
  if (message.record) keep(message.turn, message.record);
}

// The server has forgotten the conversation: it gets what is kept of it, and is asked again.
function handIn() {
  waiting = asked;
  begin(current);
}

stopping.addEventListener("click", (event) => {
  if (event.detail > 1) return; // the second half of a double click on Ask, which stood here
  asked = null;
  hold(null);
  trigger("stop", {});
});
const DO = {
  ask: (button) => ask(button.textContent),
  exactly: (button) => ask(questionOf(button), { replace: turnOf(button), exactly: true, of: filterOf(button) }),
  retry: (button) => ask(questionOf(button), { replace: turnOf(button), of: filterOf(button) }),
  edit: (button) => {
    offer(questionOf(button), "Asking this again removes the old answer.", { replace: turnOf(button) });
    box.focus();
  },
  copy: async (button) => {
    const text = button.closest(".turn").querySelector(".copied").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // not allowed on a page without https
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    tell("Copied with its sources");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  },
  rate: (button) => {
    const turn = turnOf(button);
    press(turn, button.dataset.verdict);
    keepThumb(turn, button.dataset.verdict);
    trigger("rate", { turn, verdict: button.dataset.verdict, comment: "" });
    const comment = button.closest(".turn").querySelector(".comment");
    comment.hidden = false;
    comment.querySelector("input").focus();
  },
};
function press(turn, verdict) {
  log.querySelectorAll(`.turn[data-turn="${turn}"] [data-do=rate]`).forEach((one) => {
    one.setAttribute("aria-pressed", String(one.dataset.verdict === verdict));
  });
}
const filterOf = (node) => filter((name) => node.closest(".turn").dataset[name] ?? "");
const questionOf = (node) => node.closest(".turn").querySelector(".question").textContent;

log.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) DO[button.dataset.do](button);
});
log.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const verdict = form.closest(".turn").querySelector("[data-do=rate][aria-pressed=true]").dataset.verdict;
  trigger("rate", { turn: turnOf(form), verdict, comment: form.elements.comment.value });
  form.hidden = true;
});

// News about the whole conversation.
const NEWS = {
  suggested: ({ turn, html }) => {
    if (turn === lastTurn() && !running) log.lastElementChild?.insertAdjacentHTML("beforeend", html);
  },
  all: ({ id, html, left, sources }) => {
    if (id !== current) return; // another one has been opened meanwhile
    if (left.length < records.length) keepOnly(left);
    log.innerHTML = html;
    records.forEach((one, place) => press(place + 1, one.thumb));
    restoring = false;
    run(false);
    cancel();
    log.lastElementChild?.scrollIntoView({ block: "start" });
    form.querySelector("datalist").replaceChildren(...sources.map((one) => new Option(one)));
    const next = waiting;
    waiting = null;
    if (next) ask(...next);
    else if (held()) offerAgain(held());
  },
  unopened: leaveUnopened,
  save: download,
  told: ({ text }) => say(text),
  changed: () => { outdated = true; },
};
document.addEventListener("footnote:news", (event) => NEWS[event.detail.kind]?.(event.detail));
watch("value", () => props.value?.turn && receive(props.value));

showList();
begin(current);
box.focus();
