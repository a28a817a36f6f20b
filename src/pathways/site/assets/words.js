/* Ages, durations and clock times as they are said: typed numbers → exact values, and values → words; `spoken` does the same in Python.

   Relies on findings that state a UCUM unit, a range and a resolution. Reads no clock: "now" is handed in. */
(function (pathways) {
    "use strict";

    const { absence, compare, decimal } = pathways;

    /* -- exact fractions ------------------------------------------------------------------------------------------------ */

    const fraction = (over, under = 1n) => ({ over, under });
    const times = (one, other) => fraction(one.over * other.over, one.under * other.under);
    const by = (one, other) => fraction(one.over * other.under, one.under * other.over);
    const below = (one, other) => one.over * other.under < other.over * one.under;
    const whole = (one) => one.over / one.under; // none of them is negative where it is used
    const ofDecimal = ({ digits, places }) => fraction(digits, 10n ** BigInt(places));

    const DAY = fraction(1n);
    const YEAR = fraction(3652425n, 10000n); // days of a Gregorian year; a year has 52.1775 weeks
    const DAYS = {
        s: fraction(1n, 86400n),
        min: fraction(1n, 1440n),
        h: fraction(1n, 24n),
        d: DAY,
        wk: fraction(7n),
        mo: by(YEAR, fraction(12n)),
        a: YEAR,
    };
    const NAMES = { s: "seconds", min: "minutes", h: "hours", d: "days", wk: "weeks", mo: "months", a: "years" };
    const OFFERED = { a: ["a", "mo", "wk"], d: ["d", "wk", "h"], min: ["min", "h"], h: ["h", "min"] };

    /** The units in which an answer may be given, as (unit, name); none where there is only one. */
    const unitsOf = (finding) => (OFFERED[finding.unit] || []).map((unit) => [unit, NAMES[unit]]);

    /* -- typed numbers → values ------------------------------------------------------------------------------------------ */

    /** The value that was typed, as `{ value }`, or `{ ask }` with what to ask back; "5 years" is 5 <= age < 6. */
    function entered(finding, text, unit) {
        const said = text.trim();
        const pressure = finding.unit === "mm[Hg]" && said.includes("/");
        const exact = pressure ? systolic(said) : decimal(said);
        if (exact === null && pressure) return { ask: `${said} is no blood pressure: the upper number first, as 84/50` };
        if (exact === null) return { ask: "digits, with a point before a fraction" };
        if (exact.digits < 0n) return inRange(finding, said, said);
        if (!unitsOf(finding).length || (exact.digits === 0n && !unit)) return inRange(finding, written(exact), said);
        if (!unit)
            return {
                ask: `${said} what? Choose ${unitsOf(finding)
                    .map(([, name]) => name)
                    .join(" or ")}`,
            };
        const value = by(times(ofDecimal(exact), DAYS[unit]), DAYS[finding.unit]);
        if (finding.unit === "a" && unit === "a" && exact.places === 0) return wholeYears(finding, exact.digits, said);
        return inRange(finding, onGrid(finding, value), said);
    }

    /** The upper number of a pressure; null for what is none. */
    function systolic(said) {
        const both = said.split("/").map((part) => decimal(part.trim()));
        return both.length === 2 && !both.includes(null) && compare(both[1], both[0]) < 0 ? both[0] : null;
    }

    /** A decimal without trailing zeros; none that is typed is negative where it is changed. */
    function written({ digits, places }) {
        if (!places) return String(digits);
        const whole = String(digits).padStart(places + 1, "0");
        return `${whole.slice(0, -places)}.${whole.slice(-places)}`.replace(/\.?0+$/, "");
    }

    function inRange(finding, text, said) {
        const exact = decimal(text);
        const [low, high] = finding.ends;
        if (compare(exact, low) >= 0 && compare(exact, high) <= 0) return { value: text };
        return { ask: `${said} is outside ${finding.range.join(" to ")} ${finding.unit_text}`.trim() };
    }

    function wholeYears(finding, years, said) {
        const found = inRange(finding, String(years), said);
        if (found.ask) return found;
        const next = decimal(String(years + 1n));
        return {
            value: compare(next, finding.ends[1]) <= 0 ? { from: String(years), below: String(years + 1n) } : { from: String(years) },
        };
    }

    /** The value on the finding's grid: rounded down, unless a limit of the rules lies in between. */
    function onGrid(finding, exact) {
        const step = decimal(finding.resolution || "0.01");
        const steps = whole(by(exact, ofDecimal(step)));
        for (const count of [steps, steps + 1n]) {
            const near = { digits: step.digits * count, places: step.places };
            if (!finding.limits.some(([limit, after]) => parted(limit, after, ofDecimal(near), exact))) return written(near);
        }
        return written({ digits: whole(times(exact, fraction(10n ** 28n))), places: 28 });
    }

    function parted(limit, after, one, other) {
        const at = ofDecimal(limit);
        return after ? below(at, one) !== below(at, other) : below(one, at) !== below(other, at);
    }

    /* -- values → words -------------------------------------------------------------------------------------------------- */

    /** An answer in words: `no: fever`, `7 weeks old`, `not known: fever`. */
    function say(finding, value) {
        const reason = absence(value);
        if (reason !== null) return `${reason === "unable-to-assess" ? "cannot be assessed" : "not known"}: ${finding.ask}`;
        if (finding.kind === "yes_no") return `${value ? "yes" : "no"}: ${finding.ask}`;
        if (finding.kind === "choice") {
            const values = Array.isArray(value) ? value : [value];
            return `${finding.ask}: ${values.map((one) => finding.values.find(([id]) => id === one)[1]).join(" or ")}`;
        }
        return finding.unit === "a" ? age(value) : `${finding.ask} ${quantity(finding, value)}`;
    }

    /** A number with its unit, or a range of them. */
    function quantity(finding, value) {
        const unit = finding.unit_text;
        if (typeof value === "object") {
            const parts = [...("from" in value ? [`from ${value.from}`] : []), ...("below" in value ? [`under ${value.below}`] : [])];
            return `${parts.join(" to ")} ${unit}`.trim();
        }
        const exact = ofDecimal(decimal(value));
        if (finding.unit === "d" && exact.over > 0n && below(exact, DAY)) {
            const hours = most(exact, DAYS.h, finding.resolution);
            return hours ? `${hours} hour${hours === 1n ? "" : "s"}` : "under 1 hour";
        }
        return `${value} ${value === "1" ? unit.replace(/s$/, "") : unit}`.trim();
    }

    function age(value) {
        const exact = ofDecimal(decimal(typeof value === "object" ? value.from : value));
        if (below(exact, fraction(1n, 4n))) {
            const weeks = most(exact, by(DAYS.wk, YEAR), "0.01");
            return weeks ? counted(weeks, "week") : "under 1 week old";
        }
        const months = most(exact, fraction(1n, 12n), "0.01");
        if (months < 24n && months !== 12n) return counted(months, "month");
        const years = months / 12n;
        const rest = months % 12n;
        return !rest || years >= 16n ? counted(years, "year") : `${years} years ${rest} month${rest === 1n ? "" : "s"} old`;
    }

    const counted = (count, unit) => `${count} ${unit}${count === 1n ? "" : "s"} old`;

    /** The largest count of `unit` that, rounded down to the resolution, is not above the value: what was said. */
    function most(value, unit, resolution) {
        const step = ofDecimal(decimal(resolution || "0.01"));
        const count = whole(by(value, unit));
        const next = times(fraction(whole(by(times(unit, fraction(count + 1n)), step))), step);
        return below(value, next) ? count : count + 1n;
    }

    /* -- clock and calendar ---------------------------------------------------------------------------------------------- */

    const MINUTE = 60000;
    const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    /** The latest moment at or before `now` at which the clock showed `HH:MM` or `HHMM`; null for anything else, such as `1:30pm`. */
    function clockTime(text, now) {
        const match = /^(?:(\d{1,2}):(\d{2})|(\d{2})(\d{2}))$/.exec(text.trim());
        const [hours, minutes] = match === null ? [24, 0] : [Number(match[1] || match[3]), Number(match[2] || match[4])];
        if (hours > 23 || minutes > 59) return null;
        const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), hours, minutes);
        return today <= now ? today : new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, hours, minutes);
    }

    /** Milliseconds of an ISO 8601 duration; 0 for `now`; null for what is no duration. */
    function duration(limit) {
        if (limit === "now") return 0;
        const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(limit);
        if (match === null || !match.slice(1).some((part) => part !== undefined)) return null;
        const [days, hours, minutes] = match.slice(1).map((part) => Number(part || 0));
        return ((days * 24 + hours) * 60 + minutes) * MINUTE;
    }

    const later = (moment, span) => new Date(moment.getTime() + span);
    const clock = (moment) => `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
    const sameDay = (one, other) => one.toDateString() === other.toDateString();
    const day = (moment) => `${WEEKDAYS[moment.getDay()]} ${moment.getDate()} ${MONTHS[moment.getMonth()]}`;

    /** `03:25`, with the day where it is not today's. */
    const hour = (moment, now) => (sameDay(moment, now) ? clock(moment) : `${clock(moment)} on ${day(moment)}`);

    /** `22 hours ago`, `15 minutes ago`. */
    function ago(moment, now) {
        const minutes = Math.floor((now - moment) / MINUTE);
        const [count, unit] = minutes < 120 ? [minutes, "minute"] : [Math.floor(minutes / 60), "hour"];
        return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
    }

    /** `Tue 14 to Thu 16 March`. */
    function span(first, last) {
        if (sameDay(first, last)) return day(first);
        const same = first.getMonth() === last.getMonth() && first.getFullYear() === last.getFullYear();
        return same ? `${WEEKDAYS[first.getDay()]} ${first.getDate()} to ${day(last)}` : `${day(first)} to ${day(last)}`;
    }

    /** The words of a question up to its first explanation. */
    const brief = (text) => text.split(/ - |,? \(/)[0];

    Object.assign(pathways, { MINUTE, ago, brief, clock, clockTime, day, duration, entered, hour, later, quantity, say, span, unitsOf });
})((globalThis.pathwaysEvaluator = globalThis.pathwaysEvaluator || {}));
