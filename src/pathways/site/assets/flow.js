/* What is asked next: danger signs, then age and vital signs, then what the rules ask; the rest of a list, the end.

   `interview` does the same in Python. Holds the answers of one patient, and nothing of a page. */
(function (pathways) {
    "use strict";

    const { absence, alone, propagate } = pathways;

    const UNABLE = { unknown: "unable-to-assess" };
    const UNKNOWN = { unknown: "asked-unknown" };
    const VITALS = ["/min", "s", "mm[Hg]"]; // pulse, refill, pressure
    const DENIED = "what was measured does not go with this, unless a danger sign is present that was denied";
    const FILLERS = new Set("a an the of or and is it in by to at any this that".split(" "));

    /** Whether the further text says more than the text. */
    function adds(text, further) {
        const bare = (one) =>
            one
                .toLowerCase()
                .replace(/[^a-z0-9 ]/g, "")
                .split(/\s+/)
                .filter(Boolean);
        const said = new Set([...bare(text), ...FILLERS]);
        return bare(further).some((word) => !said.has(word));
    }

    /** One patient's answers, and the cards on which they are asked: `kind`, `title`, `findings`, `why`, `ifSeen`. */
    class Flow {
        constructor(rules, names) {
            this.rules = rules;
            this.names = names;
            this.told = {}; // what somebody answered
            this.given = {}; // and what follows from it
            this.typed = {}; // numbers as they were typed, to be shown again
            this.advice = null;
            this.settled = []; // what nobody was asked, and a denied danger sign would settle
            this.formed = new Set(); // age, vital signs and what is asked beside them
            this.again = false; // whether danger signs that nobody knew were asked once more
            this.optional = false;
        }

        answered() {
            return Object.values(this.given).some((value) => absence(value) !== "not-asked");
        }

        begun() {
            return this.answered() || Object.values(this.typed).some(({ text }) => text);
        }

        decided(advice) {
            this.advice = advice;
            this.settled = advice === null ? [] : this.settledByDenial();
        }

        /** What would be taken for absent without being asked, because a danger sign was denied and something was measured: no blood, since
        the pulse is fast and shock was denied. The denial may be what is wrong, so it is asked. */
        settledByDenial() {
            const signs = new Set(this.rules.dangerSigns().map((finding) => finding.id));
            const boxWithout = (left) => {
                const box = this.rules.read(Object.fromEntries(Object.entries(this.given).filter(([name]) => !left(name))));
                return propagate(box, this.rules.clauses) === null ? null : box;
            };
            const undenied = boxWithout((name) => signs.has(name) && this.given[name] === false);
            const unmeasured = boxWithout((name) => this.rules.named.get(name).kind === "number");
            if (undenied === null || unmeasured === null) return [];
            const { box } = this.advice.reached;
            const read = this.read();
            const found = this.rules.findings.filter(
                ({ at, id, kind, worse }) =>
                    kind === "yes_no" &&
                    worse === "yes" &&
                    read.has(id) &&
                    !signs.has(id) &&
                    !(id in this.given) &&
                    alone(box[at]) &&
                    !alone(undenied[at]) &&
                    !alone(unmeasured[at]),
            );
            return found.sort((a, b) => this.rules.groupOrder.get(a.group) - this.rules.groupOrder.get(b.group));
        }

        firstAid() {
            return [...this.rules.firstAid(this.names).values()];
        }

        asked() {
            return this.rules.ask(this.names);
        }

        /** The findings that the pathways read which were asked for, or were certainly added. */
        read() {
            const added =
                this.advice === null
                    ? []
                    : this.advice.decision.reasons.filter((one) => one.handover && one.certainty === "certain").map((one) => one.handover);
            return new Set([...this.names, ...added].flatMap((name) => this.rules.pathways.find((one) => one.id === name).findings));
        }

        /* -- answers -- */

        /** Takes answers; null takes one back. */
        give(answers) {
            for (const [name, value] of Object.entries(answers)) {
                if (value === null) delete this.told[name];
                else this.told[name] = value;
            }
            this.drop(Object.keys(answers));
            this.given = this.all();
        }

        take(name) {
            delete this.typed[name];
            this.give({ [name]: null });
        }

        /** What cannot be looked for because of a yes: an eye that is swollen shut hides how it moves. */
        hidden() {
            const { askable } = this.asked();
            const there = Object.keys(this.told).filter((name) => this.told[name] === true);
            const others = there.flatMap((name) => this.rules.named.get(name).hides);
            return Object.fromEntries(others.filter((name) => askable.has(this.rules.named.get(name).at)).map((name) => [name, UNABLE]));
        }

        /** What was measured needs not be asked: it is yes once every number that says so is known. */
        measured() {
            const { askable } = this.asked();
            const known = (name) => absence(this.told[name]) === null;
            const found = this.rules.findings.filter(
                (one) => one.measured_by.length && one.measured_by.every(known) && askable.has(one.at),
            );
            return Object.fromEntries(found.map((finding) => [finding.id, true]));
        }

        all() {
            return { ...this.hidden(), ...this.told, ...this.measured() };
        }

        /** Drops what stood on these answers: a "no" where nobody knows any more whether there was something to deny, and a "not known"
        where it may be known now. */
        drop(changed) {
            for (const finding of this.rules.findings) {
                const { id, gates } = finding;
                if (!(id in this.told) || changed.includes(id) || !gates.some((gate) => changed.includes(gate))) continue;
                const known = gates.some((gate) => changed.includes(gate) && absence(this.told[gate]) === null);
                const gone =
                    this.told[id] === false ? this.presumes(finding, this.all()) : known && absence(this.told[id]) === UNKNOWN.unknown;
                if (gone) delete this.told[id];
            }
        }

        /** Whether a "no" would say more than no: that an examination was done, or that there is an object, of which nobody has said so. */
        presumes(finding, given = this.given) {
            if (finding.kind !== "yes_no" || !finding.gated) return false;
            // A worrying "no" may say so where that only adds a yes: an object that does not stay put is one that is there.
            if (finding.worse === "no" && finding.gates.every((gate) => this.rules.named.get(gate).kind === "yes_no")) return false;
            const others = { ...given };
            delete others[finding.id];
            const box = this.rules.read(others);
            return propagate(box, this.rules.clauses) !== null && (box[finding.at] & finding.notApplicable) !== 0;
        }

        /** Whether everything on which it depends was asked, so that a "no" can be recorded as not known. */
        gatesAsked(finding) {
            return finding.gates.every((gate) => gate in this.given);
        }

        /** The findings of a card that wait for an answer: without those that follow from the others, or are only said if seen. */
        waiting(card) {
            if (card.kind !== "group") return [];
            return card.findings.filter(
                (finding) => !card.ifSeen.has(finding.id) && !(finding.id in this.given) && this.choosable(finding),
            );
        }

        choosable(finding) {
            // A vital sign is asked also where an answer settles its cells: what is measured then contradicts that answer.
            return (
                this.advice === null ||
                !alone(this.advice.reached.box[finding.at]) ||
                VITALS.includes(finding.unit) ||
                this.settled.includes(finding)
            );
        }

        /* -- cards -- */

        first() {
            return this.names.length ? this.next() : this.complaint();
        }

        complaint() {
            return { kind: "complaint", title: "What does the patient come with?", findings: [], why: [], ifSeen: new Set() };
        }

        next() {
            const { decision } = this.advice;
            const questions = decision.next.length || !this.optional ? decision.next : decision.optional;
            const untriaged = this.advice.untriaged();
            if (!untriaged.length && questions.length) {
                const form = this.form();
                for (const finding of form) this.formed.add(finding.id);
                if (form.length) return this.card(this.titleOf(form[0]), form);
            }
            if (this.settled.length)
                return this.card(
                    this.titleOf(this.settled[0]),
                    this.settled.filter(({ group }) => group === this.settled[0].group),
                    [DENIED],
                );
            if (questions.length) return this.asking(questions, untriaged.length > 0);
            const unknown = this.rules.dangerSigns().filter((finding) => absence(this.given[finding.id]) === "asked-unknown");
            if (unknown.length && !this.again) {
                this.again = true;
                for (const finding of unknown) this.take(finding.id);
                return this.card("Danger signs that were not known: any of these now?", unknown);
            }
            return { kind: "done", title: "Nothing more needs asking", findings: [], why: [], ifSeen: new Set() };
        }

        /** What could still change actions or advice. */
        further() {
            this.optional = true;
            return this.next();
        }

        asking(questions, quiet) {
            const findings = questions.map((question) => this.rules.named.get(question.finding));
            const why = quiet ? [] : [...new Set(questions.filter((question) => !question.discreet).map((question) => this.why(question)))];
            const ifSeen = questions.filter((question) => question.if_seen).map((question) => question.finding);
            return this.card(this.titleOf(findings[0]), findings, why, new Set(ifSeen));
        }

        /** The reason of a question with its level as it is shouted: `not excluded: sight at risk (IMMEDIATE)`. */
        why({ why }) {
            const level = this.rules.data.urgency.find(({ id }) => why.endsWith(` (${id})`));
            return level === undefined ? why : `${why.slice(0, -level.id.length - 2)}(${pathways.shouted(level.id)})`;
        }

        card(title, findings, why = [], ifSeen = new Set()) {
            return { kind: "group", title, findings, why, ifSeen };
        }

        cardOf(findings) {
            const ifSeen = findings.filter((finding) => this.presumes(finding) && !this.gatesAsked(finding)).map((finding) => finding.id);
            return this.card(this.titleOf(findings[0]), findings, [], new Set(ifSeen));
        }

        titleOf(finding) {
            return this.rules.data.groups.find((group) => group.id === finding.group).ask;
        }

        /** Age first, then the choices and numbers of its group that the pathways read, then vital signs where they count; each once. */
        form() {
            const { findings } = this.rules;
            const age = findings.find((finding) => finding.unit === "a");
            if (age === undefined) return [];
            const read = this.read();
            const found = findings.filter((finding) => read.has(finding.id) && finding.group === age.group && finding.kind !== "yes_no");
            found.sort((a, b) => (a.unit !== "a") - (b.unit !== "a") || (a.kind !== "choice") - (b.kind !== "choice"));
            const vitals = findings.filter((finding) => finding.kind === "number" && VITALS.includes(finding.unit));
            if (vitals.some((finding) => read.has(finding.id)) || this.linked(vitals))
                found.push(...vitals.filter((finding) => !found.includes(finding)));
            return found.filter((finding) => !(finding.id in this.given) && !this.formed.has(finding.id) && this.choosable(finding));
        }

        /** Whether a constraint reads a vital sign together with an answer that is yes already. */
        linked(vitals) {
            const measured = new Set(vitals.map((finding) => finding.at));
            const present = new Set(
                Object.keys(this.given)
                    .filter((name) => this.given[name] === true)
                    .map((name) => this.rules.named.get(name).at),
            );
            return this.rules.clauses.some((clause) => pathways.readsAny(clause, measured) && pathways.readsAny(clause, present));
        }

        /** Every group with the findings that can matter, in the order of a form: (question, findings). */
        groups() {
            if (!this.names.length) return [];
            const { askable } = this.asked();
            const linked = new Set(askable);
            for (const clause of this.rules.clauses) if (pathways.readsAny(clause, askable)) pathways.addScope(linked, clause);
            const matters = this.rules.findings.filter(
                (finding) => askable.has(finding.at) || (linked.has(finding.at) && finding.kind === "number"),
            );
            return this.rules.data.groups
                .map((group) => [group.ask, matters.filter((finding) => finding.group === group.id)])
                .filter(([, findings]) => findings.length);
        }
    }

    Object.assign(pathways, { Flow, UNKNOWN, adds });
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
