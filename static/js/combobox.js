// A text with a list of choices below it, moved through by keyboard (ARIA's combobox pattern).
// The server finds the choices; without this script the text is a plain one.
const popupOf = (box) => document.getElementById(box.dataset.combobox);
const boxOf = (node) => node.closest?.("[data-combobox]");
const options = (box) => [...popupOf(box).querySelectorAll("[role=option]")];
const marked = (box) => popupOf(box).querySelector("[aria-selected=true]");
const isOpen = (box) => !popupOf(box).hidden;

function mark(box, option) {
  marked(box)?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

function close(box) {
  mark(box, null);
  popupOf(box).hidden = true;
  box.setAttribute("aria-expanded", "false");
}

function open(box) {
  const popup = popupOf(box);
  popup.hidden = false;
  box.setAttribute("aria-expanded", String(options(box).length > 0));
  popup.parentElement.querySelector("[role=status]").textContent = popup.querySelector("p").textContent;
}

// Of several, what is chosen takes the place of what stands behind the last comma.
function take(box, option) {
  const several = "several" in box.dataset;
  const before = several ? box.value.slice(0, box.value.lastIndexOf(",") + 1) : "";
  box.value = (before && `${before} `) + option.dataset.value + (several ? ", " : "");
  close(box);
}

function move(box, by) {
  const all = options(box);
  const at = all.indexOf(marked(box));
  mark(box, at < 0 ? all.at(by > 0 ? 0 : -1) : all[(at + by + all.length) % all.length]);
}

// Each returns false where the key keeps its own meaning.
const KEYS = {
  ArrowDown: (box) => (isOpen(box) ? move(box, 1) : box.dispatchEvent(new Event("choices"))),
  ArrowUp: (box) => isOpen(box) && move(box, -1),
  Enter: (box) => Boolean(marked(box)) && take(box, marked(box)),
  Escape: (box) => isOpen(box) && close(box),
};

document.addEventListener("keydown", (event) => {
  const box = boxOf(event.target);
  if (!box || event.ctrlKey || event.metaKey || !KEYS[event.key]) return;
  if (KEYS[event.key](box) !== false) event.preventDefault();
});

document.addEventListener("htmx:after:swap", (event) => {
  const box = boxOf(event.detail.ctx?.sourceElement ?? document.body);
  if (box && box === document.activeElement) open(box);
});

document.addEventListener("focusout", (event) => {
  const box = boxOf(event.target);
  if (box && isOpen(box)) close(box);
});

const chosen = (event) => event.target.closest("[data-popup] [role=option]");

// A press on a choice must not take the focus away, which would close the list before the click.
document.addEventListener("pointerdown", (event) => event.target.closest("[data-popup]") && event.preventDefault());
document.addEventListener("click", (event) => {
  const option = chosen(event);
  if (option) take(document.querySelector(`[data-combobox="${option.closest("[data-popup]").id}"]`), option);
});
