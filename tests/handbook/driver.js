// Decides many facts in one process: rulebooks with their cases come as JSON on standard input, decisions go out.
const rulebooks = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(rulebooks.map(({data, cases}) => {
  const rulebook = evaluator.load(data);
  return cases.map(({type, as_of: asOf, card}) => {
    const described = rulebook.types.get(type).facts;
    const values = new Map(Object.entries(card).map(([name, value]) => (
      [name, evaluator.decode(described.get(name).kind, value)]
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
})));
