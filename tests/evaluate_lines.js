/* Decides presentations with the evaluator of the pages: data file as argument, a presentation or a typed number a line in, an
   answer a line out. */
"use strict";

const path = require("path");
const readline = require("readline");
const ASSETS = path.join(__dirname, "..", "src", "pathways", "site", "assets");
for (const script of ["search.js", "rules.js", "evaluate.js", "words.js", "advice.js", "flow.js"]) require(path.join(ASSETS, script));
const { Advice, Rules, Refusal, decide, entered, reach, say } = globalThis.pathwaysEvaluator;

require(path.resolve(process.argv[2]));
const rules = new Rules(globalThis.PATHWAYS);

/** What was understood of a typed number: the value and how it is said, or what is asked back. */
function typed([name, text, unit]) {
    const finding = rules.named.get(name);
    const read = entered(finding, text, unit);
    return read.ask ? read : { value: read.value, said: say(finding, read.value) };
}

/** What a page says of a decision at that time. */
function words(given, pathways, { decided, arrived }) {
    const when = { decided: new Date(decided), arrived: arrived === null ? null : new Date(arrived) };
    const advice = new Advice(reach(rules, given, pathways), when);
    return {
        untriaged: advice.untriaged().map((finding) => finding.id),
        raised: advice.raised(),
        calls: advice.calls(),
        why: advice.why().map((reason) => reason.text),
        again: advice.again(),
        not_known: advice.notKnown(),
        actions: advice.actions(),
    };
}

function answer(line) {
    if ("typed" in line) return typed(line.typed);
    const { given, pathways } = line;
    try {
        return "when" in line ? words(given, pathways, line.when) : decide(rules, given, pathways);
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { refused: error.findings, why: error.why };
    }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
