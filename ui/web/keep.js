// Conversations, kept in this browser alone: each a list of the server's records, which it checks when they come back.

const PREFIX = `footnote.${element.querySelector("#kept").dataset.library ?? ""}.`;
const MOST = 100; // conversations; the oldest go
const MOST_BYTES = 9_900_000; // of a conversation that is opened again: the gate lets in 10 MB
const list = element.querySelector("#kept ol");
const exporting = element.querySelector("#kept .export");
let current = sessionStorage.getItem(`${PREFIX}current`) || ""; // a reload shows the same, a new tab a new one
let records = [];
let restoring = false; // until the server has them

const stored = (name) => {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + name));
    return Array.isArray(found) ? found : [];
  } catch {
    return []; // not ours, or cut off
  }
};
const conversations = () => stored("list").filter((one) => one?.id && typeof one.title === "string");

function store(name, value) {
  for (;;) {
    try {
      return localStorage.setItem(PREFIX + name, JSON.stringify(value));
    } catch { // full: the oldest other conversation makes room
      const oldest = conversations().findLast((one) => one.id !== current);
      if (!oldest) return say("This browser has no room to keep the conversation.");
      forget(oldest.id);
    }
  }
}

function forget(id) {
  localStorage.removeItem(`${PREFIX}chat.${id}`);
  localStorage.setItem(`${PREFIX}list`, JSON.stringify(conversations().filter((one) => one.id !== id)));
}

// The question that is being answered, as `ask` was called with it, and where: a reload must not lose it.
function hold(asked) {
  if (asked) sessionStorage.setItem(`${PREFIX}asked`, JSON.stringify({ id: current, asked }));
  else sessionStorage.removeItem(`${PREFIX}asked`);
}

// What was not answered to its end in the conversation that is open.
function held() {
  const kept = JSON.parse(sessionStorage.getItem(`${PREFIX}asked`));
  return kept?.id === current ? kept.asked : null;
}

const isElsewhere = () => current && JSON.stringify(stored(`chat.${current}`)) !== JSON.stringify(records);

// The record of turn `turn`: what came after it was asked anew.
function keep(turn, record) {
  // Another tab has gone on with this conversation: here begins one of its own, and nothing is lost.
  if (!current || isElsewhere()) current = crypto.randomUUID?.() ?? String(Date.now());
  sessionStorage.setItem(`${PREFIX}current`, current);
  records = [...records.slice(0, turn - 1), record];
  store(`chat.${current}`, records);
  const others = conversations().filter((one) => one.id !== current);
  others.splice(MOST - 1).forEach((one) => forget(one.id));
  store("list", [{ id: current, title: records[0].question.slice(0, 120), when: Date.now() }, ...others]);
  showList();
}

// Some of them could not be read any more.
function keepOnly(left) {
  say(`${records.length - left.length} of the kept answers could not be read`);
  records = left.map((place) => records[place]);
  if (records.length) store(`chat.${current}`, records);
  else forget(current);
  showList();
}

function begin(id) {
  current = id;
  closePanel();
  sessionStorage.setItem(`${PREFIX}current`, id);
  records = id ? stored(`chat.${id}`) : [];
  showList();
  restoring = true;
  if (new Blob([JSON.stringify(records)]).size > MOST_BYTES) leaveUnopened();
  else trigger("restore", { id, records });
}

// Too much for the server, or for a proxy before it: a new one begins, and what was asked meanwhile is asked in it.
function leaveUnopened() {
  if (!restoring || !records.length) return;
  say("This conversation is too long to be opened again. Here is a new one.");
  begin("");
}

// A thumb is this browser's own: the server keeps everybody's opinions, and shows none.
function keepThumb(turn, thumb) {
  if (!records[turn - 1] || isElsewhere()) return;
  records[turn - 1] = { ...records[turn - 1], thumb };
  store(`chat.${current}`, records);
}

function showList() {
  exporting.hidden = !records.length;
  list.replaceChildren(...conversations().map((one) => {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("button"), { type: "button", className: "open", textContent: one.title });
    name.dir = "auto";
    name.title = new Date(one.when).toLocaleString();
    if (one.id === current) name.setAttribute("aria-current", "true");
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "remove", textContent: "×" });
    remove.setAttribute("aria-label", `Delete: ${one.title}`);
    name.addEventListener("click", () => running || (begin(one.id), closeList()));
    remove.addEventListener("click", () => {
      if ((running || restoring) && one.id === current) return;
      if (remove.textContent === "×") { // asked once more: nothing brings it back
        remove.textContent = "Delete?";
        setTimeout(() => { remove.textContent = "×"; }, 4000);
        return;
      }
      forget(one.id);
      if (one.id === current) begin("");
      else showList();
    });
    item.append(name, remove);
    return item;
  }));
}

const chats = element.querySelector(".chats");
const openList = (wanted) => {
  document.body.classList.toggle("listing", wanted);
  chats.setAttribute("aria-expanded", String(wanted));
};
const closeList = () => openList(false);
document.addEventListener("click", (event) => event.target.closest("#kept, .chats") || closeList());
document.addEventListener("keydown", (event) => event.key === "Escape" && closeList());
element.querySelector("#kept .close").addEventListener("click", () => { closeList(); chats.focus(); });
window.addEventListener("storage", (event) => event.key === `${PREFIX}list` && showList());
chats.addEventListener("click", () => openList(!document.body.classList.contains("listing")));
element.querySelector("#kept .new").addEventListener("click", () => running || (begin(""), closeList(), box.focus()));
exporting.addEventListener("click", (event) => {
  if (event.target.dataset.format) trigger("save", { format: event.target.dataset.format });
});

function download({ name, type, text }) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
