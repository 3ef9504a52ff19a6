// What the pages need of scripts: the poll timer, relative times, the theme, and the keys.
const root = document.documentElement;
const IDLE = 10_000, BUSY = 2_000, LONGEST = 30_000;
const POLLER = '[hx-trigger*="poll"]';
let timer;
let planned;
let waitAfterError = 0;

const find = (selector) => document.querySelector(selector);
const isPaused = () => localStorage.getItem("paused") === "yes";
const pause = () => waitAfterError || (find("[data-live=running]") ? BUSY : IDLE);

// The bar says "Live" only where something on the page listens to the poll.
function show() {
  const word = find("[data-poll-word]");
  if (!word) return;
  const state = isPaused() ? "paused" : waitAfterError ? "lost" : "fresh";
  root.dataset.poll = state;
  find("[data-poll-bar]").hidden = !find(POLLER);
  find("[data-poll-pause]").setAttribute("aria-pressed", isPaused());
  if (word.textContent !== word.dataset[state]) word.textContent = word.dataset[state];
}

function plan(milliseconds = pause()) {
  clearTimeout(timer);
  show();
  planned = milliseconds;
  if (isPaused() || document.hidden) return;
  timer = setTimeout(poll, milliseconds * (0.9 + Math.random() * 0.2));
}

function poll() {
  plan(LONGEST); // only where no answer plans the next one sooner
  document.body.dispatchEvent(new Event("poll"));
}

const isPoll = (event) => event.detail.ctx?.sourceElement?.matches(POLLER);
const hasFailed = (event) => !(event.detail.ctx.response?.status < 400);

document.addEventListener("htmx:finally:request", (event) => {
  if (!isPoll(event)) return;
  waitAfterError = hasFailed(event) ? Math.min(LONGEST, 2 * pause()) : 0;
  plan();
});
// A failed poll changes nothing on the page but the word in the bar.
document.addEventListener("htmx:before:swap", (event) => {
  if (isPoll(event) && hasFailed(event)) event.preventDefault();
});
document.addEventListener("htmx:after:swap", (event) => {
  const isPage = event.detail.ctx.target === document.body;
  if (isPage) waitAfterError = 0;
  // Sooner, never later: a log that grows each second must not put the poll off for ever.
  if (isPage || pause() < planned) plan();
  if (isPage) meet();
});
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : isPaused() || poll()));
addEventListener("online", () => isPaused() || poll());

// The same words as the filter `ago` of the server; they stand still while the page cannot know better.
const UNITS = [["year", 31536e3], ["month", 2592e3], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function tell(time) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  const words = new Intl.RelativeTimeFormat(root.lang).format(Math.round(seconds / length), unit);
  if (time.textContent !== words) time.textContent = words;
}

setInterval(() => {
  if (!document.hidden && root.dataset.poll === "fresh") document.querySelectorAll("time[data-ago]").forEach(tell);
}, IDLE);

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-form]")) return;
  event.preventDefault();
  const form = new FormData(event.target);
  form.set("theme", (root.dataset.theme = isDark() ? "light" : "dark"));
  fetch(event.target.action, { method: "POST", body: form, redirect: "manual" });
});

function step(by) {
  const rows = [...document.querySelectorAll("main tbody tr")];
  const at = rows.indexOf(document.activeElement.closest("tr"));
  rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]?.querySelector("a, button")?.focus();
}

const KEYS = {
  "/": () => find("main input[type=search]")?.focus(),
  "?": () => find("#keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (event.key === "Escape" && typing?.type === "search") typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-poll-pause]")) return;
  localStorage.setItem("paused", isPaused() ? "no" : "yes");
  isPaused() ? plan() : poll();
});

// A folded part of a form opens where something in it is wrong, else nobody sees why it is not sent.
document.addEventListener("invalid", (event) => {
  const part = event.target.closest("details");
  if (part) part.open = true;
}, true);
// What a folded part says of itself is old once somebody types in it.
document.addEventListener("input", (event) => event.target.closest("details")?.setAttribute("data-typed", ""));

// What is wrong with a form comes first; a new page is read from its content on.
function meet() {
  (find("[data-first]") ?? find("#main"))?.focus({ preventScroll: true });
}

plan();
find("[data-first]")?.focus();
