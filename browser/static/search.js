"use strict";
// Pages that have all of the words, those with one in the title first, then those with most of them for their length. PAGES comes from words.js.
const field = document.getElementById("words");
const list = document.getElementById("found");
const look = () => {
  const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => wanted.filter((word) => text.toLowerCase().includes(word)).length;
  const found = wanted.length ? PAGES.filter((one) => has(one.title + " " + one.words) === wanted.length) : [];
  const times = (one) => wanted.reduce((sum, word) => sum + one.words.toLowerCase().split(word).length - 1, 0) / one.words.length;
  found.sort((a, b) => has(b.title) - has(a.title) || times(b) - times(a));
  document.getElementById("count").textContent = wanted.length ? `${found.length} pages` : "";
  list.replaceChildren(...found.slice(0, 50).map((one) => {
    const link = Object.assign(document.createElement("a"), { href: "../" + one.at, textContent: one.title });
    const at = Math.max(one.words.toLowerCase().indexOf(wanted[0]) - 60, 0);
    const row = document.createElement("li");
    row.append(link, document.createElement("br"), one.words.slice(at, at + 180));
    return row;
  }));
};
field.addEventListener("input", look);
