// The stream of events, and the sign that says whether it flows.
import { root, say } from "./texts.js";
import { clockTime, now } from "./times.js";

const longestWait = 30000;
// A hidden page holds no connection: a browser has only a few for one server.
const hiddenPoll = 15000;

export function follow({ onEvent, onReturn, onPoll }) {
  const sign = document.getElementById("live");
  let source = null;
  let wait = 1000;
  let timer = 0;
  let lastSeen = now();
  let isFirst = true;

  function show(state) {
    sign.hidden = false;
    sign.className = "live" + (state === "live" ? "" : " " + state);
    const words = state === "live" ? say("liveNow") : state === "again" ? say("liveAgain") : say("liveStale", clockTime(lastSeen));
    if (sign.textContent !== words) sign.textContent = words;
    document.documentElement.dataset.live = state;
  }

  function seen(event) {
    lastSeen = now();
    onEvent(event.type, event.data);
  }

  function connect() {
    source = new EventSource(root + "api/v1/events");
    source.onopen = () => {
      wait = 1000;
      lastSeen = now();
      show("live");
      if (!isFirst) onReturn();
      isFirst = false;
    };
    // The browser comes back by itself and says with Last-Event-ID what it had; only a refusal ends the stream.
    source.onerror = () => {
      isFirst = false;
      show(now() - lastSeen > 60000 ? "stale" : "again");
      if (source.readyState === EventSource.CLOSED) later();
    };
    for (const name of ["alert", "delivery", "sync", "status"]) source.addEventListener(name, seen);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.hidden) return;
      onReturn();
      connect();
      show(now() - lastSeen > 60000 ? "stale" : "again");
    }, wait + Math.random() * 500);
    wait = Math.min(wait * 2, longestWait);
  }

  function disconnect() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    disconnect();
    if (document.hidden) {
      timer = setInterval(onPoll, hiddenPoll);
    } else {
      clearInterval(timer);
      connect();
    }
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => {
    if (event.persisted && !source) connect();
  });
  connect();
}
