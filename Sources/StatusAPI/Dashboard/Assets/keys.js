// What the keyboard does; a key with a modifier, or typed into a field, is left alone.
import { root } from "./texts.js";

const pages = { o: "", a: "alerts", r: "rules", t: "tenants", s: "syncs", i: "silences", c: "channels", h: "history", u: "audit" };

export function listen({ move, toggleTheme, showKeys, clearFilter }) {
  let isGoing = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest("input, textarea, select");
    const isTyping = field && field.type !== "radio";
    if (event.key === "Escape" && isTyping) {
      if (field.value) clearFilter(field);
      else field.blur();
      return;
    }
    if (isTyping || document.querySelector("dialog[open]")) return;
    if (isGoing) {
      isGoing = false;
      if (event.key in pages) {
        event.preventDefault();
        location.href = root + pages[event.key];
      }
      return;
    }
    switch (event.key) {
      case "/": focusFilter(); break;
      case "j": move(1); break;
      case "k": move(-1); break;
      case "g": isGoing = true; setTimeout(() => { isGoing = false; }, 1500); break;
      case "t": toggleTheme(); break;
      case "?": showKeys(); break;
      case "Escape": document.activeElement?.blur(); return;
      default: return;
    }
    event.preventDefault();
  });
}

function focusFilter() {
  const field = document.querySelector(".filter:not([hidden]) input");
  field?.focus();
  field?.select();
}

// The links that rows lead to, in the order of the page.
export function moveAmongRows(step) {
  const links = [...document.querySelectorAll("a.row-link, a.alert-link, a.feed-line")].filter((link) => link.offsetParent);
  if (links.length === 0) return;
  const index = links.indexOf(document.activeElement);
  const next = links[index < 0 ? (step > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, index + step))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
