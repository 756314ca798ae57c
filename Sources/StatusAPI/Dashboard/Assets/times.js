// Times as the reader's clock and zone have them; the instant itself stays in the title.
import { language, say } from "./texts.js";

// The server's clock is the one that alerts go by.
let offset = 0;

export function setNow(text) {
  const told = Date.parse(text);
  if (!Number.isNaN(told)) offset = told - Date.now();
}

export function now() {
  return Date.now() + offset;
}

const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" });
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false });

export function span(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  const days = Math.floor(seconds / 86400);
  if (minutes === 0) return say("unitSeconds", seconds);
  if (hours === 0) return say("unitMinutes", minutes);
  if (days === 0) return say("unitHours", hours) + (minutes % 60 ? " " + say("unitMinutes", minutes % 60) : "");
  return say("unitDays", days) + (days > 9 || hours % 24 === 0 ? "" : " " + say("unitHours", hours % 24));
}

export function clockTime(instant) {
  return clock.format(instant);
}

function words(element, instant) {
  const passed = now() - instant;
  switch (element.dataset.time) {
    case "ago": return say(passed < 0 ? "timeAhead" : "timeAgo", span(passed));
    case "age": return span(passed);
    case "clock": return clock.format(instant);
    default: return null;
  }
}

export function tell(scope = document) {
  for (const element of scope.querySelectorAll("time[data-time]")) {
    const instant = Date.parse(element.dateTime);
    if (Number.isNaN(instant)) continue;
    const told = words(element, instant);
    if (told !== null && element.textContent !== told) element.textContent = told;
    const title = `${exact.format(instant)} (${element.dateTime})`;
    if (element.title !== title) element.title = title;
  }
}
