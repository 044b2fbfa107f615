"""Decides facts with the handbook's evaluator, in one Node.js process, or in Chromium where there is no Node.js."""

import json
import shutil
import subprocess
from importlib import resources

from dxrules.handbook.encode import as_json, card_of, encode
from dxrules.values import groups_of, read
from handbook.chromium import launched

DRIVER = """
const decideAll = (rulebooks) => rulebooks.map(({data, cases}) => {
  const rulebook = evaluator.load(data);
  return cases.map(({type, as_of: asOf, card}) => {
    const facts = rulebook.types.get(type).facts;
    const values = new Map(Object.entries(card).map(([name, value]) => (
      [name, evaluator.decode(facts.get(name).kind, value)]
    )));
    const decision = evaluator.evaluate(rulebook, type, values, evaluator.parseDate(asOf));
    const rules = decision.subject.type.rules;
    return {
      codes: decision.fired.map((place) => rules[place].name),
      undetermined: decision.open.map((place) => [rules[place].name, decision.missing(place)]),
      messages: decision.fired.map((place) => ["en", "zh"].map((lang) => evaluator.message(decision, place, lang))),
      verdicts: rulebook.operations.map((operation) => evaluator.verdict(decision, operation)),
      ready: rulebook.operations.map((operation) => evaluator.ready(decision, operation)),
    };
  });
});
"""


def evaluator_source():
    return resources.files("dxrules.handbook").joinpath("resources", "evaluator.js").read_text(encoding="utf-8")


def decide_all(batch):
    """What the evaluator decides for rulebooks and their cases, all in one process."""
    text = as_json(batch)
    source = evaluator_source() + DRIVER
    if shutil.which("node"):
        read = 'JSON.parse(require("node:fs").readFileSync(0, "utf8"))'
        script = f"{source}process.stdout.write(JSON.stringify(decideAll({read})))"
        done = subprocess.run(["node", "-e", script], input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    with launched() as browser:
        page = browser.new_page()
        found = page.evaluate(f"(text) => {{ {source} return JSON.stringify(decideAll(JSON.parse(text))); }}", text)
        page.close()
    return json.loads(found)


def case_of(rulebook, fact, day):
    """A fact and a day, as the evaluator takes them."""
    fact_type = rulebook.fact_type_of(type(fact))
    readable = (each for each in fact_type.facts.values() if each.type.kind != "unreadable")
    values = {each.name: read(fact, each, groups_of(fact_type, each)) for each in readable}
    return {"type": fact_type.name, "as_of": day.isoformat(), "card": card_of(values)}


def expected(decision, rulebook):
    """What the evaluator must say where `reference` decided so."""
    operations = sorted(rulebook.operations)
    return {
        "codes": list(decision.codes),
        "undetermined": [[each.rule, list(each.missing)] for each in decision.undetermined],
        "messages": [[each.message("en"), each.message("zh")] for each in decision.outcomes],
        "verdicts": [str(decision.verdict(each)) for each in operations],
        "ready": [decision.ready(each) for each in operations],
    }


def job(rulebook, cases):
    """One rulebook with its cases, for `decide_all`."""
    return {"data": encode(rulebook, ("en", "zh")), "cases": cases}
