/* A rule set as the pages ask it: findings and their cells, presentations, and what some pathways ask together.

   `findings`, `presentations` and `asked` do the same in Python. Numbers are decimals and compared exactly, never as floating point.
   Knows nothing of how a decision is reached, of pages, clocks or how an answer is typed. */
(function (pathways) {
    "use strict";

    const { absorbed, addScope, both, find, meets, repaired } = pathways;

    const CERTAIN = "certain";
    const POSSIBLE = "possible";
    const ABSENCE = ["not-asked", "asked-unknown", "unable-to-assess"];
    const FORMAT = 1;
    const MANY = 1000000; // more rules than any question has
    const QUICK = 8; // alternatives that are tried from a known patient before a search
    const LONGEST_NUMBER = 400;
    const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

    /** A decimal as (digits, how many of them stand after the point), or null for what is not written as numbers are. */
    function decimal(text) {
        if (typeof text !== "string" || text.length > LONGEST_NUMBER || !NUMBER.test(text)) return null;
        const point = text.indexOf(".");
        return point < 0 ? { digits: BigInt(text), places: 0 } : { digits: BigInt(text.replace(".", "")), places: text.length - point - 1 };
    }

    /** Below 0, 0 or above 0, as `one` lies below, at or above `other`. */
    function compare(one, other) {
        const places = Math.max(one.places, other.places);
        const a = one.digits * 10n ** BigInt(places - one.places);
        const b = other.digits * 10n ** BigInt(places - other.places);
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /** The rule set of a data file, with what is made of it once. */
    class Rules {
        constructor(data) {
            if (data.format !== FORMAT) throw new Error(`rules of format ${data.format}, and this script reads format ${FORMAT}`);
            this.data = data;
            this.findings = data.findings.map((finding, at) => new Finding(finding, at));
            this.named = new Map(this.findings.map((finding) => [finding.id, finding]));
            this.everything = this.findings.map((finding) => finding.everything);
            this.closed = this.findings.map((finding) => finding.notApplicable);
            this.groupOrder = new Map(data.groups.map((group, at) => [group.id, at]));
            this.constraints = data.constraints.map((one) => ({ ...one, clauses: one.clauses.map((clause) => this.cube(clause)) }));
            this.clauses = this.constraints.flatMap((one) => one.clauses);
            this.gateClauses = this.findings.map(() => new Set());
            for (const one of this.constraints) {
                if (one.applies) for (const clause of one.clauses) this.gateClauses[this.named.get(one.applies).at].add(clause);
            }
            this.redFlags = data.red_flags.map((rule) => this.rule(rule));
            this.pathways = data.pathways.map((pathway) => ({
                ...pathway,
                applies: pathway.applies === null ? null : pathway.applies.map((cube) => this.cube(cube)),
                rules: pathway.rules.map((rule) => this.rule(rule)),
            }));
            this.asked = new Map();
        }

        cube(written) {
            return written.map((part) => (typeof part === "string" ? BigInt(part) : part));
        }

        rule(written) {
            return { ...written, cubes: written.cubes.map((cube) => this.cube(cube)) };
        }

        /** The compiled question for these pathways together; made on first use and kept. */
        ask(names) {
            const key = names.join(" ");
            if (!this.asked.has(key)) this.asked.set(key, new Asked(this, names));
            return this.asked.get(key);
        }

        /** The box that the answers leave; throws a Refusal for what cannot be read. */
        read(given) {
            const box = this.everything.slice();
            const mistakes = [];
            for (const [name, value] of Object.entries(given)) {
                const finding = this.named.get(name);
                if (finding === undefined) {
                    mistakes.push(`${name} is not a finding`);
                } else if (absence(value) === null) {
                    const bits = finding.bits(value);
                    if (bits === null) mistakes.push(`${finding.ask}: ${JSON.stringify(value)} is not one of its answers`);
                    else box[finding.at] = bits;
                } else if (!ABSENCE.includes(absence(value))) {
                    mistakes.push(`${finding.ask}: ${absence(value)} is no reason for absence`);
                }
            }
            if (mistakes.length) throw new Refusal(mistakes.join("; "), [], mistakes);
            return box;
        }

        /** The first-aid items of these pathways, each once, with their texts. */
        firstAid(names) {
            return new Map(names.flatMap((name) => this.pathways.find((one) => one.id === name).first_aid));
        }

        /** The yes/no findings that the shared red flags read. */
        dangerSigns() {
            const read = new Set();
            for (const cube of this.redFlags.flatMap((rule) => rule.cubes)) addScope(read, cube);
            return this.findings.filter((finding) => read.has(finding.at) && finding.kind === "yes_no");
        }
    }

    /** The reason for absence that a value stands for; null where it is an answer. */
    function absence(value) {
        if (value === undefined || value === null || value === "unknown") return "not-asked";
        return typeof value === "object" && "unknown" in value ? String(value.unknown) : null;
    }

    /** Nothing is decided: answers that cannot be read, or that no patient can have together. */
    class Refusal extends Error {
        constructor(message, findings, why) {
            super(message);
            this.findings = findings;
            this.why = why;
        }
    }

    /** A question and the cells that its answers fall into. */
    class Finding {
        constructor(data, at) {
            Object.assign(this, data);
            this.at = at;
            this.one = data.size > 31 ? 1n : 1; // the mask of the first cell
            this.everything = this.upTo(data.size);
            this.notApplicable = data.gated ? this.bit(data.size - 1) : this.one & ~this.one;
            this.limits = data.cuts.map(([limit, after]) => [decimal(limit), after]);
            this.ends = data.range === null ? null : data.range.map(decimal);
        }

        bit(number) {
            return typeof this.one === "bigint" ? this.one << BigInt(number) : this.one << number;
        }

        /** The mask of the first so many cells. */
        upTo(count) {
            let bits = this.one & ~this.one;
            for (let n = 0; n < count; n += 1) bits = bits | this.bit(n);
            return bits;
        }

        /** The cells that a value leaves possible; null where it is none of its answers. */
        bits(value) {
            if (this.kind === "yes_no") return value === true ? this.bit(1) : value === false ? this.bit(0) : null;
            if (this.kind === "choice") return this.chosen(Array.isArray(value) ? value : [value]);
            return typeof value === "object" && value !== null ? this.span(value) : this.number(value);
        }

        chosen(values) {
            const numbers = values.map((one) => this.values.findIndex(([id]) => id === one));
            return numbers.length && !numbers.includes(-1) ? numbers.reduce((bits, n) => bits | this.bit(n), this.one & ~this.one) : null;
        }

        number(value) {
            const exact = this.inRange(value);
            return exact === null ? null : this.bit(this.cell(exact));
        }

        span(value) {
            const keys = Object.keys(value);
            const from = "from" in value ? this.inRange(value.from) : this.ends[0];
            const below = "below" in value ? this.inRange(value.below) : this.ends[1];
            if (!keys.length || keys.some((key) => key !== "from" && key !== "below") || from === null || below === null) return null;
            if ("below" in value && compare(below, from) <= 0) return null;
            let last = this.cell(below);
            // The cell that begins at `below` is not part of the range.
            if ("below" in value && this.limits.some(([limit, after]) => !after && compare(limit, below) === 0)) last -= 1;
            return this.upTo(last + 1) & ~this.upTo(this.cell(from));
        }

        inRange(text) {
            const exact = decimal(text);
            return exact !== null && compare(exact, this.ends[0]) >= 0 && compare(exact, this.ends[1]) <= 0 ? exact : null;
        }

        /** The number of the cell in which a decimal lies. */
        cell(exact) {
            return this.limits.filter(([limit, after]) => compare(exact, limit) >= (after ? 1 : 0)).length;
        }
    }

    const ALWAYS = [[]];

    /** The rules that some pathways ask together: activation by handover and what they apply to are multiplied into their cubes. */
    class Asked {
        constructor(rules, names) {
            this.rules = rules;
            this.names = names;
            this.top = rules.data.urgency.length;
            this.activation = this.activations();
            this.posed = this.pose().sort((a, b) => a.order - b.order);
            const pathway = (name) => rules.pathways.find((one) => one.id === name);
            this.covers = names.filter((name) => pathway(name).applies !== null).map((name) => [name, pathway(name).applies]);
            this.otherwises = this.posed.filter((posed) => posed.fails !== null);
            this.reassuring = new Set(this.posed.filter((posed) => posed.reassures.length).map((posed) => posed.rank));
            this.scope = new Set();
            const read = [...this.posed.flatMap((posed) => posed.cubes), ...this.covers.flatMap(([, cubes]) => cubes)];
            for (const posed of this.otherwises) for (const [cube, further] of posed.holds) read.push(cube, ...further);
            for (const cube of read) addScope(this.scope, cube);
            this.askable = this.withGates();
        }

        withGates() {
            const found = new Set(this.scope);
            const todo = [...found];
            while (todo.length) {
                for (const gate of this.rules.findings[todo.pop()].gates) {
                    const { at } = this.rules.named.get(gate);
                    if (!found.has(at)) {
                        found.add(at);
                        todo.push(at);
                    }
                }
            }
            return found;
        }

        product(one, other) {
            if (other.length === 1 && !other[0].length) return one;
            const found = [];
            for (const a of one) for (const b of other) found.push(both(this.rules.everything, a, b));
            return absorbed(found.filter((cube) => cube !== null));
        }

        /** For each pathway asked or handed over to: the cubes in which its rules count. */
        activations() {
            const found = new Map();
            const visit = (name, reached) => {
                const pathway = this.rules.pathways.find((one) => one.id === name);
                const cubes = pathway.applies === null ? reached : this.product(reached, pathway.applies);
                found.set(name, absorbed([...(found.get(name) || []), ...cubes]));
                for (const rule of pathway.rules) if (rule.handover !== null) visit(rule.handover, this.product(rule.cubes, cubes));
            };
            for (const name of this.names) visit(name, ALWAYS);
            return found;
        }

        pose() {
            const posed = [];
            let number = 0;
            for (const flag of this.rules.redFlags) posed.push(this.posedRule(number++, "red_flags", flag, flag.cubes, new Set()));
            for (const pathway of this.rules.pathways) {
                const activation = this.activation.get(pathway.id);
                if (activation === undefined) continue;
                const scope = new Set();
                for (const cube of activation) addScope(scope, cube);
                const inside = [];
                for (const rule of pathway.rules) {
                    const cubes = this.product(rule.cubes, activation);
                    inside.push(...cubes);
                    if (cubes.length) posed.push(this.posedRule(number, pathway.id, rule, cubes, scope));
                    number += 1;
                }
                if (activation.length && pathway.otherwise !== null) posed.push(this.otherwise(number, pathway, activation, inside, scope));
                number += 1;
            }
            return posed;
        }

        posedRule(number, pathway, rule, cubes, activation) {
            return this.made(number, pathway, rule, rule.then, { cubes, holds: cubes.map((cube) => [cube, []]), fails: null, activation });
        }

        otherwise(number, pathway, activation, inside, scope) {
            const fails = inside.map((cube) => [cube, []]);
            if (activation.some((cube) => cube.length)) fails.unshift([[], activation]);
            const rule = {
                id: "otherwise",
                title: `nothing else in ${pathway.title.toLowerCase()} holds`,
                basis: "interpretation",
                sources: [],
                narrows: [],
                handover: null,
                discreet: false,
            };
            return this.made(number, pathway.id, rule, pathway.otherwise, {
                cubes: [],
                holds: activation.map((cube) => [cube, inside]),
                fails,
                activation: scope,
            });
        }

        made(number, pathway, rule, outcome, condition) {
            const rank = outcome === null ? -1 : outcome.urgency;
            const { items, slots } = this.rules.data;
            const ahead = outcome === null ? 0 : this.top - rank;
            const reason = (certainty) => {
                const said = {
                    pathway,
                    rule: rule.id,
                    title: rule.title,
                    urgency: rank < 0 ? null : this.rules.data.urgency[rank].id,
                    basis: rule.basis,
                    sources: rule.sources,
                    narrows: rule.narrows,
                    certainty,
                    discreet: rule.discreet,
                };
                return rule.handover === null ? said : { ...said, handover: rule.handover };
            };
            return {
                ...condition,
                pathway,
                rule: rule.id,
                title: rule.title,
                rank,
                order: (this.top - rank) * MANY + number,
                items: outcome === null ? [] : outcome.items.map((item) => [item, ahead * items.length + item]),
                reassures: outcome === null ? [] : outcome.reassures,
                rows:
                    outcome === null
                        ? []
                        : outcome.rows.map(([slot, contact, limit]) => ({ slot, contact, limit, code: ahead * slots.length + slot })),
                certain: reason(CERTAIN),
                possible: reason(POSSIBLE),
            };
        }

        referral(slot, contact, earliest, certain) {
            const { slots, services, limits } = this.rules.data;
            const { service, window, condition } = slots[slot];
            const { name, discreet } = services.find((one) => one.id === service);
            const said = {
                service,
                name,
                contact: contact ? "now" : null,
                within: window !== null ? null : limits[earliest].id,
                certain_within: window !== null || certain === null ? null : limits[certain].id,
                certainty: certain === null ? POSSIBLE : CERTAIN,
                discreet,
            };
            if (window !== null) said.window = window;
            if (condition) said.condition = condition;
            return said;
        }

        item(number, certainty) {
            const { id, text, discreet, repeat_after, condition } = this.rules.data.items[number];
            const said = { id, text, certainty, discreet };
            if (repeat_after !== null) said.repeat_after = repeat_after;
            if (condition) said.condition = condition;
            return said;
        }

        /** A box inside `box` of patients for whom none of these rules holds and, if asked, at least one of those does; null for nobody. */
        exists(box, clauses, noneOf, someOf, start) {
            const wanted = clauses.concat(...noneOf.map((posed) => posed.cubes));
            const choices = noneOf.filter((posed) => posed.fails !== null).map((posed) => posed.fails);
            const ways = someOf === null ? null : someOf.flatMap((posed) => posed.holds);
            if (!choices.length) {
                for (const [cube, further] of ways === null ? [[[], []]] : ways.slice(0, QUICK)) {
                    if (!meets(box, cube)) continue;
                    const all = further.length ? wanted.concat(further) : wanted;
                    const patient =
                        repaired(box, start, cube, all, this.rules.closed, false) ||
                        (ways === null ? repaired(box, start, cube, all, this.rules.closed, true) : null);
                    if (patient !== null) return patient;
                }
            }
            if (ways !== null) choices.push(ways);
            return find(box, wanted, choices);
        }
    }

    Object.assign(pathways, { CERTAIN, POSSIBLE, Refusal, Rules, absence, compare, decimal });
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
