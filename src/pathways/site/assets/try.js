/* The page at the bedside: questions, dangerous ones first, and what to do, live.

   Starts empty and keeps nothing: no storage, no cookie, nothing in the address; leaving the page, NEW PATIENT and 15 minutes without use
   wipe all. Every text is set as text. What is asked next and what is said come from `flow.js` and `advice.js`. */
(function (pathways) {
    "use strict";

    const { Advice, Flow, MINUTE, Refusal, UNKNOWN, absence, ago, brief, clock, clockTime, day, entered, hour, reach, say, unitsOf } = pathways;

    const IDLE = 15 * MINUTE;
    const OLD = 60 * MINUTE;
    const INSTEAD = "Use the printed table below, and the switchboard for whoever is to be called.";
    const REASONS = 3; // why a question is asked: so many, then a count
    const LONG = 160; // characters of an explanation that stand beside the question

    /** The page without its questions: what it showed before is not to be acted on. */
    function stop(root, why) {
        root.querySelector("[data-part=expiry]").textContent = `MUST NOT BE USED: ${why} ${INSTEAD}`;
        root.classList.add("pw-expired", "pw-stopped");
    }

    /** A listener after whose failure no older answer stays in sight. */
    const guarded = (listener) => (event) => {
        try {
            return listener(event);
        } catch (error) {
            stop(document.getElementById("pw-try"), "this page has failed.");
            throw error;
        }
    };

    /** An element; attributes that are false are left out, functions are listeners, children are text or elements. */
    function el(tag, attributes = {}, ...children) {
        const node = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            if (typeof value === "function") node.addEventListener(name, guarded(value));
            else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : String(value));
        }
        node.append(...children.flat().filter((child) => child !== null && child !== false));
        return node;
    }

    const list = (texts, tag = "ul") =>
        el(
            tag,
            {},
            texts.map((text) => el("li", {}, text)),
        );
    const section = (title, ...content) => el("section", {}, el("h3", {}, title), content);
    const listed = (title, texts, tag) => (texts.length ? section(title, list(texts, tag)) : null);
    const button = (text, click, kind = "plain") => el("button", { type: "button", class: `pw-button pw-${kind}`, click }, text);

    /** A date as it is said: `1 June 2027`. */
    const dated = (iso) => {
        const [year, month, date] = iso.split("-").map(Number);
        return `${day(new Date(year, month - 1, date))
            .split(" ")
            .slice(1)
            .join(" ")} ${year}`;
    };

    /** The day of a moment as `2027-06-01`. */
    const written = (moment) =>
        [moment.getFullYear(), String(moment.getMonth() + 1).padStart(2, "0"), String(moment.getDate()).padStart(2, "0")].join("-");

    class Page {
        constructor(root, rules) {
            this.root = root;
            this.rules = rules;
            this.fixed = root.dataset.pathways ? root.dataset.pathways.split(" ") : [];
            this.tables = [...root.querySelectorAll(".pw-tables a")];
            this.parts = {};
            for (const name of ["status", "expiry", "arrival", "aid", "card", "result", "answers", "others"])
                this.parts[name] = root.querySelector(`[data-part="${name}"]`);
            this.used = Date.now();
            for (const event of ["pointerdown", "keydown", "input"]) document.addEventListener(event, () => this.touched(), true);
            for (const one of root.querySelectorAll("[data-do=new]")) one.addEventListener("click", () => this.wipe(""));
            root.querySelector("[data-do=print]").addEventListener("click", () => window.print());
            this.arrival = root.querySelector("[data-field=arrived]");
            this.arrivalUnknown = root.querySelector("[data-field=arrival-unknown]");
            for (const field of [this.arrival, this.arrivalUnknown]) field.addEventListener("change", guarded(() => this.arrivalSaid()));
            window.addEventListener("pagehide", () => this.wipe(""));
            setInterval(() => this.tick(), 5000);
            document.addEventListener("visibilitychange", () => this.tick());
            this.wipe("");
            root.classList.add("pw-ready");
        }

        /** Everything about the patient is gone; the page is as it was opened. */
        wipe(said) {
            this.flow = new Flow(this.rules, this.fixed);
            this.arrived = null;
            this.arrival.value = "";
            this.arrival.disabled = false;
            this.arrivalUnknown.checked = false;
            this.decided = new Date();
            this.message = said;
            this.trail = [];
            this.shown = null;
            this.decide();
            this.show(this.flow.first());
        }

        /** Whoever wakes the device finds no patient of before on it: that is looked at first. */
        touched() {
            this.tick();
            this.used = Date.now();
        }

        tick() {
            const now = Date.now();
            if (now - this.used > IDLE && (this.flow.begun() || this.arrival.value)) {
                this.wipe("Blanked after 15 minutes without use: start again.");
            } else if (this.flow.begun() && now - this.decided.getTime() > OLD && !this.message) {
                this.message = "This answer is older than an hour: look at the patient again.";
                this.renderStatus();
            }
            this.renderExpiry();
        }

        arrivalSaid() {
            const now = new Date();
            this.arrived = this.arrivalUnknown.checked ? null : clockTime(this.arrival.value, now);
            this.arrival.disabled = this.arrivalUnknown.checked;
            this.decide();
            this.renderAll();
        }

        /* -- what an answer does -- */

        answer(answers) {
            const now = new Date();
            if (this.arrived === null && !this.arrivalUnknown.checked && !this.arrival.value.trim()) {
                this.arrived = now;
                this.arrival.value = clock(now);
            }
            this.message = "";
            this.flow.give(answers);
            this.decided = now;
            this.decide();
            this.renderAll();
        }

        decide() {
            this.refusal = null;
            this.advice = null;
            if (!this.flow.names.length) return;
            try {
                this.advice = new Advice(reach(this.rules, this.flow.given, this.flow.names), {
                    decided: this.decided,
                    arrived: this.arrived,
                });
            } catch (error) {
                if (!(error instanceof Refusal)) throw error;
                this.refusal = error;
            }
            this.flow.decided(this.advice);
        }

        /** The next card, or this one with what still waits. */
        go() {
            const waiting = this.flow.waiting(this.shown);
            if (this.refusal !== null)
                return this.complain("Nothing is decided: correct one of the answers that contradict each other first.");
            if (waiting.length)
                return this.complain(
                    `Still to answer: ${waiting.map((finding) => brief(finding.ask)).join("; ")}. If nobody knows, say not known.`,
                );
            this.trail.push(this.shown);
            return this.show(this.flow.next());
        }

        complain(text) {
            const place = this.parts.card.querySelector(".pw-complaint");
            place.textContent = text;
            place.focus();
        }

        show(card) {
            this.shown = card;
            this.renderAll();
            this.renderCard();
            const heading = this.parts.card.querySelector("h2");
            if (!this.flow.begun() && !this.trail.length) return;
            heading.focus({ preventScroll: true });
            heading.scrollIntoView({ block: "start" });
        }

        /** The card on which this finding is asked, whatever was asked before. */
        reopen(name) {
            this.trail.push(this.shown);
            this.show(this.flow.cardOf([this.rules.named.get(name)]));
        }

        back() {
            this.show(this.trail.pop());
        }

        /* -- drawing -- */

        renderAll() {
            this.renderExpiry();
            this.renderStatus();
            this.renderArrival();
            this.renderAid();
            this.renderResult();
            this.renderAnswers();
            this.renderOthers();
        }

        renderExpiry() {
            if (this.root.classList.contains("pw-stopped")) return;
            const dates = this.rules.pathways
                .filter((one) => !this.fixed.length || this.fixed.includes(one.id))
                .map((one) => one.review_by);
            const last = [this.rules.data.review_by, ...dates].sort()[0];
            const now = new Date();
            const expired = written(now) > last;
            // The pages say their day as it is in Greenwich: half the world may still have the day before.
            const { made } = this.root.dataset;
            const early = written(new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)) < made;
            let said = `Must not be used after ${dated(last)}.`;
            if (early)
                said = `THE CLOCK OF THIS DEVICE IS WRONG: it says ${dated(written(now))}, and this page was made on ${dated(made)}. No time or date here can be relied on, nor whether these rules are still in date. ${said}`;
            if (expired) said = `MUST NOT BE USED: these rules were to be reviewed by ${dated(last)}, and that date is past. ${INSTEAD}`;
            if (this.parts.expiry.textContent !== said) this.parts.expiry.textContent = said;
            this.root.classList.toggle("pw-expired", expired);
            this.root.classList.toggle("pw-early", early);
        }

        /** What was understood of the time of arrival. */
        renderArrival() {
            const typed = this.arrival.value.trim();
            const now = new Date();
            let said = this.arrived === null ? "" : `Arrived ${hour(this.arrived, now)}, ${ago(this.arrived, now)}`;
            if (typed && this.arrived === null && !this.arrivalUnknown.checked)
                said = `${typed} is no time on the 24-hour clock, as 02:25: until it is, arrival is not known`;
            this.parts.arrival.textContent = said;
        }

        renderStatus() {
            const { tone, lines } = this.standing();
            const said = lines.map(([lead, text]) => el("p", {}, lead ? `${lead} ` : "", el("strong", {}, text)));
            if (this.message) said.push(el("p", { class: "pw-message" }, this.message));
            this.parts.status.dataset.tone = tone;
            // What has not changed is not read aloud again.
            if (this.parts.status.textContent !== said.map((line) => line.textContent).join("")) this.parts.status.replaceChildren(...said);
            // So high is what the bar would hide of that to which the page scrolls.
            this.root.style.setProperty("--pw-bar", `${this.root.querySelector(".pw-bar").offsetHeight}px`);
        }

        /** The lines that say where it stands, and how loud they are: `now`, `soon`, `quiet` or `none`. */
        standing() {
            if (this.refusal !== null) {
                const denied = this.rules
                    .dangerSigns()
                    .some((one) => this.flow.given[one.id] === false && this.refusal.findings.includes(one.id));
                const { id, label } = this.rules.data.urgency[this.rules.data.urgency.length - 1];
                const until = denied
                    ? `Until corrected act as ${pathways.shouted(id)}: ${label}.`
                    : "Treat as the more serious until corrected.";
                return { tone: denied ? "now" : "soon", lines: [["", `NOTHING DECIDED: two answers contradict each other. ${until}`]] };
            }
            if (this.advice === null) return { tone: "none", lines: [["", "NOT YET TRIAGED: choose the complaint"]] };
            const { tone, lines } = this.advice.standing();
            const level = this.rules.data.urgency.find((one) => one.id === tone);
            return { tone: level === undefined ? "none" : level.contact ? "now" : level.latest ? "soon" : "quiet", lines };
        }

        renderAid() {
            const texts = this.advice === null || this.advice.untriaged().length ? this.flow.firstAid() : [];
            this.parts.aid.replaceChildren(...(texts.length ? [el("h2", {}, "First aid first"), list(texts)] : []));
        }

        renderCard() {
            const card = this.shown;
            const body = { complaint: () => this.complaintCard(), group: () => this.groupCard(card), done: () => this.doneCard() }[
                card.kind
            ]();
            const back = this.trail.length ? button("Back", () => this.back()) : null;
            this.parts.card.replaceChildren(
                el("h2", { tabindex: -1 }, card.title),
                ...body,
                el("p", { class: "pw-complaint", role: "alert", tabindex: -1 }),
                el("div", { class: "pw-buttons" }, card.kind === "done" ? null : button("Continue", () => this.forward(), "main"), back),
            );
            this.renderBulk();
        }

        forward() {
            if (this.shown.kind !== "complaint") return this.go();
            const names = [...this.parts.card.querySelectorAll("input:checked")].map((input) => input.value);
            if (!names.length) return this.complain("Choose at least one complaint.");
            this.flow.names = names;
            this.decide();
            this.trail.push(this.shown);
            return this.show(this.flow.next());
        }

        complaintCard() {
            const options = this.rules.pathways.map((pathway) =>
                el(
                    "label",
                    { class: "pw-option" },
                    el("input", { type: "checkbox", value: pathway.id, checked: this.flow.names.includes(pathway.id) }),
                    el(
                        "span",
                        {},
                        el("strong", {}, pathway.title),
                        pathways.adds(pathway.title, pathway.complaint) ? el("span", { class: "pw-hint" }, pathway.complaint) : null,
                    ),
                ),
            );
            return [el("fieldset", {}, el("legend", {}, "Choose one or more"), options)];
        }

        groupCard(card) {
            const whys = card.why.slice(0, REASONS);
            const more = card.why.length - whys.length;
            return [
                whys.length
                    ? el("p", { class: "pw-hint pw-whys" }, `Why this is asked: ${whys.join("; ")}${more ? `; and ${more} more` : ""}`)
                    : null,
                ...card.findings.map((finding) => this.question(finding, card)),
                this.bulkPart(),
            ].filter((one) => one !== null);
        }

        question(finding, card) {
            const id = `try-${finding.id}`;
            const means = pathways.adds(finding.ask, finding.means) ? this.meaning(finding, `${id}-means`) : null;
            const open = !card.ifSeen.has(finding.id) && this.flow.presumes(finding);
            const notes = [
                open
                    ? el("p", { class: "pw-hint" }, "Nobody knows whether there is something to look for, so a no rules nothing out.")
                    : null,
                finding.discreet ? el("p", { class: "pw-hint" }, "For professionals: not printed, not for the family.") : null,
                card.ifSeen.has(finding.id)
                    ? el("p", { class: "pw-hint" }, "Only if somebody has seen it already; whether it could be looked for is asked later.")
                    : null,
            ];
            const field = finding.kind === "number" ? this.numberField(finding, id) : this.radios(finding, id, card);
            return el(
                "fieldset",
                { class: "pw-question", "aria-describedby": means ? `${id}-means` : false },
                el("legend", {}, finding.ask),
                means,
                ...notes,
                field,
            );
        }

        /** What a finding means; where that is long, behind a button. */
        meaning(finding, id) {
            if (finding.means.length <= LONG) return el("p", { class: "pw-hint", id }, finding.means);
            return el("details", {}, el("summary", {}, "What counts as this"), el("p", { id }, finding.means));
        }

        radios(finding, id, card) {
            const given = this.flow.given[finding.id];
            const options =
                finding.kind === "choice"
                    ? finding.values.map(([value, label]) => [value, label])
                    : finding.worse === "yes"
                      ? [
                            [true, "Present"],
                            [false, "Absent"],
                        ]
                      : [
                            [true, "Yes"],
                            [false, "No"],
                        ];
            if (card.ifSeen.has(finding.id)) options.splice(1, 1, [null, "Nobody looked yet"]);
            else if (this.flow.presumes(finding)) options.splice(1, 1, [UNKNOWN, `${options[1][1]}, or not known`]);
            else options.push([UNKNOWN, "Not known"]);
            const chosen = (value) =>
                value === UNKNOWN ? absence(given) !== null && given !== undefined : value !== null && given === value;
            return el(
                "div",
                { class: `pw-choices${finding.kind === "yes_no" ? " pw-short" : ""}` },
                options.map(([value, label]) =>
                    el(
                        "label",
                        { class: "pw-choice" },
                        el("input", {
                            type: "radio",
                            name: id,
                            autocomplete: "off",
                            checked: chosen(value),
                            change: () => this.answer({ [finding.id]: value }),
                        }),
                        el("span", {}, label),
                    ),
                ),
            );
        }

        numberField(finding, id) {
            const said = this.flow.typed[finding.id] || { text: "", unit: "" };
            const text = el("input", {
                id,
                type: "text",
                inputmode: "decimal",
                autocomplete: "off",
                size: 7,
                value: said.text,
                "aria-label": finding.ask,
                "aria-describedby": `${id}-said`,
            });
            const units = unitsOf(finding);
            const unit = units.length
                ? el(
                      "select",
                      { autocomplete: "off", "aria-label": `unit of: ${finding.ask}` },
                      [["", "unit?"], ...units].map(([value, name]) => el("option", { value, selected: value === said.unit }, name)),
                  )
                : null;
            const unknown = el("input", {
                type: "checkbox",
                autocomplete: "off",
                checked: absence(this.flow.given[finding.id]) === "asked-unknown",
            });
            const echo = el("p", { class: "pw-echo", id: `${id}-said`, role: "status" });
            const known = this.flow.given[finding.id];
            if (known !== undefined && absence(known) === null) echo.textContent = say(finding, known);
            const change = () => {
                if (unknown.checked) text.value = "";
                const read = unknown.checked
                    ? { value: UNKNOWN }
                    : text.value.trim()
                      ? entered(finding, text.value, unit ? unit.value : "")
                      : { value: null };
                echo.textContent = read.ask || (read.value === null || read.value === UNKNOWN ? "" : say(finding, read.value));
                this.flow.typed[finding.id] = { text: text.value, unit: unit ? unit.value : "" };
                this.answer({ [finding.id]: read.ask ? null : read.value });
            };
            unknown.addEventListener("change", change);
            text.addEventListener("input", () => {
                unknown.checked = false;
            });
            for (const field of [text, unit]) if (field) field.addEventListener("change", change);
            const after = unit || (finding.unit_text ? el("span", {}, finding.unit_text) : null);
            return el(
                "div",
                { class: "pw-number" },
                text,
                after,
                el("label", { class: "pw-choice" }, unknown, el("span", {}, "Not known")),
                echo,
            );
        }

        /** "None of these" and "the rest is not known": made once a card, so that a press which ends the typing of a number counts. */
        bulkPart() {
            const none = button("", () => this.bulk(this.denials()));
            const records = el("p", { class: "pw-hint" });
            const rest = button("", () => this.bulk(this.flow.waiting(this.shown).map((finding) => [finding.id, UNKNOWN])));
            const denial = el("div", { class: "pw-none" }, none, records);
            this.bulkParts = { card: this.shown, denial, none, records, rest };
            return el("div", { "data-part": "bulk" }, denial, rest);
        }

        /** What "none of these" records: what waits, if all of it is absent or present; nothing where something else waits too. */
        denials() {
            const waiting = this.flow.waiting(this.shown);
            const deniable = waiting.filter((finding) => finding.kind === "yes_no" && finding.worse === "yes");
            if (deniable.length < 2 || deniable.length < waiting.length) return [];
            return deniable.map((finding) => [finding.id, this.flow.presumes(finding) ? UNKNOWN : false]);
        }

        bulk(answers) {
            this.answer(Object.fromEntries(answers));
            this.renderCard();
            this.go();
        }

        /** Says what the two would record now. */
        renderBulk() {
            if (!this.bulkParts || this.bulkParts.card !== this.shown) return;
            const { denial, none, records, rest } = this.bulkParts;
            const waiting = this.flow.waiting(this.shown);
            const all = waiting.length === this.shown.findings.length;
            const denials = this.denials();
            const named = (value) =>
                denials
                    .filter(([, one]) => one === value)
                    .map(([name]) => brief(this.rules.named.get(name).ask))
                    .join("; ");
            const said = [
                [named(false), "records as absent"],
                [named(UNKNOWN), "records as not known, since nobody knows whether there is something to look for"],
            ];
            denial.hidden = !denials.length;
            none.textContent = `None of ${all ? "these" : "the others"}`;
            records.textContent = said
                .filter(([names]) => names)
                .map(([names, as]) => `${as}: ${names}`)
                .join(". ");
            rest.hidden = waiting.length < 2;
            rest.textContent = `The ${all ? "" : "other "}${waiting.length} are not known`;
        }

        doneCard() {
            const optional = this.advice !== null && this.advice.decision.optional.length > 0;
            return [
                el(
                    "p",
                    {},
                    this.advice !== null && this.advice.decision.status === "open"
                        ? "All that can be asked was asked; what is not known stays open."
                        : "Urgency and calls are fixed by these answers.",
                ),
                optional
                    ? button("Ask what could still change actions or advice", () => {
                          this.trail.push(this.shown);
                          this.show(this.flow.further());
                      })
                    : null,
            ].filter((one) => one !== null);
        }

        renderResult() {
            this.renderBulk();
            if (this.refusal !== null) return this.parts.result.replaceChildren(...this.conflict());
            if (this.advice === null)
                return this.parts.result.replaceChildren(el("p", {}, "Nothing is decided before the complaint is chosen."));
            const { advice } = this;
            const waiting = advice.untriaged();
            const calls = advice.calls();
            const possible = waiting.length ? [] : advice.possible();
            const discreet = waiting.length ? [] : advice.discreet();
            const why = waiting.length ? [] : advice.why();
            const feared = waiting.length ? [] : advice.feared();
            const toDo = listed("Do now", advice.actions(), "ol");
            const toCall = listed("Whom to call, by when", calls.certain);
            return this.parts.result.replaceChildren(
                ...[
                    waiting.length ? el("p", {}, "Nothing is decided before the danger signs are answered.") : null,
                    ...(advice.callsNow() ? [toCall, toDo] : [toDo, toCall]),
                    listed("Suspected cancer: its own route, whatever the urgency", waiting.length ? [] : calls.cancer),
                    listed("Advice", advice.advice()),
                    listed("Follow-up", advice.followUp()),
                    listed("Answered, and read by no rule that applies here: judge it yourself", advice.unread()),
                    why.length ? section("Why", list(why.map((reason) => reason.text))) : null,
                    listed("Still open", waiting.length ? [] : advice.open()),
                    listed("Not examined, not known", advice.notKnown()),
                    feared.length
                        ? el(
                              "details",
                              {},
                              el("summary", {}, `Not excluded: ${pathways.shouted(advice.highest)}, if any of ${feared.length}`),
                              list(feared),
                          )
                        : null,
                    possible.length
                        ? el("details", {}, el("summary", {}, `Only possible so far: ${advice.possiblySaid()}`), list(possible))
                        : null,
                    discreet.length
                        ? el(
                              "details",
                              { class: "pw-discreet" },
                              el("summary", {}, `For professionals only: not for the family, not printed (${discreet.length})`),
                              list(discreet),
                          )
                        : null,
                    discreet.length
                        ? el("p", { class: "pw-only-print" }, `${discreet.length} lines for professionals only are not printed.`)
                        : null,
                    this.flow.begun() ? el("p", {}, el("strong", {}, advice.again())) : null,
                    this.flow.begun() ? el("p", { class: "pw-only-print" }, `Decided on ${dated(written(this.decided))}.`) : null,
                    ...advice.decision.notices
                        .filter((notice) => notice !== this.rules.data.notice)
                        .map((notice) => el("p", { class: "pw-notice" }, notice)),
                ].filter((one) => one !== null),
            );
        }

        conflict() {
            const { findings, why } = this.refusal;
            const said = findings.map((name) => say(this.rules.named.get(name), this.flow.given[name]));
            return [
                el("h3", {}, "These answers cannot be true together"),
                list(said),
                el("p", {}, why.join("; ")),
                el(
                    "div",
                    { class: "pw-buttons" },
                    findings.map((name, n) =>
                        button(`Change: ${said[n]}`, () => {
                            this.flow.take(name);
                            this.decide();
                            this.reopen(name);
                        }),
                    ),
                ),
            ];
        }

        renderAnswers() {
            const given = this.flow.given;
            const names = Object.keys(given).filter((name) => given[name] !== null);
            const rows = names.map((name) => {
                const finding = this.rules.named.get(name);
                return el(
                    "li",
                    { class: finding.discreet ? "pw-discreet" : false },
                    `${say(finding, given[name])} `,
                    el(
                        "button",
                        {
                            type: "button",
                            class: "pw-change",
                            click: () => this.reopen(name),
                            "aria-label": `change: ${say(finding, given[name])}`,
                        },
                        "change",
                    ),
                );
            });
            const arrived =
                this.arrived === null
                    ? "arrival not known"
                    : `arrived ${clock(this.arrived)}${this.decided - this.arrived < MINUTE ? "" : `, ${ago(this.arrived, this.decided)}`}`;
            this.parts.answers.replaceChildren(
                ...(names.length
                    ? [
                          el("h2", {}, `Answers (${names.length})`),
                          el("p", { class: "pw-hint" }, arrived),
                          el("ul", { class: "pw-answers" }, rows),
                      ]
                    : []),
            );
        }

        renderOthers() {
            const groups = this.flow.groups();
            const complaint = this.fixed.length
                ? null
                : el(
                      "li",
                      {},
                      button("The complaint", () => {
                          this.trail.push(this.shown);
                          this.show(this.flow.complaint());
                      }),
                  );
            const rows = groups.map(([title, findings]) =>
                el(
                    "li",
                    {},
                    button(title, () => {
                        this.trail.push(this.shown);
                        this.show(this.flow.cardOf(findings));
                    }),
                ),
            );
            const open = this.parts.others.querySelector("details");
            this.parts.others.replaceChildren(
                ...(rows.length
                    ? [
                          el(
                              "details",
                              { open: open !== null && open.open },
                              el("summary", {}, "Ask something else"),
                              el("ul", {}, complaint, rows),
                          ),
                      ]
                    : []),
            );
        }
    }

    function start() {
        const root = document.getElementById("pw-try");
        if (root === null) return;
        if (location.protocol === "file:") {
            // There is no server that finds the page of a folder.
            for (const link of root.querySelectorAll("a[href$='/']")) link.setAttribute("href", `${link.getAttribute("href")}index.html`);
        }
        const data = globalThis.PATHWAYS;
        if (data === undefined) return stop(root, "its rules have not been loaded.");
        if (root.dataset.rules !== `${data.digest} ${data.approval}`)
            return stop(root, "this page and its rules are of different versions. Load it again.");
        pathways.page = new Page(root, new pathways.Rules(data));
        if (location.protocol.startsWith("http")) offline(root);
    }

    /** Kept for when there is no network; a copy with other rules takes over at the next opening. */
    function offline(root) {
        document.head.append(el("link", { rel: "manifest", href: root.dataset.manifest }));
        if (!("serviceWorker" in navigator)) return;
        const said = root.querySelector("[data-part=offline]");
        navigator.serviceWorker
            .register(root.dataset.worker)
            .then(() => navigator.serviceWorker.ready)
            .then(() => {
                said.textContent = "Kept on this device: works without a network.";
            })
            .catch(() => {
                said.textContent = "Not kept on this device: needs the network.";
            });
    }

    start();
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
