/* Keeps the pages of the bedside for when there is no network. One cache for one build, filled whole or not at all; what the
   pages say is never sent anywhere, and nothing of a patient is ever in it. */
"use strict";

// Another site at the same origin may keep other rules of this name, or others of the same: each keeps and clears its own.
const own = `${FAMILY}${self.registration.scope} `;
const copy = `${own}${CACHE}`;

self.addEventListener("install", (event) => {
    const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
    event.waitUntil(
        caches
            .open(copy)
            .then((cache) => cache.addAll(fresh))
            .then(() => self.skipWaiting()),
    );
});

self.addEventListener("activate", (event) => {
    const old = caches
        .keys()
        .then((names) => Promise.all(names.filter((name) => name.startsWith(own) && name !== copy).map((name) => caches.delete(name))));
    event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
    if (event.request.method !== "GET") return;
    const kept = caches.open(copy).then((cache) => cache.match(event.request, { ignoreSearch: true }));
    event.respondWith(kept.then((found) => found || fetch(event.request).catch((error) => notKept(event.request, error))));
});

/** In place of a page that is not kept: the way to those that are. */
function notKept(request, error) {
    if (request.mode !== "navigate") throw error;
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>No network</title>
<h1>No network, and this page is not kept on this device</h1>
<p>Kept are <a href="${new URL("try/", self.registration.scope)}">Try it</a>, and from there each table at a glance.</p></html>`;
    return new Response(page, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
