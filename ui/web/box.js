// The box: a question that is put there, what was typed before, and which articles alone are asked.

const form = element.querySelector("#ask");
const box = form.elements.question;
const state = form.querySelector(".state");
let put = null; // of a question that was put in the box: how it is asked, and what stood there `before`

// Puts a question in the box, with what is `said` of it.
function offer(question, said, { replace, exactly = false, of }) {
  const before = put?.before ?? { text: box.value, of: filter() };
  put = { replace, exactly, before };
  write(question);
  choose(of ?? before.of);
  state.hidden = false;
  state.querySelector("span").textContent = said;
}

// It has been asked, or is not to be: what was typed before comes back.
function leave() {
  if (put) write(put.before.text);
  put = null;
  state.hidden = true;
}
function cancel() {
  if (put) choose(put.before.of);
  leave();
}

// What the page was left with while it was being answered stands in the box again, as it was asked.
function offerAgain([question, { replace, exactly, of }]) {
  if (box.value) return; // typed by now
  const removes = replace && replace <= lastTurn() ? " Asking it removes the old answer." : "";
  const said = `The answer to this was cut off when the page was left. Ask it again?${removes}`;
  offer(question, said, { replace, exactly, of });
}

function write(text) {
  box.value = text;
  grow();
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value;
  if (ask(question, { ...put }) && box.value === question) write("");
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
box.addEventListener("input", grow);
state.querySelector("button").addEventListener("click", () => {
  cancel();
  if (held()) hold(null);
  box.focus();
});

// What filters are set is said beside their closed fold.
const FILTER = ["source", "after", "before"];
const filter = (values = (name) => form.elements[name].value) => Object.fromEntries(FILTER.map((name) => [name, values(name)]));
const describe = () => {
  const { source, after, before } = filter();
  const dates = after || before ? `${after || "…"} to ${before || "…"}` : "";
  form.querySelector(".chosen").textContent = [source, dates].filter(Boolean).join(", ");
};
form.querySelector(".filters").addEventListener("input", describe);
function choose(of) {
  for (const name of FILTER) form.elements[name].value = of[name];
  describe();
}
function only(source) {
  form.elements.source.value = source;
  describe();
  goBack();
  box.focus();
}
form.addEventListener("reset", (event) => {
  event.preventDefault(); // the question stays
  choose(filter(() => ""));
});
