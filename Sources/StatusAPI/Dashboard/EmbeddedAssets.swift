/// The files of `Assets/`, as `scripts/embed-assets` wrote them; a test holds both against each other.
// swift-format-ignore
let embeddedAssets: [(name: String, text: String)] = [
  (
    "alerts.js",
    ###"""
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
    """###
  ),
  (
    "app.js",
    ###"""
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
    """###
  ),
  (
    "filter.js",
    ###"""
    // Filters the rows of a table while somebody types. Each row's text is read once.
    const known = new WeakMap();

    function textOf(row) {
      let text = known.get(row);
      if (text === undefined) known.set(row, (text = row.textContent.toLowerCase()));
      return text;
    }

    function apply(field) {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of document.getElementById(field.dataset.filter)?.tBodies[0]?.rows ?? []) {
        row.hidden = !words.every((word) => textOf(row).includes(word));
      }
    }

    export function filterTables(isFresh) {
      for (const field of document.querySelectorAll("input[data-filter]")) {
        field.closest(".filter").hidden = !document.getElementById(field.dataset.filter);
        if (!field.dataset.bound) {
          field.dataset.bound = "1";
          field.addEventListener("input", () => apply(field));
        }
        if (isFresh && field.value) apply(field);
      }
    }
    """###
  ),
  (
    "icon.svg",
    ###"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4e79"/><path d="M16 5l7 6v16H9V11z" fill="#fff"/><path d="M12 22c1.4-1.4 1.2-3.6 1.2-4.8a2.8 2.8 0 0 1 5.6 0c0 1.2-.2 3.4 1.2 4.8zM15.2 24.3h1.6" fill="#1f4e79"/></svg>
    """###
  ),
  (
    "keys.js",
    ###"""
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
    """###
  ),
  (
    "live.js",
    ###"""
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
    """###
  ),
  (
    "login.js",
    ###"""
    // Exchanges a token for a session, and goes on to the page that was wanted.
    import { root, say } from "./texts.js";

    const form = document.getElementById("login");
    const field = document.getElementById("token");
    const trouble = document.getElementById("login-error");

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        const answer = await fetch(root + "session", {
          headers: { authorization: "Bearer " + field.value.trim() }, credentials: "same-origin", cache: "no-store",
        });
        if (answer.ok) {
          field.value = "";
          location.replace(root + form.dataset.next);
          return;
        }
        refuse(say("tokenRefused"));
      } catch {
        refuse(say("serverSilent"));
      }
    });

    function refuse(words) {
      trouble.textContent = words;
      trouble.hidden = false;
      field.focus();
      field.select();
    }
    document.documentElement.dataset.ready = "1";
    """###
  ),
  (
    "morph.js",
    ###"""
    // Makes one tree like another and touches only what differs: the focus, a selection and what is pointed at stay.
    export function morph(from, to) {
      if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) {
        from.replaceWith(to);
        return;
      }
      if (from.nodeType !== Node.ELEMENT_NODE) {
        if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
        return;
      }
      if (from.hasAttribute("data-keep")) return;
      attributes(from, to);
      children(from, to);
    }

    function attributes(from, to) {
      for (const { name, value } of [...to.attributes]) {
        if (from.getAttribute(name) !== value) from.setAttribute(name, value);
      }
      for (const { name } of [...from.attributes]) {
        const isOwn = name === "open" || (name === "hidden" && from.classList.contains("filter"));
        if (!to.hasAttribute(name) && !isOwn) from.removeAttribute(name);
      }
    }

    function keyOf(node) {
      return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key ?? (node.id || null) : null;
    }

    function children(from, to) {
      const keyed = new Map();
      for (const child of from.childNodes) {
        const key = keyOf(child);
        if (key) keyed.set(key, child);
      }
      let place = from.firstChild;
      for (const wanted of [...to.childNodes]) {
        const key = keyOf(wanted);
        let found = key ? keyed.get(key) : null;
        if (!key) {
          while (place && keyOf(place) && keyed.has(keyOf(place)) && !sameKind(place, wanted)) break;
          found = place && !keyOf(place) && sameKind(place, wanted) ? place : null;
        }
        if (found) {
          keyed.delete(key);
          if (found === place) place = place.nextSibling;
          else from.insertBefore(found, place);
          morph(found, wanted);
        } else {
          if (key && wanted.classList.contains("alert")) wanted.classList.add("fresh");
          from.insertBefore(wanted, place);
        }
      }
      while (place) {
        const rest = place.nextSibling;
        place.remove();
        place = rest;
      }
    }

    function sameKind(left, right) {
      return left.nodeType === right.nodeType && left.nodeName === right.nodeName;
    }
    """###
  ),
  (
    "sign.js",
    ###"""
    // How many fire, where a tab shows it.
    const scale = (count) => (count > 99 ? 12 : count > 9 ? 17 : 20);

    export function showFiring(count) {
      const bare = document.title.replace(/^\(\d+\) /, "");
      const title = count > 0 ? `(${count}) ${bare}` : bare;
      if (document.title !== title) document.title = title;
      const icon = document.querySelector('link[rel="icon"]');
      icon.dataset.plain ??= icon.href;
      if (count === 0) {
        icon.href = icon.dataset.plain;
        return;
      }
      const words = count > 999 ? "1k+" : String(count);
      const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b3261e"/>`
        + `<text x="16" y="23" font-family="sans-serif" font-weight="700" font-size="${scale(count)}" fill="#fff" text-anchor="middle">${words}</text></svg>`;
      icon.href = "data:image/svg+xml," + encodeURIComponent(drawing);
    }
    """###
  ),
  (
    "style.css",
    ###"""
    /* Tokens: one set for each theme; colour means severity or state, and nothing else. */
    :root {
      color-scheme: light;
      --page: #f6f7f9;
      --surface: #ffffff;
      --sunken: #eef0f3;
      --hover: #f3f6fa;
      --line: #dfe3e8;
      --edge: #75808d;
      --text: #1b222b;
      --quiet: #56606d;
      --accent: #1a5fa8;
      --accent-soft: #e6f0fa;
      --on-accent: #ffffff;
      --bad: #b3261e;
      --bad-soft: #fdecea;
      --error: #a8480a;
      --error-soft: #fdeee2;
      --warning: #7d5700;
      --warning-soft: #fdf3d7;
      --good: #1d6b3a;
      --good-soft: #e5f4ea;
      --busy: #1a5fa8;
      --busy-soft: #e6f0fa;
      --neutral: #56606d;
      --neutral-soft: #eef0f3;
      --plot-bad: #cf3b31;
      --plot-error: #c9651e;
      --plot-warning: #b98410;
      --plot-info: #4a87c9;
      --plot-other: #838d99;
      --shadow: 0 1px 2px rgb(20 30 45 / 6%);
    }

    @media (prefers-color-scheme: dark) {
      :root:not([data-theme="light"]) {
        color-scheme: dark;
        --page: #0f1318;
        --surface: #171c23;
        --sunken: #10151a;
        --hover: #1d242d;
        --line: #2a323d;
        --edge: #76828f;
        --text: #e4e8ed;
        --quiet: #9da8b5;
        --accent: #7ab6f2;
        --accent-soft: #182b40;
        --on-accent: #0b1520;
        --bad: #ff8a80;
        --bad-soft: #3a1a19;
        --error: #ffa566;
        --error-soft: #382110;
        --warning: #f0c050;
        --warning-soft: #332808;
        --good: #76cf94;
        --good-soft: #14301f;
        --busy: #7ab6f2;
        --busy-soft: #182b40;
        --neutral: #a5afbb;
        --neutral-soft: #232a33;
        --plot-bad: #e5645a;
        --plot-error: #d98442;
        --plot-warning: #c99a2e;
        --plot-info: #5b97d6;
        --plot-other: #76828f;
        --shadow: none;
      }
    }

    :root[data-theme="dark"] {
      color-scheme: dark;
      --page: #0f1318;
      --surface: #171c23;
      --sunken: #10151a;
      --hover: #1d242d;
      --line: #2a323d;
      --edge: #76828f;
      --text: #e4e8ed;
      --quiet: #9da8b5;
      --accent: #7ab6f2;
      --accent-soft: #182b40;
      --on-accent: #0b1520;
      --bad: #ff8a80;
      --bad-soft: #3a1a19;
      --error: #ffa566;
      --error-soft: #382110;
      --warning: #f0c050;
      --warning-soft: #332808;
      --good: #76cf94;
      --good-soft: #14301f;
      --busy: #7ab6f2;
      --busy-soft: #182b40;
      --neutral: #a5afbb;
      --neutral-soft: #232a33;
      --plot-bad: #e5645a;
      --plot-error: #d98442;
      --plot-warning: #c99a2e;
      --plot-info: #5b97d6;
      --plot-other: #76828f;
      --shadow: none;
    }

    /* Ground */
    *, *::before, *::after { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { background: var(--page); color: var(--text); -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; min-height: 100vh; display: flex; flex-direction: column;
      font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Hiragino Sans GB",
        "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
      font-variant-numeric: tabular-nums;
    }
    h1, h2, h3, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }
    ul, ol { list-style: none; }
    h1 { font-size: 22px; line-height: 28px; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
    h2 { font-size: 14px; line-height: 20px; font-weight: 620; }
    h3 { font-size: 14px; line-height: 20px; font-weight: 600; }
    a { color: var(--accent); text-decoration: none; }
    a:hover { text-decoration: underline; text-underline-offset: 2px; }
    code, pre, kbd, .mono {
      font: 12.5px/1.5 ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC",
        monospace;
    }
    bdi { overflow-wrap: anywhere; }
    time { white-space: nowrap; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
    main:focus { outline: none; }
    .icon { flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
    .icon .fill { fill: currentColor; }
    .icon .cut { stroke: var(--surface); }
    .quiet { color: var(--quiet); }
    .grow { flex: 1; min-width: 0; }
    .clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .wrap { overflow-wrap: anywhere; white-space: normal; }
    .number { text-align: right; }
    .hot { color: var(--bad); font-weight: 620; }
    .hidden-words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: 8px; top: -60px; z-index: 30; padding: 8px 12px; border-radius: 6px; background: var(--accent); color: var(--on-accent); }
    .skip:focus { top: 8px; }
    .scripted .no-script { display: none; }
    kbd {
      display: inline-block; min-width: 18px; padding: 0 5px; border: 1px solid var(--line); border-radius: 4px;
      background: var(--sunken); color: var(--quiet); font-size: 11px; line-height: 16px; text-align: center;
    }

    /* Bar, menu, foot */
    .bar {
      position: sticky; top: 0; z-index: 20; display: flex; align-items: center; gap: 12px; height: 48px; padding: 0 20px;
      border-bottom: 1px solid var(--line); background: var(--surface);
    }
    .brand { display: flex; align-items: center; gap: 8px; color: var(--text); font-size: 16px; font-weight: 680; letter-spacing: -0.01em; }
    .brand:hover { text-decoration: none; }
    .mark { fill: var(--accent); }
    .mark .cut { fill: var(--surface); stroke: none; }
    .standing { display: flex; gap: 6px; }
    .standing a:hover { text-decoration: none; }
    .live { display: inline-flex; align-items: center; gap: 6px; color: var(--quiet); font-size: 12.5px; white-space: nowrap; }
    .live::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--good); }
    .live.again::before { background: transparent; border: 2px solid var(--warning); }
    .live.stale { color: var(--warning); }
    .live.stale::before { border-radius: 0; background: var(--warning); }
    .tool {
      display: inline-flex; align-items: center; justify-content: center; min-width: 32px; height: 32px; padding: 0 8px;
      border: 0; border-radius: 6px; background: none; color: var(--quiet); font: inherit; white-space: nowrap; cursor: pointer;
    }
    .tool:hover { background: var(--sunken); color: var(--text); text-decoration: none; }
    .frame { display: grid; grid-template-columns: 196px minmax(0, 1fr); flex: 1; width: 100%; max-width: 1680px; margin: 0 auto; }
    [data-page="login"] .frame { grid-template-columns: minmax(0, 1fr); }
    .menu { position: sticky; top: 48px; align-self: start; display: flex; flex-direction: column; gap: 2px; padding: 20px 8px 20px 12px; }
    .menu a { display: flex; align-items: center; gap: 10px; padding: 6px 10px; border-radius: 6px; color: var(--quiet); white-space: nowrap; }
    .menu a:hover { background: var(--sunken); color: var(--text); text-decoration: none; }
    .menu a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
    .menu .count { margin-left: auto; }
    .count {
      display: inline-block; padding: 0 7px; border-radius: 9px; background: var(--neutral-soft); color: var(--quiet);
      font-size: 12px; font-weight: 560; line-height: 18px; letter-spacing: 0;
    }
    h1 .count { margin-left: 8px; vertical-align: 3px; }
    h2 .count { margin-left: 6px; }
    main { min-width: 0; padding: 20px 24px 32px 16px; display: flex; flex-direction: column; gap: 16px; }
    .foot {
      display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; padding: 10px 20px; border-top: 1px solid var(--line);
      color: var(--quiet); font-size: 12.5px;
    }
    .foot bdi { overflow-wrap: anywhere; }
    .plain { border: 0; padding: 2px 6px; border-radius: 4px; background: none; color: var(--quiet); font: inherit; cursor: pointer; }
    .plain:hover { color: var(--text); background: var(--sunken); }

    /* Words with a shape */
    .badge {
      display: inline-flex; align-items: center; gap: 4px; padding: 1px 8px 1px 5px; border-radius: 10px;
      font-size: 12.5px; font-weight: 560; line-height: 18px; white-space: nowrap;
    }
    .badge .icon { width: 14px; height: 14px; }
    .badge.good { background: var(--good-soft); color: var(--good); }
    .badge.busy, .badge.info { background: var(--busy-soft); color: var(--busy); }
    .badge.warning { background: var(--warning-soft); color: var(--warning); }
    .badge.bad { background: var(--bad-soft); color: var(--bad); }
    .badge.neutral { background: var(--neutral-soft); color: var(--neutral); }
    .badge.bad .icon .cut { stroke: var(--bad-soft); }
    .gravity { display: inline-flex; align-items: center; gap: 6px; font-size: 12.5px; font-weight: 560; white-space: nowrap; }
    .gravity.critical { color: var(--bad); }
    .gravity.error { color: var(--error); }
    .gravity.warning { color: var(--warning); }
    .gravity.info { color: var(--busy); }
    .gravity.other { color: var(--neutral); }
    .chips { display: inline-flex; flex-wrap: wrap; gap: 4px; min-width: 0; }
    .chip {
      max-width: 100%; padding: 0 6px; border-radius: 4px; background: var(--sunken); color: var(--text); font-size: 12px;
      line-height: 18px; overflow-wrap: anywhere;
    }
    .chip-name { color: var(--quiet); }
    .out::after { content: " ↗"; color: var(--quiet); }

    /* Pages */
    .page-head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; min-height: 32px; }
    .page-head .filter, .page-head > p { margin-left: auto; }
    .crumbs { margin-bottom: -10px; font-size: 13px; }
    .lead { color: var(--quiet); font-size: 15px; margin-top: -8px; }
    .card { min-width: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); box-shadow: var(--shadow); }
    .card:has(> .rows) { overflow-x: auto; }
    .card-head { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 10px 16px; border-bottom: 1px solid var(--line); }
    .more { font-size: 13px; }
    .halves { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; align-items: start; }
    .stack { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
    .tiles { display: grid; grid-template-columns: 1.25fr repeat(3, 1fr); gap: 16px; }
    .tile { min-width: 0; padding: 12px 16px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); box-shadow: var(--shadow); }
    .tile h2 { color: var(--quiet); font-size: 12.5px; font-weight: 560; margin-bottom: 4px; }
    .tile p { overflow-wrap: anywhere; }
    .tile .commit { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
    #tile-firing { display: grid; grid-template-columns: auto 1fr; gap: 0 20px; align-items: center; align-content: start; }
    #tile-firing h2, #tile-firing > p { grid-column: 1 / -1; }
    .figure { color: var(--text); font-size: 40px; font-weight: 640; line-height: 48px; letter-spacing: -0.02em; }
    .figure:hover { text-decoration: none; color: var(--accent); }
    .gravities { display: grid; grid-template-columns: repeat(2, minmax(0, 116px)); gap: 0 20px; }
    .gravities li { display: flex; justify-content: space-between; gap: 8px; }
    .headline { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; min-height: 26px; }
    .headline time { color: var(--quiet); }
    .note { display: flex; gap: 8px; align-items: center; margin: 12px 16px; padding: 8px 12px; border-radius: 6px; }
    .note.bad { background: var(--bad-soft); color: var(--bad); }
    .empty { display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 28px 20px; color: var(--quiet); text-align: center; }
    .empty .icon { width: 24px; height: 24px; stroke-width: 1.2; }
    .empty p { max-width: 56ch; }
    .empty h1 { color: var(--text); }

    /* Plot */
    .plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 8px; padding: 12px 16px 4px; }
    .plot-scale { display: flex; flex-direction: column; justify-content: space-between; padding: 2px 0 11px; color: var(--quiet); font-size: 12px; line-height: 16px; text-align: right; }
    .timeline { display: block; width: 100%; height: 120px; }
    .timeline .grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .timeline .area { stroke: var(--surface); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .area.critical { fill: var(--plot-bad); }
    .area.error { fill: var(--plot-error); }
    .area.warning { fill: var(--plot-warning); }
    .area.info { fill: var(--plot-info); }
    .area.other { fill: var(--plot-other); }
    .timeline .unknown { fill: var(--sunken); }
    .plot-axis { grid-column: 2; display: flex; justify-content: space-between; color: var(--quiet); font-size: 12px; }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0 16px 12px; font-size: 12.5px; }
    .legend li:last-child { margin-left: auto; }
    .spark { vertical-align: middle; margin-right: 6px; }
    .spark .good { fill: var(--good); }
    .spark .bad { fill: var(--bad); }
    .spark .warning { fill: var(--warning); }
    .spark .neutral { fill: var(--edge); }
    .bars { padding: 0 16px 14px; display: grid; gap: 4px; }
    .bars > div { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 12px; align-items: center; }
    .bars dt { color: var(--quiet); }
    .bars dd { display: flex; align-items: center; gap: 8px; }
    .bars dd span { min-width: 72px; color: var(--quiet); }
    .bar-drawing { width: 100%; max-width: 420px; height: 8px; fill: var(--busy); background: var(--sunken); border-radius: 4px; }

    /* Alerts */
    .alert { height: 48px; overflow: hidden; border-top: 1px solid var(--line); }
    .alerts > :first-child { border-top: 0; }
    .alert-link {
      display: grid; grid-template-columns: 88px minmax(0, 1fr) minmax(80px, 150px) 104px 88px; align-items: center; gap: 12px; height: 100%;
      padding: 0 16px; color: var(--text);
    }
    .alert-link:hover { background: var(--hover); text-decoration: none; }
    .alert-link:focus-visible { outline-offset: -2px; }
    .alert-main { min-width: 0; }
    .alert-line { display: flex; align-items: center; gap: 8px; min-width: 0; height: 20px; overflow: hidden; }
    .alert-line .chips { flex-wrap: nowrap; overflow: hidden; }
    .alert-line .chip { flex: none; white-space: nowrap; }
    .alert-name { flex: none; max-width: 60%; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .alert-summary { display: block; color: var(--quiet); font-size: 13px; line-height: 18px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .alert-scope { color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .alert-since { color: var(--quiet); text-align: right; }
    .compact .alert-link { grid-template-columns: 84px minmax(0, 1fr) auto 76px; }
    .compact .alert-scope { display: none; }
    .alert.fresh .alert-link { animation: arrive 2s ease-out; }
    @keyframes arrive { from { background: var(--warning-soft); } }
    .group {
      display: flex; align-items: center; gap: 10px; height: 36px; padding: 0 16px; border-top: 1px solid var(--line);
      background: var(--sunken); font-size: 13px; overflow: hidden; white-space: nowrap;
    }
    .group .chips { flex-wrap: nowrap; overflow: hidden; }
    .group .chip { background: var(--surface); white-space: nowrap; }
    .group-owner { font-weight: 600; }
    .group-to { display: inline-flex; align-items: center; gap: 4px; margin-left: auto; }
    .group-to .icon { width: 13px; height: 13px; }
    .list { overflow: hidden; }
    .virtual { position: relative; }
    .virtual > li { position: absolute; left: 0; right: 0; top: 0; contain: strict; }
    .virtual > li.alert { height: 48px; }
    .virtual > li.group { height: 36px; }
    .toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
    .filter {
      position: relative; display: flex; align-items: center; gap: 8px; width: 300px; max-width: 100%; height: 32px; padding: 0 8px;
      border: 1px solid var(--edge); border-radius: 6px; background: var(--surface); color: var(--quiet);
    }
    .toolbar .filter { width: 380px; }
    .filter:focus-within { border-color: var(--accent); outline: 1px solid var(--accent); }
    .filter input { flex: 1; min-width: 0; height: 100%; border: 0; padding: 0; background: none; color: var(--text); font: inherit; }
    .filter input:focus { outline: none; }
    input::placeholder { color: var(--quiet); opacity: 1; }
    .choice { display: inline-flex; padding: 2px; border-radius: 7px; background: var(--neutral-soft); }
    .choice label { position: relative; display: block; }
    .choice input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
    .choice span { display: block; padding: 3px 10px; border-radius: 5px; color: var(--quiet); font-size: 13px; line-height: 22px; }
    .choice input:checked + span { background: var(--surface); color: var(--text); font-weight: 560; box-shadow: var(--shadow); }
    .choice input:focus-visible + span { outline: 2px solid var(--accent); }
    .button {
      display: inline-flex; align-items: center; height: 32px; padding: 0 12px; border: 1px solid var(--edge); border-radius: 6px;
      background: var(--surface); color: var(--text); font: inherit; cursor: pointer;
    }
    .button:hover { background: var(--hover); text-decoration: none; }
    .button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; }
    .pager { display: flex; align-items: center; gap: 12px; }

    /* Tables */
    .rows { width: 100%; border-collapse: collapse; }
    .rows th { padding: 8px 12px; color: var(--quiet); font-size: 12.5px; font-weight: 560; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
    .rows td { padding: 7px 12px; vertical-align: top; border-top: 1px solid var(--line); }
    .rows tbody tr:first-child td { border-top: 0; }
    .rows th:first-child, .rows td:first-child { padding-left: 16px; }
    .rows th:last-child, .rows td:last-child { padding-right: 16px; }
    .rows tbody tr:hover { background: var(--hover); }
    .rows td.number { text-align: right; }
    .rows td .clip { display: block; max-width: 30ch; }
    .rows td .quiet { font-size: 13px; }
    .rows td > time { color: var(--quiet); }
    .rows td .badge + .quiet { display: block; margin-top: 2px; }
    .main { min-width: 200px; }
    .main .row-link, .main .row-title { font-weight: 600; color: var(--text); margin-right: 8px; }
    .main .row-link:hover { color: var(--accent); }
    .main .quiet { margin-right: 8px; }
    .rows .main .expression { display: block; max-width: 64ch; color: var(--quiet); }
    .child .main { padding-left: 32px !important; }
    .past { color: var(--quiet); }
    .difference summary { color: var(--accent); font-size: 13px; cursor: pointer; }
    .code { padding: 8px 10px; border-radius: 6px; background: var(--sunken); overflow-wrap: anywhere; white-space: pre-wrap; }
    .removed, .added { margin-top: 4px; }
    .removed::before { content: "− "; color: var(--bad); }
    .added::before { content: "+ "; color: var(--good); }

    /* Facts, feeds, findings */
    .facts { padding: 6px 16px 10px; }
    .facts > div { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 12px; padding: 4px 0; }
    .facts dt { color: var(--quiet); overflow-wrap: anywhere; }
    .facts dd { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; min-width: 0; }
    .facts dd .code { flex: 1; }
    .facts .change { display: inline-flex; flex-wrap: wrap; gap: 4px; }
    .place { overflow-wrap: anywhere; color: var(--quiet); }
    .feed li { padding: 8px 16px; border-top: 1px solid var(--line); }
    .feed li:first-child { border-top: 0; }
    .feed-line { display: flex; align-items: center; gap: 8px; color: var(--text); min-width: 0; }
    .feed-line time { color: var(--quiet); }
    .feed a.feed-line:hover { text-decoration: none; }
    .feed li:has(a.feed-line):hover { background: var(--hover); }
    .feed-more { font-size: 13px; overflow-wrap: anywhere; }
    .changes { display: inline-flex; gap: 6px; white-space: nowrap; font-weight: 560; }
    .changes .quiet { font-weight: 400; }
    .attention .card-head { border-bottom-color: var(--line); }
    .held { padding: 12px 16px; border-top: 1px solid var(--line); display: flex; flex-direction: column; gap: 6px; }
    .card-head + .held { border-top: 0; }
    .held .findings { margin: 0 -16px; }
    .finding { padding: 8px 16px; display: flex; flex-direction: column; gap: 4px; }
    .finding + .finding { border-top: 1px solid var(--line); }
    .finding-head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
    .finding-message { font-weight: 560; }
    .finding-note { font-size: 13px; overflow-wrap: anywhere; }
    .excerpt figcaption { color: var(--quiet); overflow-wrap: anywhere; }
    .excerpt pre { margin-top: 4px; padding: 8px 0; border-radius: 6px; background: var(--sunken); overflow-x: auto; }
    .line { display: inline-block; min-width: 100%; padding-right: 12px; white-space: pre; color: var(--quiet); }
    .line bdi { overflow-wrap: normal; }
    .line.marked { color: var(--text); }
    .line .number { display: inline-block; width: 52px; margin-right: 12px; padding-right: 10px; border-right: 1px solid var(--line); color: var(--quiet); }
    .caret .mark { color: var(--bad); font-weight: 700; }
    .finding.warning .caret .mark { color: var(--warning); }
    .steps { padding: 8px 16px; }
    .step { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; padding: 4px 0; }
    .step .icon { color: var(--good); }
    .step.passed-by .icon { color: var(--neutral); }
    .depth-1 { padding-left: 20px; } .depth-2 { padding-left: 40px; } .depth-3 { padding-left: 60px; }
    .depth-4 { padding-left: 80px; } .depth-5 { padding-left: 100px; }
    .plan-scope { padding: 10px 16px; border-top: 1px solid var(--line); }
    .card-head + .plan-scope { border-top: 0; }
    .plan-scope h3 { display: flex; align-items: center; gap: 8px; }
    .plan li { display: flex; flex-wrap: wrap; gap: 2px 10px; padding: 3px 0; }
    .plan .mark { width: 16px; text-align: center; font-weight: 700; }
    .plan .create .mark { color: var(--good); }
    .plan .update .mark, .plan .move .mark { color: var(--busy); }
    .plan .delete .mark { color: var(--bad); }
    .login { width: 400px; max-width: 100%; margin: 8vh auto 0; padding: 24px; display: flex; flex-direction: column; gap: 12px; }
    .login form { display: flex; flex-direction: column; gap: 8px; }
    .login input { height: 36px; padding: 0 10px; border: 1px solid var(--edge); border-radius: 6px; background: var(--surface); color: var(--text); font: inherit; }
    .login .note { margin: 0; }
    .login .button { justify-content: center; height: 36px; }
    dialog { width: 360px; max-width: calc(100vw - 32px); padding: 20px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); color: var(--text); }
    dialog::backdrop { background: rgb(10 15 20 / 50%); }
    dialog dl { margin: 12px 0 16px; }
    dialog dl > div { display: flex; justify-content: space-between; padding: 3px 0; }
    dialog dt { display: flex; gap: 4px; order: 2; }

    /* Narrower */
    @media (max-width: 1180px) {
      .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    }
    @media (max-width: 980px) {
      .frame { grid-template-rows: auto 1fr; }
      .rows th, .rows td { padding-left: 8px; padding-right: 8px; }
      .rows td .clip, .rows td .place { max-width: 20ch; }
      .rows td .main .expression, .rows .main .expression { max-width: 34ch; }
      .main { min-width: 160px; }
      .frame { grid-template-columns: minmax(0, 1fr); }
      .menu {
        position: static; flex-direction: row; padding: 6px 12px; overflow-x: auto; border-bottom: 1px solid var(--line);
        background: var(--surface); scrollbar-width: none; align-self: stretch;
      }
      .menu a { padding: 5px 9px; gap: 6px; flex: none; }
      main { padding: 16px 16px 24px; }
      .bar { padding: 0 16px; }
      .halves { grid-template-columns: minmax(0, 1fr); }
      .alert-link { grid-template-columns: 84px minmax(0, 1fr) 104px 76px; }
      .alert-scope { display: none; }
    }
    @media (max-width: 620px) {
      body { font-size: 15px; }
      .bar { gap: 6px; padding: 0 12px; }
      .brand span { display: none; }
      .live:not(.stale) { font-size: 0; gap: 0; }
      .tool { min-width: 36px; padding: 0 6px; }
      .standing .badge { padding: 1px 6px 1px 4px; }
      main { padding: 12px 12px 24px; gap: 12px; }
      .tiles { grid-template-columns: minmax(0, 1fr); gap: 12px; }
      .halves, .stack { gap: 12px; }
      .toolbar .filter, .page-head .filter { width: 100%; height: 40px; margin-left: 0; }
      .filter kbd, #keys { display: none; }
      .filter input { font-size: 16px; }
      .alert, .virtual > li.alert { height: 76px; }
      .alert-link, .compact .alert-link {
        grid-template-columns: minmax(0, 1fr) auto; grid-template-rows: auto auto; gap: 0 8px; align-content: center; padding: 0 14px;
      }
      .alert-link .gravity { grid-row: 1; grid-column: 1; }
      .alert-state { grid-row: 1; grid-column: 2; justify-self: end; }
      .alert-main { grid-row: 2; grid-column: 1; }
      .alert-since { grid-row: 2; grid-column: 2; align-self: end; font-size: 13px; }
      .alert-line .chips { display: none; }
      .alert-name { max-width: 100%; }
      .group-to { display: none; }
      .group .count { margin-left: auto; }
      .rows, .rows tbody, .rows tr, .rows td { display: block; }
      .rows thead { display: none; }
      .rows tr { padding: 8px 14px; border-top: 1px solid var(--line); }
      .rows tbody tr:first-child { border-top: 0; }
      .rows td, .rows td:first-child, .rows td:last-child { display: flex; flex-wrap: wrap; gap: 2px 8px; padding: 2px 0; border: 0; text-align: left; }
      .rows td.number { text-align: left; }
      .rows td:not(.main)::before { content: attr(data-column); flex: none; width: 96px; color: var(--quiet); font-size: 13px; }
      .rows td.main { padding-bottom: 4px; min-width: 0; }
      .rows td .clip, .rows td .place, .rows .main .expression { max-width: 100%; }
      .child { padding-left: 28px !important; }
      .child .main { padding-left: 0 !important; }
      .facts > div, .bars > div { grid-template-columns: minmax(0, 1fr); gap: 0; padding: 5px 0; }
      .facts dt { font-size: 13px; }
      .facts, .feed li, .card-head, .finding, .held { padding-left: 14px; padding-right: 14px; }
      .held .findings { margin: 0 -14px; }
      .tool, .menu a { min-height: 40px; }
      .line .number { width: 36px; margin-right: 8px; }
    }

    @media (prefers-reduced-motion: reduce) {
      *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
    }
    @media (forced-colors: active) {
      .badge, .chip, .count { border: 1px solid; }
    }
    @media print {
      .bar, .menu, .foot, .toolbar, .filter, .pager, .crumbs, dialog { display: none !important; }
      .frame { display: block; }
      html { background: none; }
      .card, .tile { box-shadow: none; break-inside: avoid; }
      main { padding: 0; }
    }
    """###
  ),
  (
    "texts.js",
    ###"""
    // What the server says to scripts: its texts in the page's language, and where the dashboard's root is.
    const page = document.documentElement;
    const texts = JSON.parse(document.querySelector('meta[name="belfry-texts"]').content);

    export const root = page.dataset.root;
    export const language = page.lang;

    export function say(key, ...values) {
      return (texts[key] ?? key).replace(/\{(\d)\}/g, (_, index) => values[index] ?? "");
    }

    export function number(value) {
      return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
    }
    """###
  ),
  (
    "theme.js",
    ###"""
    // Read before the first paint, so that a page never flashes in the other theme.
    try {
      const theme = localStorage.getItem("belfry-theme");
      if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    } catch {
      // Without storage the system's theme holds.
    }
    document.documentElement.classList.add("scripted");
    """###
  ),
  (
    "times.js",
    ###"""
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
    """###
  ),
]
