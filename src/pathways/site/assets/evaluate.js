/* Decide one presentation: exact over all ways in which the unknowns could turn out; and the next question.

   `evaluation` and `explanation` do the same in Python; `campaigns/browser.py` compares the records. */
(function (pathways) {
    "use strict";

    const {
        CERTAIN,
        POSSIBLE,
        Refusal,
        absence,
        absorbed,
        addScope,
        alone,
        eliminated,
        find,
        meets,
        patientOf,
        propagate,
        readsAny,
        repaired,
        touches,
        without,
    } = pathways;

    const KINDS = ["action", "advice", "follow_up"];

    /** What the rules of these pathways say of one patient, as the record of a decision; throws a Refusal. */
    function decide(rules, given, names) {
        return reach(rules, given, names).decision();
    }

    /** The working behind a decision; throws a Refusal. */
    function reach(rules, given, names) {
        return new Reached(rules.ask(names), given);
    }

    const NEVER = 0; // a rule holds in no completion
    const OPEN = 1; // in some
    const ALL = 2; // in all

    /** One presentation's working: the box, the constraints still to be watched, and how each rule stands. */
    class Reached {
        constructor(asked, given) {
            this.asked = asked;
            this.rules = asked.rules;
            this.given = given;
            this.box = this.rules.read(given);
            const rest = propagate(this.box, this.rules.clauses);
            if (rest === null || (rest.length && !this.somebody(rest))) throw contradiction(this.rules, given);
            this.clauses = eliminated(this.box, rest, asked.scope, this.rules.everything, this.rules.gateClauses);
            this.tied = new Set(); // the findings that the constraints still tie together
            for (const clause of this.clauses) {
                for (let i = 0; i < clause.length; i += 2) if (this.box[clause[i]] & clause[i + 1]) this.tied.add(clause[i]);
            }
            this.witnesses = []; // completions, each with the rules that hold in it
            this.near = new Map(); // rules with those of their cubes that are open
            this.sure = []; // rules that hold in every completion
            this.unsure = []; // and in some
            this.sortRules();
            [this.lowest, this.highest] = this.bounds();
        }

        somebody(clauses) {
            return (
                repaired(this.box, patientOf(this.box), [], clauses, this.rules.closed, false) !== null || find(this.box, clauses) !== null
            );
        }

        exists(noneOf, someOf = null) {
            const answers = (holding) =>
                !noneOf.some((posed) => holding.has(posed)) && (someOf === null || someOf.some((posed) => holding.has(posed)));
            if (this.witnesses.some(([, holding]) => answers(holding))) return true;
            if (!this.witnesses.length && !this.clauses.length) {
                for (const last of [false, true]) if (answers(this.witness(patientOf(this.box, last)))) return true;
            }
            const start = this.witnesses.length ? this.witnesses[this.witnesses.length - 1][0] : patientOf(this.box);
            const found = this.asked.exists(this.box, this.clauses, noneOf, someOf, start);
            if (found === null) return false;
            this.witness(patientOf(found));
            return true;
        }

        /** Keeps a completion, and says which open rules hold for it. */
        witness(patient) {
            const holding = new Set();
            for (const [posed, cubes] of this.near) if (cubes.some((cube) => !touches(patient, cube))) holding.add(posed);
            const speaking = new Set([...holding].map((posed) => posed.pathway));
            for (const posed of this.asked.otherwises) {
                if (!speaking.has(posed.pathway) && posed.holds.some(([cube]) => !touches(patient, cube))) holding.add(posed);
            }
            this.witnesses.push([patient, holding]);
            return holding;
        }

        sortRules() {
            for (const posed of this.asked.posed) {
                const near = [];
                let certain = false;
                for (const cube of posed.cubes) {
                    if (!touches(this.box, cube)) certain = true;
                    else if (meets(this.box, cube)) near.push(cube);
                }
                if (certain) this.sure.push(posed);
                else if (near.length) this.near.set(posed, near);
            }
            for (const [posed, near] of this.near) this.put(posed, this.state(posed, near));
            for (const posed of this.asked.otherwises) this.put(posed, this.stateOfOtherwise(posed));
            this.sure.sort((a, b) => a.order - b.order);
            this.unsure.sort((a, b) => a.order - b.order);
        }

        put(posed, state) {
            if (state === ALL) this.sure.push(posed);
            else if (state === OPEN) this.unsure.push(posed);
        }

        state(posed, near) {
            const tied = near.filter((cube) => readsAny(cube, this.tied));
            if (this.tied.size) {
                if (tied.length === near.length && !this.exists([], [posed])) return NEVER;
                if (near.length === 1 && !tied.length) return OPEN;
            } else if (near.length === 1) {
                return OPEN;
            }
            return this.exists([posed]) ? OPEN : ALL;
        }

        stateOfOtherwise(posed) {
            if (this.sure.some((other) => other.pathway === posed.pathway)) return NEVER;
            const rival = this.unsure.some((other) => other.pathway === posed.pathway);
            if (!posed.activation.size && !rival) return ALL;
            if (!this.exists([], [posed])) return NEVER;
            return rival || this.exists([posed]) ? OPEN : ALL;
        }

        bounds() {
            const floor = this.sure.length ? this.sure[0].rank : -1;
            const highest = Math.max(floor, this.unsure.length ? this.unsure[0].rank : -1);
            if (highest === floor) return [floor, highest];
            const above = this.unsure.filter((posed) => posed.rank > floor);
            if (floor >= 0 && (above.length === 1 || this.exists(above))) return [floor, highest];
            for (const rank of [...new Set(above.map((posed) => posed.rank))].sort((a, b) => a - b)) {
                const here = floor >= 0 ? null : above.filter((posed) => posed.rank <= rank);
                if (
                    this.exists(
                        above.filter((posed) => posed.rank > rank),
                        here,
                    )
                )
                    return [rank, highest];
            }
            return [highest, highest];
        }

        /** Whether every completion has an urgency. */
        covered() {
            if (this.sure.length && this.sure[0].rank >= 0) return true;
            return !this.exists(this.unsure.filter((posed) => posed.rank >= 0));
        }

        decision() {
            const { urgency } = this.rules.data;
            const none = this.highest < 0;
            const { referrals, fixed } = none ? { referrals: [], fixed: true } : this.referrals();
            const [actions, advice, followUp] = none ? [[], [], []] : this.items();
            const [outside, perhaps] = this.coverage();
            const covered = !none && this.covered();
            let status = "not_covered";
            if (!none && this.unsure.length) status = fixed && this.lowest === this.highest && covered ? "settled" : "open";
            else if (!none) status = perhaps.length ? "open" : "final";
            const reasons = [
                ...this.sure.map((posed) => [posed.order, posed.certain]),
                ...this.unsure.map((posed) => [posed.order, posed.possible]),
            ];
            if (!none) reasons.sort((a, b) => a[0] - b[0]);
            return {
                status,
                urgency: { lowest: none ? null : urgency[this.lowest].id, highest: none ? null : urgency[this.highest].id },
                referrals,
                actions,
                advice,
                follow_up: followUp,
                reasons: reasons.map(([, reason]) => reason),
                next: this.nextQuestions(),
                optional: this.optionalQuestions(),
                unread: this.unread(),
                covered,
                not_covered: outside,
                maybe_not_covered: perhaps,
                notices: this.notices(),
            };
        }

        /** The asked pathways that are not for this patient: certainly, and perhaps. */
        coverage() {
            const outside = [];
            const perhaps = [];
            for (const [name, cubes] of this.asked.covers) {
                const inside = cubes.some((cube) => meets(this.box, cube) && find(without(this.box, cube), this.clauses) !== null);
                if (!inside) outside.push(name);
                else if (find(this.box, this.clauses.concat(cubes)) !== null) perhaps.push(name);
            }
            return [outside, perhaps];
        }

        /** The referrals, merged, and whether they are the same in every completion. */
        referrals() {
            const sure = new Map();
            const codes = new Map();
            for (const row of this.sure.flatMap((posed) => posed.rows)) {
                const other = sure.get(row.slot) || row;
                if (other === row) codes.set(row.slot, row.code);
                sure.set(row.slot, { contact: row.contact || other.contact, limit: Math.min(row.limit, other.limit) });
            }
            const maybe = new Map();
            for (const posed of this.unsure) {
                for (const row of posed.rows) {
                    const best = sure.get(row.slot);
                    if (best === undefined || row.limit < best.limit || (row.contact && !best.contact)) {
                        if (!maybe.has(row.slot)) maybe.set(row.slot, []);
                        maybe.get(row.slot).push([posed, row]);
                    }
                    if (!codes.has(row.slot) || row.code < codes.get(row.slot)) codes.set(row.slot, row.code);
                }
            }
            let fixed = true;
            const referrals = [];
            for (const slot of [...codes.keys()].sort((a, b) => codes.get(a) - codes.get(b))) {
                const best = sure.get(slot);
                const open = maybe.has(slot) ? this.openReferral(slot, best, maybe.get(slot)) : null;
                referrals.push(open === null ? this.asked.referral(slot, best.contact, best.limit, best.limit) : open.referral);
                fixed = fixed && (open === null || open.same);
            }
            return { referrals, fixed };
        }

        /** A referral that some rule may add or hasten: its earliest limit, and the one that is certain. */
        openReferral(slot, sure, maybe) {
            const earliest = Math.min(...maybe.map(([, row]) => row.limit), ...(sure === undefined ? [] : [sure.limit]));
            let certain = sure === undefined ? null : sure.limit;
            for (const limit of [...new Set(maybe.map(([, row]) => row.limit))].sort((a, b) => a - b)) {
                if (certain !== null && limit >= certain) break;
                const givers = maybe.filter(([, row]) => row.limit <= limit).map(([posed]) => posed);
                if (givers.length > 1 && !this.exists(givers)) {
                    certain = limit;
                    break;
                }
            }
            const callers = maybe.filter(([, row]) => row.contact).map(([posed]) => posed);
            const calls = sure !== undefined && sure.contact;
            const fixedCall = !callers.length || calls || (callers.length > 1 && !this.exists(callers));
            return {
                referral: this.asked.referral(slot, callers.length > 0 || calls, earliest, certain),
                same: certain === earliest && fixedCall,
            };
        }

        /** Actions, advice and follow-up, by the highest urgency among the rules that give them, then in clinical order. */
        items() {
            const { items } = this.rules.data;
            const { top } = this.asked;
            const codes = new Map(); // number in the catalogue → where it stands
            const givers = new Map(); // of what no certain rule gives
            for (const [item, code] of this.sure.flatMap((posed) => posed.items)) if (!codes.has(item)) codes.set(item, code);
            const certain = new Set(codes.keys());
            for (const posed of this.unsure) {
                for (const [item, code] of posed.items) {
                    if (!certain.has(item)) givers.set(item, [...(givers.get(item) || []), posed]);
                    if (!codes.has(item) || code < codes.get(item)) codes.set(item, code);
                }
            }
            const possible = new Set();
            for (const [item, rules] of givers) if (rules.length === 1 || this.exists(rules)) possible.add(item);
            for (const [item, rank] of this.reassurances()) codes.set(item, (top - rank) * items.length + item);
            const parts = [[], [], []];
            for (const code of [...codes.values()].sort((a, b) => a - b)) {
                const item = code % items.length;
                parts[KINDS.indexOf(items[item].kind)].push(this.asked.item(item, possible.has(item) ? POSSIBLE : CERTAIN));
            }
            return parts;
        }

        /** The reassuring items that every completion gives, each with the highest rank that gives it. */
        reassurances() {
            if (!this.asked.reassuring.has(this.lowest) || !this.asked.reassuring.has(this.highest)) return [];
            const givers = new Map();
            for (const posed of [...this.sure, ...this.unsure]) {
                if (posed.rank < this.lowest || posed.rank > this.highest) continue;
                for (const item of posed.reassures) givers.set(item, [...(givers.get(item) || []), posed]);
            }
            return [...givers]
                .filter(([, rules]) => this.givenEverywhere(rules))
                .map(([item, rules]) => [item, Math.max(...rules.map((posed) => posed.rank))]);
        }

        /** Whether in every completion one of these rules holds at the very urgency of that completion. */
        givenEverywhere(givers) {
            const ranks = givers.map((posed) => posed.rank);
            if (!ranks.includes(this.lowest) || !ranks.includes(this.highest)) return false;
            const rules = [...this.sure, ...this.unsure];
            for (const rank of new Set(rules.map((posed) => posed.rank).filter((one) => this.lowest <= one && one <= this.highest))) {
                const noneOf = [...rules.filter((posed) => posed.rank > rank), ...givers.filter((posed) => posed.rank === rank)];
                if (noneOf.some((posed) => this.sure.includes(posed))) continue;
                if (
                    this.exists(
                        noneOf,
                        rules.filter((posed) => posed.rank === rank),
                    )
                )
                    return false;
            }
            return this.covered();
        }

        /** Findings with a worrying answer that no rule reads which holds or may hold here. */
        unread() {
            const worrying = (finding) => finding.kind === "yes_no" && this.given[finding.id] === { yes: true, no: false }[finding.worse];
            return this.rules.findings
                .filter((finding) => finding.id in this.given && worrying(finding) && !this.reads(finding))
                .map((finding) => finding.id)
                .sort();
        }

        reads(finding) {
            const tied = new Set([finding.at]);
            const itself = new Set([finding.at]);
            for (const clause of this.rules.clauses) if (readsAny(clause, itself)) addScope(tied, clause);
            return [...this.sure, ...this.unsure].some((posed) =>
                posed.cubes.some(
                    (cube) => readsAny(cube, tied) && meets(this.box, cube) && find(without(this.box, cube), this.clauses) !== null,
                ),
            );
        }

        notices() {
            const { data, pathways } = this.rules;
            const spoken = new Set([...this.asked.names, ...[...this.sure, ...this.unsure].map((posed) => posed.pathway)]);
            const found = [...data.unsigned, data.notice];
            if (!data.site.configured) found.push(data.site.notice);
            for (const name of spoken) {
                const pathway = pathways.find((one) => one.id === name);
                if (pathway !== undefined && pathway.notice) found.push(pathway.notice);
            }
            return [...new Set(found)];
        }

        /* -- the next question -- */

        /** The open findings of the group to ask next; empty where the decision is settled or all was asked. */
        nextQuestions() {
            if (this.highest < 0 || !this.unsure.length) return [];
            const watch = new Watch(this);
            const found = watch.group(
                this.unsure.filter((posed) => posed.rank > this.lowest),
                false,
            );
            if (found.length) return found;
            if (this.lowest === this.highest && !this.covered()) return watch.group(this.unsure, false);
            return this.referrals().fixed
                ? []
                : watch.group(
                      this.unsure.filter((posed) => posed.rows.length),
                      false,
                  );
        }

        /** What could still change actions or advice once nothing is left to ask for urgency and referrals. */
        optionalQuestions() {
            if (this.highest < 0 || !this.unsure.length || this.nextQuestions().length) return [];
            return new Watch(this).group(this.unsure, true);
        }
    }

    /** What one decision still has to ask: the open findings of the rules that may hold. */
    class Watch {
        constructor(reached) {
            this.reached = reached;
            this.findings = reached.rules.findings;
            const { box, given, asked } = reached;
            const untold = (finding) => !(finding.id in given) || absence(given[finding.id]) === "not-asked";
            this.askable = new Set(
                this.findings.filter((one) => asked.askable.has(one.at) && untold(one) && !alone(box[one.at])).map((one) => one.at),
            );
        }

        /** The open findings to ask about for one rule, gates apart: what switches its pathway on before what it reads. */
        read(posed) {
            const live = this.open(posed);
            if (posed.fails !== null) {
                for (const [cube] of posed.holds) this.addLive(live, cube);
                for (const other of this.reached.near.keys())
                    if (other.pathway === posed.pathway) for (const at of this.open(other)) live.add(at);
            }
            const found = [...live].filter((at) => this.askable.has(at));
            const first = found.filter((at) => posed.activation.has(at));
            return first.length ? first : found;
        }

        addLive(live, cube) {
            for (let i = 0; i < cube.length; i += 2) if (this.reached.box[cube[i]] & cube[i + 1]) live.add(cube[i]);
        }

        /** What speaks against a rule: the findings of each way in which it may hold, unless another asks less of the same. */
        open(posed) {
            const { box, near } = this.reached;
            const here = (cube) => {
                const part = [];
                for (let i = 0; i < cube.length; i += 2) if (box[cube[i]] & cube[i + 1]) part.push(cube[i], box[cube[i]] & cube[i + 1]);
                return part;
            };
            const live = new Set();
            for (const cube of absorbed((near.get(posed) || []).map(here))) addScope(live, cube);
            return live;
        }

        /** The finding, or the open findings that its gate waits for. */
        gated(at) {
            const finding = this.findings[at];
            if (!finding.gated || !(this.reached.box[at] & finding.notApplicable)) return [at];
            const gates = finding.gates.map((gate) => this.reached.rules.named.get(gate).at).filter((gate) => this.askable.has(gate));
            const found = gates.flatMap((gate) => this.gated(gate));
            return found.length ? found : [at];
        }

        /** The screen for these rules, which are sorted by urgency, highest first. */
        group(posedRules, optional) {
            const asking = posedRules.map((posed) => ({ posed, read: this.read(posed) })).filter(({ read }) => read.length);
            if (!asking.length) return [];
            const counts = new Map();
            for (const one of asking) {
                one.open = new Set(one.read.flatMap((at) => this.gated(at)));
                for (const at of one.open) counts.set(at, (counts.get(at) || 0) + 1);
            }
            let top = asking.filter(({ posed }) => posed.pathway === "red_flags");
            if (!top.length) top = asking.filter(({ posed }) => posed.rank === asking[0].posed.rank);
            const place = (at) => this.reached.rules.groupOrder.get(this.findings[at].group);
            const [best] = [...new Set(top.flatMap(({ open }) => [...open]))].sort(
                (a, b) => counts.get(b) - counts.get(a) || place(a) - place(b) || a - b,
            );
            const { group } = this.findings[best];
            // The reason that is told is the most urgent rule; of equals one that anybody may see.
            const told = [...asking].sort(
                (a, b) =>
                    b.posed.rank - a.posed.rank || a.posed.certain.discreet - b.posed.certain.discreet || a.posed.order - b.posed.order,
            );
            const reason = new Map();
            const seen = new Map();
            for (const { posed, open } of told) {
                for (const at of open) if (this.findings[at].group === group && !reason.has(at)) reason.set(at, posed);
            }
            // What waits for an examination stands beside the others for who has seen it already.
            for (const { posed, read } of told) {
                for (const at of read) if (!reason.has(at) && !seen.has(at) && this.waits(at, group)) seen.set(at, posed);
            }
            return [...reason.keys(), ...seen.keys()]
                .sort((a, b) => a - b)
                .map((at) => this.question(this.findings[at], reason.get(at) || seen.get(at), optional, seen.has(at)));
        }

        waits(at, group) {
            const finding = this.findings[at];
            return (
                finding.group === group &&
                finding.kind === "yes_no" &&
                this.gated(at).every((gate) => gate !== at && this.findings[gate].group !== group)
            );
        }

        question(finding, posed, optional, ifSeen) {
            const { urgency } = this.reached.rules.data;
            const level = posed.rank >= 0 ? ` (${urgency[posed.rank].id})` : "";
            return {
                finding: finding.id,
                group: finding.group,
                ask: finding.ask,
                means: finding.means,
                why: optional ? `may change what to do: ${posed.title}` : `not excluded: ${posed.title}${level}`,
                optional,
                if_seen: ifSeen,
                discreet: posed.certain.discreet || finding.discreet,
            };
        }
    }

    /** The refusal of a presentation that no patient can be: a smallest set of given answers, and the constraint they break. */
    function contradiction(rules, given) {
        const names = Object.keys(given).filter((name) => absence(given[name]) === null);
        const boxOf = (some) => rules.read(Object.fromEntries(some.map((name) => [name, given[name]])));
        const culprits = smallest(
            names,
            (some) => find(boxOf(some), rules.clauses),
            (box, name) => {
                const finding = rules.named.get(name);
                return box[finding.at] & finding.bits(given[name]);
            },
        );
        const why = [...new Set(chain(rules, boxOf(culprits)).map((one) => one.means))];
        const said = culprits.map((name) => rules.named.get(name).ask).join("; ");
        return new Refusal(`${said}: cannot be as given: ${why.join("; ")}`, culprits, why);
    }

    /** A smallest set of names for which there is no counterexample; relies on there being none for all of them. */
    function smallest(names, counterexample, agrees) {
        const demands = [];
        for (;;) {
            const chosen = hittingSet(demands, names);
            const box = counterexample(chosen);
            if (box === null) return chosen;
            let missing = names.filter((name) => !agrees(box, name));
            for (const name of [...missing]) {
                if (missing.length === 1) break;
                if (!missing.includes(name)) continue;
                const nearer = counterexample(names.filter((other) => other === name || !missing.includes(other)));
                if (nearer !== null) missing = missing.filter((other) => !agrees(nearer, other));
            }
            demands.push(missing);
        }
    }

    /** A smallest set that has a member in every demand; among equals the first in the order of names. */
    function hittingSet(demands, names) {
        const hit = (rest, size) => {
            if (!rest.length) return [];
            if (!size) return null;
            for (const name of names.filter((one) => rest[0].includes(one))) {
                const found = hit(
                    rest.filter((demand) => !demand.includes(name)),
                    size - 1,
                );
                if (found !== null) return [...found, name];
            }
            return null;
        };
        for (let size = 0; ; size += 1) {
            const found = hit(demands, size);
            if (found !== null) return names.filter((name) => found.includes(name));
        }
    }

    /** The constraint that nobody in this box meets; else the fewest that nobody meets together. */
    function chain(rules, box) {
        const one = rules.constraints.find(({ clauses }) => find(box, clauses) === null);
        if (one !== undefined) return [one];
        const named = new Map(rules.constraints.map((each) => [each.id, each]));
        const meeting = (names) =>
            find(
                box,
                names.flatMap((name) => named.get(name).clauses),
            );
        const ids = smallest(
            [...named.keys()],
            (names) => {
                const found = meeting(names);
                return found === null ? null : patientOf(found);
            },
            (patient, name) => named.get(name).clauses.every((clause) => touches(patient, clause)),
        );
        return ids.map((id) => named.get(id));
    }

    Object.assign(pathways, { decide, reach });
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
