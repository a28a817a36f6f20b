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
    event.respondWith(kept.then((found) => found || fetch(event.request)));
});
