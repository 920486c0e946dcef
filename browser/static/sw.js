"use strict";
// Keeps the files of this version, so that the page works without a network. A page has all of its files from one
// version: a new one waits until no page of the old is open, and the visit or reload after that begins with it.
const VERSION = "/* version */";
const FILES = {/* files */};
const KEPT = "ferroptosis-recommender-";
const NOW = "replace the version before";

addEventListener("install", (event) => {
  const ask = Object.entries(FILES).map(([name, integrity]) => new Request(name, { integrity, cache: "no-cache" }));
  event.waitUntil(caches.open(KEPT + VERSION).then((cache) => cache.addAll(ask)));
});
addEventListener("message", (event) => {
  if (event.data === NOW) skipWaiting();
});
addEventListener("activate", (event) => {
  const drop = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== KEPT + VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(drop());
});

const answer = async (request) => {
  // The page that is left by a reload still counts, so one page may be open.
  if (request.mode === "navigate" && registration.waiting && (await clients.matchAll()).length < 2) {
    registration.waiting.postMessage(NOW);
    return new Response("", { headers: { refresh: "0" } });
  }
  const address = new URL(request.url);
  const name = address.pathname.endsWith("/") ? address.pathname + "index.html" : address.pathname;
  const cache = await caches.open(KEPT + VERSION);
  return (await cache.match(name)) ?? fetch(request);
};
addEventListener("fetch", (event) => {
  const own = new URL(event.request.url).origin === location.origin;
  if (own && event.request.method === "GET") event.respondWith(answer(event.request));
});
