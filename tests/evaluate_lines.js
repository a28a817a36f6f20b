/* Decides presentations with the evaluator of the pages: data file as argument, one presentation a line in, one answer a line out. */
"use strict";

const path = require("path");
const readline = require("readline");
const ASSETS = path.join(__dirname, "..", "src", "pathways", "site", "assets");
for (const script of ["search.js", "rules.js", "evaluate.js"]) require(path.join(ASSETS, script));
const { Rules, Refusal, decide } = globalThis.pathwaysEvaluator;

require(path.resolve(process.argv[2]));
const rules = new Rules(globalThis.PATHWAYS);

function answer({ given, pathways }) {
  try {
    return decide(rules, given, pathways);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.findings, why: error.why };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
