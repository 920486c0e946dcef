"use strict";
// The page without a server. Its address is the part of this address after #, which no browser sends; the worker
// answers it, and the answer takes the place of the page.
{
  const MAX_FILE = Number("/* most */");
  const TOO_OLD = "The program cannot be started: this browser is too old for it, or blocks WebAssembly.";
  const INCOMPLETE = "A part of the program could not be loaded: reload the page to try again.";
  const bar = document.getElementById("engine");
  const progress = bar.querySelector("progress");
  const plain = bar.querySelector(".as-pages");
  const waiting = new Map();
  let worker = null;
  let ready = false;
  let begun;
  const started = new Promise((answer) => { begun = answer; });
  let shown = null;
  let asked = 0;

  const say = (text) => {
    bar.hidden = !text;
    bar.firstElementChild.textContent = text;
  };
  const tell = (kind, ...given) => new Promise((answer, fail) => {
    waiting.set(++asked, { answer, fail });
    worker.postMessage({ id: asked, kind, given });
  });
  const hear = ({ data }) => {
    if ("progress" in data) {
      progress.value = data.progress;
    } else if (data.ready) {
      launch();
    } else if ("id" in data) {
      const { answer, fail } = waiting.get(data.id);
      waiting.delete(data.id);
      if ("failed" in data) fail(new Error(data.failed)); else answer(data.reply);
    } else {
      refuse(data.failed, data.incomplete ? INCOMPLETE : TOO_OLD);
    }
  };
  const launch = async () => {
    ready = true;
    for (const link of document.querySelectorAll("a[data-address]")) link.setAttribute("href", "#" + link.dataset.address);
    progress.hidden = true;
    say("");
    await route();
    page.classList.add("ready");
    begun();
    // Only now, so that the first answer does not wait for files that are needed later. Some private windows refuse it.
    if (navigator.serviceWorker && isSecureContext) navigator.serviceWorker.register("sw.js", { updateViaCache: "none" }).catch(() => {});
  };
  const refuse = (why, message) => {
    console.warn(why);
    progress.hidden = true;
    plain.hidden = false;
    document.documentElement.classList.add("refused");
    document.getElementById("controls")?.remove();
    say(at() === document.body.dataset.example ? message : message + " What the link leads to is not shown; below is an example.");
  };

  // Addresses of the page begin with a slash, and stand after the # here.
  const rewrite = (root) => {
    for (const link of root.querySelectorAll("a[href^='/']")) link.setAttribute("href", "#" + link.getAttribute("href"));
  };
  const keep = ({ text, type, file }) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  const show = (reply) => {
    const found = new DOMParser().parseFromString(reply.text, "text/html");
    rewrite(found);
    document.title = found.title;
    page.classList.toggle("present", found.documentElement.classList.contains("present"));
    document.body.className = found.body.className;
    for (const link of found.head.querySelectorAll("link[rel=stylesheet]")) {
      const name = link.getAttribute("href").replace("/static/", "static/");
      document.head.querySelector(`link[href="${name}"]`) ?? document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: name }));
    }
    for (const link of document.head.querySelectorAll("link[rel=stylesheet]")) {
      const name = link.getAttribute("href").replace("static/", "/static/");
      link.disabled = name.startsWith("/static/") && !found.head.querySelector(`link[href="${name}"]`);
    }
    document.body.replaceChildren(bar, ...found.body.childNodes);
    begin();
  };
  // What was read from a file has an address only where it is one case; the list of several is not kept.
  const READ = "/read";
  const at = () => {
    const address = location.hash.slice(1);
    if (address === READ) return "/";
    return address.startsWith("/") ? address : document.body.dataset.example ?? "/";
  };

  const route = async () => {
    const address = at();
    if (!ready || address === shown) return;
    const first = shown === null && !location.hash.startsWith("#/");
    shown = address;
    // What is shown is that answer already; asked for once, the next one is fast.
    if (first) return tell("get", address).then(complete).catch(() => say("This was not answered."));
    await visit(() => tell("get", address));
  };
  // The page at first is without the controls, which are half of it.
  const complete = (reply) => {
    const found = new DOMParser().parseFromString(reply.text, "text/html");
    rewrite(found);
    document.getElementById("controls").replaceWith(found.getElementById("controls"));
    begin();
  };
  const visit = async (ask, place) => {
    const before = shown;
    try {
      const reply = await ask();
      if (reply.file) {
        keep(reply);
        return;
      }
      say("");
      if (shown !== before) return;
      if (place) {
        shown = place;
        history.pushState(null, "", "#" + place);
      }
      if (reply.address) {
        shown = reply.address;
        history.replaceState(null, "", "#" + reply.address);
      }
      show(reply);
      scrollTo(0, 0);
      (document.querySelector("h1") ?? document.body).setAttribute("tabindex", "-1");
      document.querySelector("h1")?.focus({ preventScroll: true });
    } catch {
      if (shown === before) shown = null;
      say("This was not answered. What is shown is the page before.");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const where = link.getAttribute("href");
    if (/^#\/[a-z]+\.(html|json)/.test(where)) {
      event.preventDefault();
      if (ready) visit(() => tell("get", where.slice(1)));
    } else if (where === location.hash) {
      route();
    } else if (!where.startsWith("#/")) {
      // A place of this page: to follow the link would replace the case in the address.
      event.preventDefault();
      const place = document.getElementById(where.slice(1));
      if (!place) return;
      const folded = place.closest("details");
      if (folded) folded.open = true;
      place.scrollIntoView();
      if (place.tabIndex < 0 && !place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
      place.focus({ preventScroll: true });
    }
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.id === "state") return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    if (form.method === "post") {
      const file = fields.get("file");
      if (file.size > MAX_FILE) return complain(`The file is larger than ${MAX_FILE / 2 ** 20} MiB, which is the most that is read here.`);
      let data;
      try {
        data = new Uint8Array(await file.arrayBuffer());
      } catch {
        return complain(UNREADABLE);
      }
      // A file may be dropped while the program is loading.
      await started;
      await visit(() => tell("read", data, file.name, fields.get("text") ?? "", fields.get("therapy") ?? ""), READ);
    } else {
      location.hash = "#" + new URL(form.getAttribute("action"), "http://localhost").pathname + "?" + new URLSearchParams(fields);
    }
  });
  addEventListener("hashchange", route);

  globalThis.source = {
    ask: async (query, signal) => {
      const reply = await tell("get", "/answer?" + query);
      signal.throwIfAborted();
      return reply.text.replaceAll('href="/', 'href="#/');
    },
    address: (query) => {
      shown = "/?" + query;
      return "#" + shown;
    },
  };
  // For tests and for whoever wants many answers: profiles as JSON in, results as JSON out.
  globalThis.recommend = (profiles) => tell("recommend", profiles);

  try {
    if (typeof WebAssembly !== "object") throw new Error("no WebAssembly");
    plain.hidden = true;
    progress.hidden = false;
    const example = at() === document.body.dataset.example;
    say(`The program is loading. ${example ? "This page can be read meanwhile." : "Below is an example until what the link leads to is shown."}`);
    worker = new Worker("worker.js?/* worker */", { type: "module" });
    worker.onmessage = hear;
    worker.onerror = (event) => refuse(event.message, TOO_OLD);
  } catch (error) {
    refuse(String(error), TOO_OLD);
  }
}
