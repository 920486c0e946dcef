"use strict";
// The page without a server. Its address is the part of this address after #, which no browser sends; the worker
// answers it, and the answer takes the place of the page.
{
  const bar = document.getElementById("engine");
  const waiting = new Map();
  let worker = null;
  let ready = false;
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
      bar.querySelector("progress").value = data.progress;
    } else if (data.ready) {
      ready = true;
      for (const link of document.querySelectorAll("a[data-address]")) link.setAttribute("href", "#" + link.dataset.address);
      bar.querySelector("progress").hidden = true;
      say("");
      page.classList.add("ready");
      for (const one of document.querySelectorAll("[inert]")) one.inert = false;
      route();
      // Only now, so that the first answer does not wait for files that are needed later.
      if (navigator.serviceWorker && isSecureContext) navigator.serviceWorker.register("sw.js");
    } else if ("id" in data) {
      const { answer, fail } = waiting.get(data.id);
      waiting.delete(data.id);
      if ("failed" in data) fail(new Error(data.failed)); else answer(data.reply);
    } else {
      refuse(data.failed);
    }
  };
  const refuse = (why) => {
    console.error(why);
    bar.querySelector("progress").hidden = true;
    say("The program cannot be started in this browser, which is too old or blocks WebAssembly. The cases and tours can be read as pages.");
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
  const at = () => (location.hash.startsWith("#/") ? location.hash.slice(1) : document.body.dataset.example ?? "/");

  const route = async () => {
    const address = at();
    if (!ready || address === shown) return;
    const first = shown === null && !location.hash.startsWith("#/");
    shown = address;
    // What is shown is that answer already; asked for once, the next one is fast.
    if (first) return tell("get", address).catch(() => {});
    await visit(() => tell("get", address));
  };
  const visit = async (ask) => {
    const before = shown;
    try {
      const reply = await ask();
      if (reply.file) {
        keep(reply);
        return;
      }
      if (shown !== before) return;
      if (reply.address) {
        shown = reply.address;
        history.replaceState(null, "", "#" + reply.address);
      }
      show(reply);
      scrollTo(0, 0);
      (document.querySelector("h1") ?? document.body).setAttribute("tabindex", "-1");
      document.querySelector("h1")?.focus({ preventScroll: true });
    } catch {
      say("This was not answered. What is shown is the page before.");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const where = link.getAttribute("href");
    if (/^#\/[a-z]+\.(html|json)/.test(where)) {
      event.preventDefault();
      if (ready) tell("get", where.slice(1)).then((reply) => (reply.file ? keep(reply) : show(reply)));
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
    if (!ready) return;
    const fields = new FormData(form, event.submitter);
    if (form.id === "bring") {
      const file = fields.get("file");
      const data = new Uint8Array(await file.arrayBuffer());
      await visit(() => tell("read", data, file.name, fields.get("text"), fields.get("therapy")));
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
    say("The program is loading; this page can be read meanwhile.");
    bar.querySelector("progress").hidden = false;
    worker = new Worker("worker.js", { type: "module" });
    worker.onmessage = hear;
    worker.onerror = (event) => refuse(event.message);
  } catch (error) {
    refuse(String(error));
  }
}
