"use strict";
// Keeps the files of this version, so that the page works without a network. A new version replaces all at once.
const VERSION = "/* version */";
const FILES = {/* files */};
const KEPT = "ferroptosis-recommender-";

addEventListener("install", (event) => {
  const ask = Object.entries(FILES).map(([name, integrity]) => new Request(name, { integrity, cache: "no-cache" }));
  event.waitUntil(caches.open(KEPT + VERSION).then((cache) => cache.addAll(ask)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const drop = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== KEPT + VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(drop());
});
addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  const name = address.pathname.endsWith("/") ? address.pathname + "index.html" : address.pathname;
  event.respondWith(caches.open(KEPT + VERSION).then((cache) => cache.match(name)).then((kept) => kept ?? fetch(event.request)));
});
