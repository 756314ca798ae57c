// The dashboard's script: keeps a page that stays open true, and answers to the keyboard.
import { root } from "./texts.js";
import { setNow, tell } from "./times.js";
import { morph } from "./morph.js";
import { follow } from "./live.js";
import { listen, moveAmongRows } from "./keys.js";
import { filterTables } from "./filter.js";
import { showFiring } from "./sign.js";
import { startAlerts } from "./alerts.js";

const page = document.documentElement;
const list = page.dataset.page === "alerts" && document.getElementById("alert-list") ? startAlerts() : null;

// Brings the page up to date: asks for it again, and changes what differs.
const shortestPause = 1000;
let isAsking = false;
let isWanted = false;
let lastAsked = 0;
let lastMoved = 0;

document.addEventListener("pointermove", () => { lastMoved = Date.now(); }, { passive: true });

// Rows don't move away under a pointer that is on its way to one, nor under a selection.
function isPointedAt() {
  if (document.querySelector("dialog[open]") || getSelection()?.type === "Range") return true;
  return Date.now() - lastMoved < 1500 && document.querySelector("main .alerts:hover, main .rows:hover, main .feed:hover");
}

async function refresh() {
  isWanted = true;
  if (isAsking) return;
  isAsking = true;
  while (isWanted) {
    const pause = lastAsked + shortestPause - Date.now();
    if (pause > 0) await new Promise((done) => setTimeout(done, pause));
    while (isPointedAt()) await new Promise((done) => setTimeout(done, 250));
    isWanted = false;
    lastAsked = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.status === 401 || answer.redirected) {
        if (answer.redirected) location.reload();
        break;
      }
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The stream says whether the server is there.
    }
  }
  isAsking = false;
}

function show(fresh) {
  setNow(fresh.documentElement.dataset.now);
  document.title = fresh.title;
  page.dataset.firing = fresh.documentElement.dataset.firing;
  for (const selector of ["#standing", "#menu", list ? null : "#main"]) {
    const from = selector && document.querySelector(selector);
    const to = selector && fresh.querySelector(selector);
    if (from && to) morph(from, to);
  }
  tell();
  filterTables(true);
  showFiring(Number(page.dataset.firing));
}

async function poll() {
  try {
    const answer = await fetch(root + "api/v1/status");
    if (answer.ok) showFiring((await answer.json()).alerts.firing);
  } catch {
    // Told when somebody looks.
  }
}

// Theme
function toggleTheme() {
  const isDark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("belfry-theme", page.dataset.theme);
  } catch {
    // It holds for this page then.
  }
}

function button(id, action) {
  const found = document.getElementById(id);
  if (!found) return;
  found.hidden = false;
  found.addEventListener("click", action);
}

function showKeys() {
  document.getElementById("keys-help").showModal();
}

button("theme", toggleTheme);
button("keys", showKeys);

button("sign-out", async () => {
  await fetch(root + "session?end=1", { cache: "no-store" }).catch(() => {});
  location.href = root + "login";
});

// The other language keeps the rest of the query.
document.querySelector("a[data-lang]")?.addEventListener("click", (event) => {
  const target = new URL(location.href);
  target.searchParams.set("lang", new URL(event.currentTarget.href).searchParams.get("lang"));
  event.currentTarget.href = target.href;
});

listen({
  move: list ? list.move : moveAmongRows,
  toggleTheme,
  showKeys,
  clearFilter(field) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  },
});

setNow(page.dataset.now);
tell();
filterTables(false);
showFiring(Number(page.dataset.firing));
setInterval(tell, 5000);
if (new URL(location.href).searchParams.has("lang")) {
  const clean = new URL(location.href);
  clean.searchParams.delete("lang");
  history.replaceState(null, "", clean.href);
}

follow({
  onEvent(kind, data) {
    if (list) list.take(kind, data);
    refresh();
  },
  onReturn() {
    if (list) list.reload();
    refresh();
  },
  onPoll: poll,
});
page.dataset.ready = "1";
