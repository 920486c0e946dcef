"use strict";
// The pages work without this file. With it the answer follows each change at once, files can be dropped,
// and keys turn the presentation on and off.
const page = document.documentElement;
page.classList.add("scripted");

// A server answers, unless a script before this one has set something else that does.
const source = globalThis.source ?? {
  ask: async (query, signal) => {
    const reply = await fetch("/answer?" + query, { signal });
    const isAnswer = [200, 422].includes(reply.status) && reply.headers.get("content-type").startsWith("text/html");
    if (!isAnswer) throw new Error("this is no answer");
    return reply.text();
  },
  address: (query) => "/?" + query,
};

const begin = () => {
  const form = document.getElementById("state");
  const answer = document.getElementById("answer");
  if (!form) return;
  const status = document.getElementById("status");
  let asked = null;

  const refresh = async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value !== "" || name === "was"));
    if (asked) asked.abort();
    asked = new AbortController();
    answer.classList.add("busy");
    try {
      const text = await source.ask(query, asked.signal);
      const open = [...answer.querySelectorAll("article details[open]")].map((one) => one.closest("article").querySelector("[id]").id);
      answer.innerHTML = text;
      for (const id of open) document.getElementById(id)?.closest("details")?.setAttribute("open", "");
      const now = document.getElementById("now");
      history.pushState(null, "", source.address(now.dataset.address));
      show(now.dataset.selects.split(" "));
      const told = answer.querySelector(".chgbar") || answer.querySelector("h1");
      told.classList.add("fresh");
      status.textContent = told.innerText;
      document.title = answer.querySelector("h1").textContent + ": " + now.dataset.label;
    } catch (error) {
      if (error.name === "AbortError") return;
      status.textContent = "This was not answered. What is shown is the answer before the change.";
      status.classList.remove("hidden");
    }
    answer.classList.remove("busy");
  };

  // What was set stands above the search, and is yellow where it selects an add-on.
  const show = (selects) => {
    for (const row of form.querySelectorAll(".find")) row.classList.toggle("selects", selects.includes(row.dataset.name));
  };
  const set = (row) => {
    for (const other of form.querySelectorAll(".changed")) other.classList.remove("changed");
    row.classList.add("changed");
    const rows = row.parentElement;
    if (rows.classList.contains("set")) return;
    document.getElementById(rows.id + "-set").append(row);
    const search = form.querySelector(`[data-filter=${rows.id}]`);
    search.value = "";
    search.dispatchEvent(new Event("input"));
    rows.parentElement.open = false;
  };
  form.addEventListener("change", (event) => {
    if (event.target.type === "search") return;
    const focused = event.target;
    const row = focused.closest(".rows > *");
    if (row) set(row);
    focused.focus({ preventScroll: true });
    refresh();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
  answer.addEventListener("click", async (event) => {
    if (event.target.id !== "copy") return;
    const link = new URL(source.address(new URLSearchParams(document.querySelector("[name=was]").value)), location).href;
    try {
      await navigator.clipboard.writeText(link);
      event.target.textContent = "Copied";
    } catch {
      // Browsers give the clipboard only to pages of this machine and over HTTPS.
      history.replaceState(null, "", link);
      event.target.textContent = "Copy it from the address bar";
    }
    setTimeout(() => { event.target.textContent = "Copy link"; }, 1500);
  });

  for (const search of document.querySelectorAll("[data-filter]")) {
    const rows = document.getElementById(search.dataset.filter);
    search.addEventListener("input", () => {
      const wanted = search.value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
      let left = 0;
      for (const row of rows.children) {
        row.hidden = !row.dataset.words.includes(wanted);
        row.classList.toggle("exact", wanted !== "" && row.dataset.words.split(" ").includes(wanted));
        left += row.hidden ? 0 : 1;
      }
      rows.parentElement.open = wanted !== "" || rows.parentElement.open;
      rows.parentElement.querySelector(".none").hidden = left > 0;
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
};
begin();
if (!globalThis.source && document.getElementById("state")) addEventListener("popstate", () => location.reload());

// A file that is dropped anywhere is sent by the same form as one that was chosen; some pages do not have this form.
const UNREADABLE = "This could not be read: it is a folder, or a file that may not be opened or has changed.";
const complain = (text) => {
  const main = document.querySelector("main");
  const told = document.getElementById("told") ?? main.insertAdjacentElement("afterbegin", document.createElement("p"));
  Object.assign(told, { id: "told", className: "stop-box", textContent: text });
  told.setAttribute("role", "alert");
  told.scrollIntoView({ block: "center" });
};
const sending = () => {
  const form = Object.assign(document.createElement("form"), { method: "post", enctype: "multipart/form-data", hidden: true });
  form.setAttribute("action", "/read");
  form.append(Object.assign(document.createElement("input"), { type: "file", name: "file" }));
  document.body.append(form);
  return form;
};
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, async (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    document.getElementById("bring")?.classList.toggle("over", name === "dragover");
    if (name !== "drop") return;
    const files = new DataTransfer();
    for (const file of event.dataTransfer.files) files.items.add(file);
    if (files.files.length !== 1) return complain("Drop one file at a time. Nothing was read.");
    try {
      await files.files[0].slice(0, 1).arrayBuffer();
    } catch {
      return complain(UNREADABLE);
    }
    const form = document.getElementById("bring") ?? sending();
    form.elements.file.files = files.files;
    form.requestSubmit();
  });
}

// Presentation: P begins it, Escape leaves it, the arrows go from section to section.
const present = (on) => {
  page.classList.toggle("present", on);
  scrollTo(0, 0);
};
const parts = () => [...document.querySelectorAll("#top, .path, .app section, .step")].filter((one) => one.getClientRects().length);
const go = (by) => {
  const places = parts();
  const top = (one) => one.id === "top" ? 0 : one.getBoundingClientRect().top + scrollY - 40;
  const here = places.findLastIndex((one) => top(one) <= scrollY + 2);
  const next = places[Math.min(Math.max(here + by, 0), places.length - 1)];
  if (next.matches("details")) next.open = true;
  scrollTo({ top: top(next), behavior: "instant" });
};
document.addEventListener("click", (event) => {
  if (event.target.id !== "present") return;
  event.preventDefault();
  present(true);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "p" && document.getElementById("present")) present(true);
  if (!page.classList.contains("present")) return;
  if (event.key === "Escape") present(false);
  if (event.key === "ArrowRight") go(1);
  if (event.key === "ArrowLeft") go(-1);
});
