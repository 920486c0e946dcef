"use strict";
// The page works without this file; with it the answer follows each change at once.
const form = document.getElementById("state");
const answer = document.getElementById("answer");
const status = document.getElementById("status");
let shown = state();
let asked = null;

document.documentElement.classList.add("scripted");

function state() {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URLSearchParams(given).toString();
}

// What changed is told from what was given and found; the texts of the case are not needed twice.
function findings(query) {
  const kept = new URLSearchParams(query);
  kept.delete("note");
  return kept.toString();
}

async function refresh() {
  const query = state();
  history.pushState(null, "", "/?" + query);
  for (const link of document.querySelectorAll("a[data-to]")) link.href = link.dataset.to + "?" + query;
  if (asked) asked.abort();
  asked = new AbortController();
  answer.classList.add("busy");
  try {
    const reply = await fetch("/answer?" + query + "&was=" + encodeURIComponent(findings(shown)), { signal: asked.signal });
    const isAnswer = [200, 422].includes(reply.status) && reply.headers.get("content-type").startsWith("text/html");
    if (!isAnswer) throw new Error("this is no answer");
    const open = new Set([...answer.querySelectorAll("article details[open]")].map((one) => one.closest("article").id));
    answer.innerHTML = await reply.text();
    for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
    shown = query;
    const headline = answer.querySelector("[data-status]");
    status.textContent = headline ? headline.dataset.status : "This cannot be answered.";
    status.classList.remove("hidden");
  } catch (error) {
    if (error.name === "AbortError") return;
    status.textContent = "The server does not answer this. What is shown is the answer before the change.";
    status.classList.remove("hidden");
  }
  answer.classList.remove("busy");
}

form.addEventListener("change", (event) => {
  if (event.target.type !== "search") refresh();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh();
});
window.addEventListener("popstate", () => location.reload());
document.getElementById("pick").addEventListener("change", (event) => event.target.form.submit());

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
    rows.parentElement.querySelector(".none").hidden = left > 0;
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

document.getElementById("copy").addEventListener("click", async (event) => {
  await navigator.clipboard.writeText(location.href);
  event.target.textContent = "Copied";
  setTimeout(() => { event.target.textContent = "Copy link to this case"; }, 1500);
});
