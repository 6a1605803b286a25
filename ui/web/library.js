// The list's buttons. Gradio runs this once, as the body of a function, with `element` (the list's block) and `trigger`.

let moved = null; // what the keyboard goes to once Python has shown the change

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.page) {
    moved = () => element.querySelector(".count");
    trigger("turn", { page: Number(button.dataset.page) });
  } else if (button?.dataset.article) {
    moved = () => document.querySelector("#work [role=status]");
    trigger("take_out", { article: button.dataset.article });
  }
});

// Escape closes a question about removing, as it does elsewhere.
element.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest("details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

new MutationObserver(() => {
  element.querySelectorAll("details[open]").forEach((one) => { if (moved) one.open = false; }); // its row has another article now
  const place = moved?.();
  moved = null;
  place?.focus({ preventScroll: true });
  place?.scrollIntoView({ block: "nearest" });
}).observe(element, { childList: true, subtree: true, characterData: true });
