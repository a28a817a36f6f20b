/* Exact answers about all the patients that a box still holds; `solver` does the same in Python.

   A *box* is an array with one mask a finding: the cells that are still possible. A *cube* is a list `finding, mask, finding, mask`, in
   the order of findings: the cells that it forbids. The same list read the other way is a *clause*: at least one of these cells is the
   patient's. Masks are numbers, or BigInt for a finding of more than 31 cells; the operators used here take both.
   Knows nothing of rules, urgency or names. */
(function (pathways) {
    "use strict";

    /** Whether some patient of the box lies in the cube, constraints apart. */
    function meets(box, cube) {
        for (let i = 0; i < cube.length; i += 2) if (!(box[cube[i]] & ~cube[i + 1])) return false;
        return true;
    }

    /** Whether the patient, or some patient of the box, has one of the cube's cells. */
    function touches(box, cube) {
        for (let i = 0; i < cube.length; i += 2) if (box[cube[i]] & cube[i + 1]) return true;
        return false;
    }

    function without(box, cube) {
        const less = box.slice();
        for (let i = 0; i < cube.length; i += 2) less[cube[i]] = less[cube[i]] & ~cube[i + 1];
        return less;
    }

    const lowest = (mask) => mask & -mask;
    const alone = (mask) => mask === lowest(mask);

    function highest(mask) {
        let found = lowest(mask);
        for (let rest = mask & ~found; rest; rest = rest & ~lowest(rest)) found = lowest(rest);
        return found;
    }

    /** One patient of the box: the first cell of every finding, or the last. */
    const patientOf = (box, last) => box.map(last ? highest : lowest);

    /** Takes from the box what the clauses rule out one by one; the clauses that still matter, or null where one cannot be hit. */
    function propagate(box, clauses) {
        let pending = clauses;
        for (let changed = true; changed && pending.length;) {
            changed = false;
            const rest = [];
            next: for (const clause of pending) {
                let only = -1;
                let count = 0;
                for (let i = 0; i < clause.length; i += 2) {
                    const here = box[clause[i]];
                    const live = here & clause[i + 1];
                    if (!live) continue;
                    if (live === here) continue next;
                    only = i;
                    count += 1;
                }
                if (!count) return null;
                if (count > 1) {
                    rest.push(clause);
                } else {
                    box[clause[only]] = box[clause[only]] & clause[only + 1];
                    changed = true;
                }
            }
            pending = rest;
        }
        return pending;
    }

    /** A box inside `box` all of whose patients hit every clause and satisfy an alternative of every choice; null if there is none. */
    function find(start, clauses, choices = []) {
        let box = start.slice();
        const rest = propagate(box, clauses);
        if (rest === null) return null;
        if (choices.length) {
            for (const [cube, further] of choices[0]) {
                if (!meets(box, cube)) continue;
                const found = find(without(box, cube), further.length ? rest.concat(further) : rest, choices.slice(1));
                if (found !== null) return found;
            }
            return null;
        }
        for (const part of rest.length ? apart(box, rest) : []) {
            const [at, here] = branch(box, part);
            const yes = box.slice();
            yes[at] = here;
            let found = find(yes, part);
            if (found === null) {
                const no = box.slice();
                no[at] = box[at] & ~here;
                found = find(no, part);
                if (found === null) return null;
            }
            box = found;
        }
        return box;
    }

    /** The clauses in groups that share no open finding: each group is a question of its own. */
    function apart(box, clauses) {
        let groups = [];
        for (const clause of clauses) {
            let scope = new Set();
            for (let i = 0; i < clause.length; i += 2) if (box[clause[i]] & clause[i + 1]) scope.add(clause[i]);
            let together = [clause];
            const others = [];
            for (const group of groups) {
                if (![...scope].some((at) => group.scope.has(at))) {
                    others.push(group);
                    continue;
                }
                for (const at of group.scope) scope.add(at);
                together = group.clauses.concat(together);
            }
            groups = [...others, { scope, clauses: together }];
        }
        return groups.map((group) => group.clauses);
    }

    /** Where to branch: among the shortest clauses, the cells that stand in most clauses. */
    function branch(box, clauses) {
        const parts = new Map();
        let shortest = Infinity;
        for (const clause of clauses) {
            const live = [];
            for (let i = 0; i < clause.length; i += 2) {
                const bits = box[clause[i]] & clause[i + 1];
                if (bits) live.push([clause[i], bits]);
            }
            for (const [at, bits] of live) {
                const key = `${at}:${bits}`;
                const part = parts.get(key) || { at, bits, count: 0, length: Infinity };
                part.count += 1;
                part.length = Math.min(part.length, live.length);
                parts.set(key, part);
            }
            shortest = Math.min(shortest, live.length);
        }
        let best = null;
        for (const part of parts.values()) if (part.length === shortest && (best === null || part.count > best.count)) best = part;
        return [best.at, best.bits];
    }

    /** A patient of the box who lies in the cube and hits every clause, made from a given one by changing what is in the way.

      A quick try: null says nothing. Each finding is changed once at most, so it ends. */
    function repaired(box, start, cube, clauses, closed, last) {
        const patient = start.slice();
        const fixed = new Set();
        for (let i = 0; i < cube.length; i += 2) {
            const at = cube[i];
            fixed.add(at);
            if (patient[at] & cube[i + 1]) patient[at] = lowest(box[at] & ~cube[i + 1]);
        }
        for (;;) {
            const missed = clauses.find((clause) => !touches(patient, clause));
            if (missed === undefined) return patient;
            let at = -1;
            let cell;
            for (let i = 0; i < missed.length; i += 2) {
                const live = fixed.has(missed[i]) ? 0 : box[missed[i]] & missed[i + 1];
                if (!live) continue;
                if (live & closed[missed[i]]) {
                    [at, cell] = [missed[i], closed[missed[i]]];
                    break;
                }
                if (at < 0 || last) [at, cell] = [missed[i], last ? highest(live) : lowest(live)];
            }
            if (at < 0) return null;
            fixed.add(at);
            patient[at] = cell;
        }
    }

    /** The clauses that still say something of the findings in `keep`, once all others may be anything that suits.

      `everything` is the box of everybody, `gates` has for each finding the clauses that only say where it applies. */
    function eliminated(box, clauses, keep, everything, gates) {
        let rest = clauses;
        for (;;) {
            const users = new Map();
            for (const clause of rest) {
                for (let i = 0; i < clause.length; i += 2) {
                    const at = clause[i];
                    if (keep.has(at) || !(box[at] & clause[i + 1])) continue;
                    if (!users.has(at)) users.set(at, []);
                    users.get(at).push([clause, clause[i + 1]]);
                }
            }
            const gone = new Set();
            for (const [at, using] of users) {
                let common = box[at];
                for (const [, bits] of using) common = common & bits;
                if (common || (box[at] === everything[at] && using.every(([clause]) => gates[at].has(clause)))) {
                    for (const [clause] of using) gone.add(clause);
                }
            }
            if (!gone.size) return rest;
            rest = rest.filter((clause) => !gone.has(clause));
        }
    }

    /** Whether every cell of one cube is among those of the other. */
    function within(one, other) {
        let j = 0;
        for (let i = 0; i < one.length; i += 2) {
            while (j < other.length && other[j] < one[i]) j += 2;
            if (j >= other.length || other[j] !== one[i] || one[i + 1] & ~other[j + 1]) return false;
        }
        return true;
    }

    function cells(cube) {
        let count = 0;
        for (let i = 1; i < cube.length; i += 2) for (let rest = cube[i]; rest; rest = rest & ~lowest(rest)) count += 1;
        return count;
    }

    /** The cubes without those that lie inside another. */
    function absorbed(cubes) {
        if (cubes.length < 2) return cubes;
        const kept = [];
        const sorted = cubes.map((cube) => [cells(cube), cube]).sort((a, b) => a[0] - b[0]);
        for (const [, cube] of sorted) if (!kept.some((other) => within(other, cube))) kept.push(cube);
        return kept;
    }

    /** What either cube forbids is forbidden; null where nobody is left. */
    function both(everything, one, other) {
        const cube = [];
        let i = 0;
        let j = 0;
        while (i < one.length || j < other.length) {
            const here = i < one.length ? one[i] : Infinity;
            const there = j < other.length ? other[j] : Infinity;
            const at = Math.min(here, there);
            let bits = here === at ? one[i + 1] : other[j + 1];
            if (here === there) bits = bits | other[j + 1];
            if (bits === everything[at]) return null;
            cube.push(at, bits);
            if (here === at) i += 2;
            if (there === at) j += 2;
        }
        return cube;
    }

    function addScope(scope, cube) {
        for (let i = 0; i < cube.length; i += 2) scope.add(cube[i]);
    }

    /** Whether the cube forbids something of one of these findings. */
    const readsAny = (cube, scope) => cube.some((at, i) => i % 2 === 0 && scope.has(at));

    Object.assign(pathways, {
        absorbed,
        addScope,
        alone,
        both,
        eliminated,
        find,
        meets,
        patientOf,
        propagate,
        readsAny,
        repaired,
        touches,
        without,
    });
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
