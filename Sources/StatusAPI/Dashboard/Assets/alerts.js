// The list of alerts: all of them read once as JSON, filtered while somebody types, and only the rows in sight drawn.
import { number, root, say } from "./texts.js";
import { tell } from "./times.js";

const pageSize = 1000;
const levels = { critical: "critical", page: "critical", p0: "critical", disaster: "critical", emergency: "critical", fatal: "critical",
  error: "error", high: "error", major: "error", p1: "error", warning: "warning", warn: "warning", average: "warning",
  minor: "warning", p2: "warning", info: "info", information: "info", informational: "info", low: "info", p3: "info", notice: "info", none: "info" };
const order = ["critical", "error", "warning", "info", "other"];
const words = { critical: "critical", error: "errorLevel", warning: "warningLevel", info: "infoLevel", other: "otherLevel" };
const plain = new Set(["alertname", "severity", "tenant", "project"]);

export function startAlerts() {
  const card = document.getElementById("alert-list");
  const form = document.getElementById("alert-form");
  const filter = document.getElementById("alert-filter");
  const count = document.getElementById("alert-count");
  // Icons are drawn by the server once; rows copy them.
  const icons = collectIcons();
  let alerts = new Map();
  let groups = [];
  let rows = [];
  let list = null;
  let tops = [];
  let current = -1;
  let drawn = new Map();
  let isLoading = false;
  let isStale = false;

  const choice = (name) => form.querySelector(`input[name="${name}"]:checked`)?.value ?? "";

  async function pages(path, take) {
    let cursor = "";
    do {
      const answer = await fetch(`${root}api/v1/${path}?limit=${pageSize}${cursor ? "&cursor=" + cursor : ""}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = await answer.json();
      take(page.items);
      cursor = page.next;
    } while (cursor);
  }

  async function load() {
    if (isLoading) { isStale = true; return; }
    isLoading = true;
    do {
      isStale = false;
      const fresh = new Map();
      const found = [];
      try {
        await Promise.all([
          pages("alerts", (items) => { for (const item of items) { const alert = index(item); fresh.set(alert.key, alert); } }),
          pages("groups", (items) => found.push(...items)),
        ]);
      } catch {
        // What is shown stays; the sign at the top says how old it is.
        setTimeout(load, 10000);
        break;
      }
      alerts = fresh;
      groups = found.map((group) => ({
        owner: group.owner, labels: group.labels, channels: group.channels.map((channel) => channel.name).join(", "), next: group.nextFlushAt,
        key: group.owner + " " + group.key, keys: group.alerts.map((alert) => alert.fingerprint + "@" + alert.scope),
      }));
      render();
      card.dataset.loaded = String(alerts.size);
      // A stream that comes and goes must not keep the list reading.
      if (isStale) await new Promise((done) => setTimeout(done, 2000));
    } while (isStale);
    isLoading = false;
  }

  // One alert with what sorting and searching need, made once.
  function index(item) {
    const severity = (item.labels.severity ?? "").toLowerCase();
    const gravity = levels[severity] ?? "other";
    const summary = item.annotations.summary || item.annotations.description || item.annotations.message || "";
    let text = item.scope;
    for (const name in item.labels) text += " " + name + "=" + item.labels[name];
    for (const name in item.annotations) text += " " + item.annotations[name];
    const since = item.firedAt ?? item.activeAt;
    return {
      key: item.fingerprint + "@" + item.scope, item, gravity, summary, since, text: text.toLowerCase(),
      rank: (item.state === "firing" ? 0 : 10) + order.indexOf(gravity), at: Date.parse(since),
    };
  }

  function chosen() {
    const terms = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = choice("state");
    const found = [];
    for (const alert of alerts.values()) {
      if (state && alert.item.state !== state) continue;
      if (terms.every((term) => alert.text.includes(term))) found.push(alert);
    }
    return found.sort((left, right) => left.rank - right.rank || right.at - left.at);
  }

  function arrange(found) {
    if (choice("group") === "none") return found.map((alert) => ({ key: alert.key, alert }));
    const places = new Map(found.map((alert, place) => [alert.key, place]));
    const held = new Set();
    const parts = [];
    for (const group of groups) {
      const members = [];
      for (const key of group.keys) {
        const place = places.get(key);
        if (place !== undefined) { members.push(place); held.add(key); }
      }
      if (members.length) parts.push({ group, members: members.sort((left, right) => left - right) });
    }
    parts.sort((left, right) => left.members[0] - right.members[0] || right.members.length - left.members.length);
    const rest = [];
    found.forEach((alert, place) => { if (!held.has(alert.key)) rest.push(place); });
    if (rest.length) parts.push({ group: null, members: rest });
    const arranged = [];
    for (const { group, members } of parts) {
      const key = "group " + (group?.key ?? "none");
      arranged.push({ key, group, count: members.length });
      for (const place of members) arranged.push({ key: key + "/" + found[place].key, alert: found[place] });
    }
    return arranged;
  }

  function render() {
    const held = rows[current]?.key;
    const found = chosen();
    rows = arrange(found);
    count.textContent = say("shownOf", number(found.length), number(alerts.size));
    card.dataset.shown = String(found.length);
    document.getElementById("alert-pager")?.remove();
    const heading = document.querySelector(".page-head h1 .count");
    if (heading) heading.textContent = number(alerts.size);
    if (rows.length === 0) {
      card.replaceChildren(empty());
      list = null;
      current = -1;
      return;
    }
    if (!list) {
      list = document.createElement("ol");
      list.className = "alerts virtual";
      list.id = "alert-rows";
      card.replaceChildren(list);
      drawn = new Map();
    }
    current = held === undefined ? -1 : rows.findIndex((row) => row.key === held);
    measure();
    draw();
  }

  function empty() {
    const box = document.createElement("div");
    box.className = "empty";
    const paragraph = document.createElement("p");
    paragraph.textContent = say(alerts.size === 0 ? "nothingFires" : "nothingFits");
    box.append(paragraph);
    return box;
  }

  function measure() {
    const height = matchMedia("(max-width: 620px)").matches ? 76 : 48;
    tops = new Array(rows.length + 1);
    let top = 0;
    for (let place = 0; place < rows.length; place++) {
      tops[place] = top;
      top += rows[place].alert ? height : 36;
    }
    tops[rows.length] = top;
    list.style.height = top + "px";
  }

  function placeAt(offset) {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tops[middle + 1] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function draw() {
    if (!list) return;
    const top = -list.getBoundingClientRect().top;
    const first = Math.max(0, placeAt(Math.max(0, top)) - 10);
    const last = Math.min(rows.length, placeAt(Math.max(0, top + innerHeight)) + 11);
    const wanted = new Map();
    for (let place = first; place < last; place++) wanted.set(rows[place].key, place);
    if (current >= 0) wanted.set(rows[current].key, current);
    for (const [key, element] of drawn) {
      if (!wanted.has(key)) { element.remove(); drawn.delete(key); }
    }
    for (const [key, place] of wanted) {
      const row = rows[place];
      const state = row.alert ? row.alert.item : row.group;
      let element = drawn.get(key);
      if (element && (element.source !== state || element.count !== row.count)) {
        const focused = element.contains(document.activeElement);
        const again = row.alert ? alertRow(row.alert) : groupRow(row);
        element.replaceWith(again);
        if (focused) again.querySelector("a")?.focus({ preventScroll: true });
        element = again;
        drawn.set(key, element);
      } else if (!element) {
        element = row.alert ? alertRow(row.alert) : groupRow(row);
        drawn.set(key, element);
        list.append(element);
      }
      element.source = state;
      element.count = row.count;
      element.style.transform = `translateY(${tops[place]}px)`;
      element.setAttribute("aria-posinset", place + 1);
      element.setAttribute("aria-setsize", rows.length);
    }
    // Reading order is drawing order.
    let previous = null;
    for (const [key] of [...wanted].sort((left, right) => left[1] - right[1])) {
      const element = drawn.get(key);
      if (previous ? previous.nextSibling !== element : list.firstChild !== element) {
        if (!element.contains(document.activeElement)) previous ? previous.after(element) : list.prepend(element);
      }
      previous = element;
    }
    tell(list);
  }

  function node(name, style, text) {
    const element = document.createElement(name);
    if (style) element.className = style;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function withIcon(style, icon, text) {
    const element = node("span", style);
    if (icons[icon]) element.append(icons[icon].cloneNode(true));
    element.append(text);
    return element;
  }

  function chip(name, value) {
    const element = node("span", "chip");
    element.append(node("span", "chip-name", name), "=", node("bdi", "", value));
    return element;
  }

  function time(instant, form) {
    const element = node("time");
    element.dateTime = instant;
    element.dataset.time = form;
    return element;
  }

  function alertRow(alert) {
    const { item } = alert;
    const element = node("li", "alert " + item.state);
    element.dataset.key = alert.key;
    const link = node("a", "alert-link");
    link.href = `${root}alerts/${item.fingerprint}` + (item.tenant ? `?tenant=${encodeURIComponent(item.tenant)}` : "")
      + (item.project ? `&project=${encodeURIComponent(item.project)}` : "");
    const gravity = withIcon("gravity " + alert.gravity, alert.gravity, "");
    gravity.append(node("span", "word", say(words[alert.gravity])));
    const main = node("span", "alert-main");
    const line = node("span", "alert-line");
    const chips = node("span", "chips");
    for (const name in item.labels) if (!plain.has(name)) chips.append(chip(name, item.labels[name]));
    line.append(node("bdi", "alert-name", item.labels.alertname ?? ""), chips);
    main.append(line, node("bdi", "alert-summary", alert.summary));
    const state = node("span", "alert-state");
    state.append(stateBadge(item));
    const since = node("span", "alert-since");
    since.append(time(alert.since, "age"));
    link.append(gravity, main, node("bdi", "alert-scope", item.scope), state, since);
    element.append(link);
    return element;
  }

  function stateBadge(item) {
    if (item.silencedBy.length) return withIcon("badge neutral", "other", say("silenced"));
    if (item.inhibitedBy.length) return withIcon("badge neutral", "other", say("inhibited"));
    if (item.mutedBy.length) return withIcon("badge neutral", "other", say("muted"));
    if (item.unrouted) return withIcon("badge warning", "warning", say("unrouted"));
    return item.state === "firing" ? withIcon("badge bad", "critical", say("firing")) : withIcon("badge warning", "warning", say("pending"));
  }

  function groupRow(row) {
    const element = node("li", "group");
    element.dataset.key = row.key;
    if (row.group) {
      const chips = node("span", "chips");
      for (const name in row.group.labels) chips.append(chip(name, row.group.labels[name]));
      const to = withIcon("quiet group-to", "send", row.group.channels + " · ");
      to.append(time(row.group.next, "ago"));
      element.append(node("bdi", "group-owner", row.group.owner), chips, to);
    } else {
      element.append(node("span", "group-owner", say("noGroup")), node("span", "grow"));
    }
    element.append(node("span", "count", number(row.count)));
    return element;
  }

  function move(step) {
    if (!list) return;
    let next = current;
    if (current < 0) next = placeAt(Math.max(0, 60 - list.getBoundingClientRect().top)) - (step > 0 ? 1 : 0);
    do { next += step; } while (rows[next] && !rows[next].alert);
    if (!rows[next]) return;
    current = next;
    const top = list.getBoundingClientRect().top + tops[next];
    if (top < 60) scrollBy(0, top - 96);
    else if (top + 90 > innerHeight) scrollBy(0, top + 90 - innerHeight);
    draw();
    drawn.get(rows[next].key)?.querySelector("a").focus({ preventScroll: true });
  }

  // An alert that an event tells of changes its own row; anything else is read again.
  let timer = 0;
  function take(kind, data) {
    if (kind === "delivery") return;
    let item = null;
    try {
      const told = JSON.parse(data);
      item = told.alert ?? told;
    } catch {
      // Read again below.
    }
    if (kind === "alert" && item?.fingerprint && item.labels && item.silencedBy) {
      const alert = index(item);
      if (item.state === "resolved") alerts.delete(alert.key);
      else alerts.set(alert.key, alert);
      clearTimeout(drawing);
      drawing = setTimeout(render, 16);
    }
    clearTimeout(timer);
    timer = setTimeout(load, kind === "alert" ? 2000 : 500);
  }
  let drawing = 0;

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", render);
  filter.addEventListener("input", () => { current = -1; render(); });
  addEventListener("scroll", draw, { passive: true });
  addEventListener("resize", () => { if (list) { measure(); draw(); } });
  load();
  return { move, take, reload: load };
}

function collectIcons() {
  const icons = {};
  for (const template of document.querySelectorAll("#row-icons [data-icon]")) icons[template.dataset.icon] = template.firstElementChild;
  return icons;
}
