/* A decision in words: where it stands in three lines, what to do, whom to call by which clock time, why, what is open.

   `reports` does the same in Python. Knows nothing of a page: everything is text. */
(function (pathways) {
    "use strict";

    const { MINUTE, absence, ago, clock, day, duration, hour, later, readsAny, say, span } = pathways;

    const CALL_NOW = "CALL NOW";
    const CANCER = "suspected_cancer"; // the level whose referrals keep a line of their own, whatever the urgency
    const BASIS = { source: "agreed table", evidence: "published evidence", interpretation: "our interpretation" };
    const DAY = 24 * 60 * MINUTE;
    const LONG_AGO = 6 * 60 * MINUTE; // an arrival that is further back is said so
    const SHOWN = 6; // titles that are named before the rest is counted

    /** A level as it is shouted: `WITHIN 1 HOUR`. */
    const shouted = (id) => id.toUpperCase().replaceAll("_", " ");

    /** What a page says of one decision: `reached` is its working, `when` has `decided` and `arrived` (null where nobody knows). */
    class Advice {
        constructor(reached, when) {
            this.reached = reached;
            this.rules = reached.rules;
            this.given = reached.given;
            this.decision = reached.decision();
            this.when = when;
            this.levels = this.rules.data.urgency;
            this.ranks = new Map(this.levels.map((level, rank) => [level.id, rank]));
            this.itemsById = new Map(this.rules.data.items.map((item) => [item.id, item]));
            this.lowest = this.decision.urgency.lowest;
            this.highest = this.decision.urgency.highest;
        }

        /* -- where it stands -- */

        /** The danger signs that nobody has answered yet; none where the highest level is certain without them. */
        untriaged() {
            const { status, covered } = this.decision;
            if (status === "not_covered" || (covered && this.lowest === this.levels[this.levels.length - 1].id)) return [];
            const told = (finding) => finding.id in this.given && absence(this.given[finding.id]) !== "not-asked";
            return this.rules.dangerSigns().filter((finding) => !told(finding));
        }

        level(id) {
            return this.levels[this.ranks.get(id)];
        }

        /** Whether anything worrying was answered yes, or could not be assessed: before that nobody is told to act as the worst. */
        raised() {
            if (this.lowest !== null && this.level(this.lowest).latest !== null && this.decision.covered) return true;
            const loud = [...this.reached.sure, ...this.reached.unsure].filter(
                (posed) => posed.rank >= 0 && this.levels[posed.rank].contact,
            );
            const cubes = loud.flatMap((posed) => posed.cubes);
            const gates = new Set(this.rules.findings.flatMap((finding) => finding.gates));
            return Object.entries(this.given).some(([name, value]) => {
                const finding = this.rules.named.get(name);
                if (finding.kind !== "yes_no" || absence(value) === "not-asked") return false;
                if (absence(value) !== null) return true;
                if (value === false) return finding.worse === "no" && gates.has(name);
                return finding.worse === "yes" && cubes.some((cube) => readsAny(cube, new Set([finding.at])));
            });
        }

        /** The three lines, as (lead, text); one line where there is no level. `tone` is a level's id, or what there is instead. */
        standing() {
            const waiting = this.untriaged();
            if (waiting.length)
                return { tone: "untriaged", lines: [["", `NOT YET TRIAGED: danger signs first (${waiting.length} to go)`]] };
            if (this.highest === null) {
                return {
                    tone: "not-covered",
                    lines: [["", "NOT COVERED: none of these pathways is for this patient; no urgency is given"]],
                };
            }
            const fixed = this.lowest === this.highest && this.decision.covered;
            const { label } = this.level(this.highest);
            if (fixed) {
                const still = this.decision.status === "open" ? " Whom to call, or by when, is still open." : "";
                const lines = [
                    ["Certain:", shouted(this.lowest)],
                    ["Not excluded:", `nothing more urgent.${still}`],
                ];
                return { tone: this.highest, lines: [...lines, ["Act as", `${shouted(this.highest)}: ${label}`]] };
            }
            const quiet =
                this.lowest !== this.highest && this.level(this.lowest).latest === null && this.level(this.highest).contact !== null;
            const certain = this.decision.covered
                ? ["Certain so far:", quiet ? "nothing yet" : shouted(this.lowest)]
                : ["", "This patient may not be covered by these pathways: no level is certain."];
            const open = ["Not excluded:", `${shouted(this.highest)}, if any of: ${this.anyOf()}`];
            if (!this.raised()) return { tone: "open", lines: [certain, open, ["", "Not cleared until these are answered: go on."]] };
            return {
                tone: this.highest,
                lines: [certain, open, ["Act as", `${shouted(this.highest)} until these are answered: ${label}`]],
            };
        }

        /** The titles of the rules of the highest level that may hold; never empty. */
        anyOf() {
            const reasons = this.decision.reasons.filter((reason) => reason.certainty === "possible" && reason.urgency === this.highest);
            const titles = titlesOf(reasons);
            const more = titles.length - Math.min(titles.length, SHOWN) + reasons.filter((reason) => reason.discreet).length;
            if (!titles.length) return more ? "what stands under “for professionals”" : "what is still to be asked";
            return titles.slice(0, SHOWN).join("; ") + (more ? `; and ${more} more` : "");
        }

        /** All titles of the rules of the highest level that may hold, where that level is not certain; `anyOf` names the first of them. */
        feared() {
            if (this.lowest === this.highest && this.decision.covered) return [];
            return titlesOf(this.decision.reasons.filter((reason) => reason.certainty === "possible" && reason.urgency === this.highest));
        }

        /* -- what to do -- */

        /** What is certainly to be done, first aid at its place in the clinical order; first aid that may still be needed last. */
        actions() {
            const { actions, status } = this.decision;
            const place = new Map(this.rules.data.items.map((item, at) => [item.id, at]));
            let certain = actions.filter((item) => item.certainty === "certain" && !item.discreet);
            const unsure = [];
            for (const [id, text] of this.untriaged().length ? [] : this.rules.firstAid(this.reached.asked.names)) {
                const found = actions.find((item) => item.id === id);
                if (found === undefined && (status !== "open" || this.givenByARule(id))) continue;
                if (found === undefined || found.certainty !== "certain") {
                    unsure.push({ ...(found || { id, text, discreet: false }), certainty: "certain" });
                    continue;
                }
                certain = certain.filter((item) => item.id !== id);
                const after = certain.findIndex((item) => place.get(item.id) > place.get(id));
                certain.splice(after < 0 ? certain.length : after, 0, found);
            }
            return texts([...certain, ...unsure]);
        }

        givenByARule(id) {
            const at = this.rules.data.items.findIndex((item) => item.id === id);
            return this.rules.pathways.some((pathway) => pathway.rules.some((rule) => rule.then !== null && rule.then.items.includes(at)));
        }

        advice() {
            return texts(this.decision.advice);
        }

        followUp() {
            return texts(this.decision.follow_up);
        }

        /** What is only possible: calls, then the rest by kind; without the first aid that stands among what to do. */
        possible() {
            const items = [...this.decision.actions, ...this.decision.advice, ...this.decision.follow_up];
            const aid = new Set(this.actions());
            const further = items
                .filter((item) => item.certainty === "possible" && !item.discreet && !aid.has(item.text))
                .map((item) => item.text);
            return [...new Set([...this.calls().possible, ...further])];
        }

        /** The same in a few words: whom it may concern, and how much. */
        possiblySaid() {
            const names = this.decision.referrals.filter((one) => one.certainty === "possible" && !one.discreet).map((one) => one.name);
            const further = this.possible().length - this.calls().possible.length;
            return [names.length ? `calls to ${[...new Set(names)].join(", ")}` : "", further > 0 ? `${further} actions and advice` : ""]
                .filter(Boolean)
                .join("; ");
        }

        /** Whether somebody is certainly called at once: then that stands before everything else. */
        callsNow() {
            return this.decision.referrals.some((one) => one.certainty === "certain" && one.contact === "now" && !one.discreet);
        }

        /** What is for professionals only: rules, services and items. */
        discreet() {
            const { reasons, actions, advice, follow_up: followUp } = this.decision;
            const marked = (certainty, text) => (certainty === "certain" ? text : `possibly: ${text}`);
            return [
                ...[...actions, ...advice, ...followUp].filter((item) => item.discreet).map((item) => marked(item.certainty, item.text)),
                ...this.calls().discreet,
                ...reasons.filter((reason) => reason.discreet).map((reason) => marked(reason.certainty, `why: ${reason.title}`)),
            ];
        }

        /* -- whom to call -- */

        /** Every referral in exactly one of four lists. */
        calls() {
            const found = { certain: [], possible: [], cancer: [], discreet: [] };
            const cancer = this.cancerServices();
            for (const referral of merged(this.decision.referrals)) {
                const text = led(referral.condition || "", this.said(referral));
                const sure = referral.certainty === "certain";
                if (referral.discreet) found.discreet.push(sure ? text : `possibly: ${text}`);
                else if (cancer.has(referral.service)) found.cancer.push(sure ? text : `possibly: ${text}`);
                else found[sure ? "certain" : "possible"].push(text);
            }
            return found;
        }

        said(referral) {
            const name = referral.name + (/\d/.test(referral.name) ? "" : ", via switchboard");
            if (referral.window) return `${referral.contact ? "CALL NOW, then " : ""}${referral.name}: ${this.window(referral.window)}`;
            const limits = this.limits(referral).join("; ");
            const wait = referral.contact === null && referral.certainty === "certain" ? this.firstAidBefore(referral) : null;
            if (wait !== null) {
                const at = hour(later(this.when.decided, wait), this.when.decided);
                return `Call ${name} at ${at} if it has not stopped by then; seen, or with a plan, ${limits}`;
            }
            if (referral.contact === "now") {
                const atOnce = referral.within === "now" && [null, "now"].includes(referral.certain_within);
                return `${this.now(referral)}: ${name}${atOnce ? "" : `; seen, or with a plan, ${limits}`}`;
            }
            const length = duration(referral.within);
            return length !== null && length <= DAY ? `Call ${name}, ${limits}` : `Refer to ${referral.name} ${limits}`;
        }

        /** How long the certain first aid takes that may come before a call to this service. */
        firstAidBefore(referral) {
            const minutes = this.decision.actions
                .filter(
                    (item) =>
                        item.certainty === "certain" && item.repeat_after && this.itemsById.get(item.id).before_call === referral.service,
                )
                .map((item) => item.repeat_after);
            return minutes.length ? Math.min(...minutes) * MINUTE : null;
        }

        /** `CALL NOW`; with the reservation where no certain rule says so, and first aid before the call is certain. */
        now(referral) {
            if (referral.certainty !== "certain" || this.firstAidBefore(referral) === null) return CALL_NOW;
            const { slots } = this.rules.data;
            const says = this.reached.sure.some((posed) =>
                posed.rows.some((row) => row.contact && slots[row.slot].service === referral.service),
            );
            return says || this.decision.status !== "open" ? CALL_NOW : `${CALL_NOW}, unless the open questions let first aid come first`;
        }

        limits(referral) {
            if (referral.within === null) return [];
            const first = this.limit(referral.within);
            if (referral.certain_within === null || referral.certain_within === referral.within) return [first];
            return [first, `if nothing more urgent turns out, ${this.limit(referral.certain_within)}`];
        }

        limit(limit) {
            const length = duration(limit);
            if (length === null) return this.rules.data.limits.find((one) => one.id === limit).label;
            if (!length) return "at once";
            const end = later(this.when.arrived || this.when.decided, length);
            if (length > DAY) return `by ${day(end)}`;
            return `by ${hour(end, this.when.decided)} (${this.since()})${end < this.when.decided ? " - that time is past" : ""}`;
        }

        /** What the limits count from. */
        since() {
            const { arrived, decided } = this.when;
            if (arrived === null) return `counted from ${clock(decided)}, arrival not known`;
            return `arrived ${hour(arrived, decided)}${decided - arrived > LONG_AGO ? `, ${ago(arrived, decided)}` : ""}`;
        }

        window(window) {
            const [first, last] = [duration(window.not_before), duration(window.not_after)];
            const event = window.from.replaceAll("_", " ");
            const since = this.given[`days_since_${window.from}`];
            const days = `day ${first / DAY} to ${last / DAY} from the ${event}`;
            if (typeof since !== "string" || absence(since) !== null) return `on ${days}; write down its date (not given)`;
            const now = this.when.decided;
            const begin = later(now, -Number(since) * DAY);
            return `${dates(later(begin, first), later(begin, last), now)}, ${days}`;
        }

        cancerServices() {
            const posed = this.reached.asked.posed;
            const isCancer = (one) => one.rank >= 0 && this.levels[one.rank].id === CANCER;
            const services = (some) => new Set(some.flatMap((one) => one.rows.map((row) => this.rules.data.slots[row.slot].service)));
            const own = services([...this.reached.sure, ...this.reached.unsure].filter(isCancer));
            const others = services(posed.filter((one) => !isCancer(one)));
            const alone = [...own].filter((service) => !others.has(service));
            return alone.length ? new Set(alone) : own;
        }

        /* -- why, what is open, when again -- */

        why() {
            return this.decision.reasons
                .filter((reason) => reason.certainty === "certain" && !reason.discreet)
                .map((reason) => {
                    const outcome = reason.handover ? `adds ${reason.handover}` : shouted(reason.urgency);
                    const from = BASIS[reason.basis] + (reason.sources.length ? `: ${reason.sources.join(", ")}` : "");
                    const narrows = reason.narrows.length ? `; narrows ${reason.narrows.join(", ")}` : "";
                    return { ...reason, text: `${reason.title} (${outcome}; ${from}${narrows})` };
                });
        }

        open() {
            const asked =
                this.decision.status === "open"
                    ? this.decision.next.filter((question) => !question.discreet).map((question) => question.ask)
                    : [];
            return [...asked, ...this.decision.maybe_not_covered.map((name) => `whether ${this.title(name)} is for this patient at all`)];
        }

        title(pathway) {
            return this.rules.pathways.find((one) => one.id === pathway).title;
        }

        /** What could not be examined, or is not known. */
        notKnown() {
            const gates = new Set(this.rules.findings.flatMap((finding) => finding.gates));
            return Object.entries(this.given)
                .sort(([one], [other]) => (one < other ? -1 : 1))
                .map(([name, value]) => [this.rules.named.get(name), value])
                .filter(([finding]) => !finding.discreet)
                .flatMap(([finding, value]) => {
                    if (![null, "not-asked"].includes(absence(value))) return [say(finding, value)];
                    return value === false && finding.worse === "no" && gates.has(finding.id)
                        ? [`NOT EXAMINED - ${say(finding, value)}`]
                        : [];
                });
        }

        /** Worrying answers that no rule reads which holds or may hold here. */
        unread() {
            return this.decision.unread
                .map((name) => this.rules.named.get(name))
                .filter((finding) => !finding.discreet)
                .map((finding) => finding.ask);
        }

        /** When to decide again: the earliest times that the certain items name, and on any change. */
        again() {
            const times = new Map();
            for (const item of [...this.decision.actions, ...this.decision.advice]) {
                if (item.certainty === "certain" && item.repeat_after)
                    times.set(item.repeat_after, [...(times.get(item.repeat_after) || []), item.id.replaceAll("_", " ")]);
            }
            const { decided } = this.when;
            const parts = [...times]
                .sort((a, b) => a[0] - b[0])
                .map(
                    ([minutes, names]) => `at ${hour(later(decided, minutes * MINUTE), decided)} (${minutes} minutes: ${names.join(", ")})`,
                );
            return `Decided ${clock(decided)}. Decide again ${[...parts, parts.length ? "or on any change" : "on any change"].join(", ")}.`;
        }
    }

    /** The titles that everybody may read, each once. */
    const titlesOf = (reasons) => [...new Set(reasons.filter((reason) => !reason.discreet).map((reason) => reason.title))];

    /** The text, led by the condition on which it depends. */
    const led = (condition, text) => (condition ? `${condition[0].toUpperCase()}${condition.slice(1)}: ${text}` : text);

    /** The certain items that everybody may read; what differs only in its condition once, led by all of them. */
    function texts(items) {
        const found = new Map();
        for (const item of items) {
            if (item.certainty !== "certain" || item.discreet) continue;
            const text = item.condition ? item.text.slice(item.condition.length + 2) : item.text;
            found.set(text, [...(found.get(text) || []), item.condition || ""]);
        }
        return [...found].map(([text, conditions]) => led(conditions.includes("") ? "" : conditions.join(", or "), text));
    }

    /** The referrals, those without a condition first; what differs only in its condition once, led by all of them. */
    function merged(referrals) {
        const found = new Map();
        for (const referral of referrals) {
            const key = JSON.stringify({ ...referral, condition: "" });
            if (!found.has(key)) found.set(key, { ...referral, conditions: [] });
            found.get(key).conditions.push(referral.condition || "");
        }
        const whole = [...found.values()].map((one) => ({
            ...one,
            condition: one.conditions.includes("") ? "" : one.conditions.join(", or "),
        }));
        return [...whole.filter((one) => !one.condition), ...whole.filter((one) => one.condition)];
    }

    function dates(first, last, now) {
        const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
        if (midnight(last) < midnight(now)) return `${span(first, last)} - that is past`;
        if (last < now) return `${span(first, last)} - over, unless the clinic still runs today`;
        if (midnight(first) >= midnight(now)) return span(first, last);
        return midnight(last) <= midnight(now) ? `today, ${day(now)}` : `today or until ${day(last)}`;
    }

    Object.assign(pathways, { Advice, shouted });
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
