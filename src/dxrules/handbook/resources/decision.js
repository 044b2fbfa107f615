// Shows a decision: verdicts, outcomes with their reasons, what is undetermined and what would settle it.

const KINDS = ["block", "require", "suggest", "warn", "inform"];
const OPENED = 12; // outcomes whose reasons are shown without being asked for
const LISTED = 200; // more undetermined rules than this are listed only when they are asked for

function make(tag, attributes, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) found.setAttribute(name, value);
  }
  found.append(...children.filter((each) => each !== null));
  return found;
}

class DecisionView {
  constructor(place, summary, form, lang, called) {
    Object.assign(this, {place, summary, form, lang, called: new Map(called)});
    this.articles = new Map([...document.querySelectorAll("article.rule")].map((article) => (
      [`${article.dataset.type} ${article.dataset.name}`, article]
    )));
  }

  problems(names) {
    this.summary.textContent = say("mend", names.join(say("comma")));
    this.place.replaceChildren();
  }

  show(rulebook, found) {
    const type = rulebook.types.get(found.type);
    const card = new Map(Object.entries(found.card).map(([name, value]) => (
      [name, evaluator.decode(type.facts.get(name).kind, value)]
    )));
    const decision = evaluator.evaluate(rulebook, found.type, card, evaluator.parseDate(found.as_of));
    const day = evaluator.showDay(decision.subject.day, this.lang);
    const counts = say("summary", decision.fired.length, decision.open.length);
    this.summary.textContent = `${found.type} · ${say("on", day)} · ${counts}`;
    this.place.replaceChildren(
      ...this.verdicts(decision), ...this.outcomes(decision), ...this.undetermined(decision), ...this.silenced(decision),
      this.data(found),
    );
  }

  verdicts(decision) {
    const type = decision.subject.type;
    const blocked = new Set(type.rules.filter((rule) => rule.kind === "block").map((rule) => rule.target));
    const operations = decision.subject.rulebook.operations.filter((each) => blocked.has(each));
    if (operations.length === 0) return [];
    const lines = operations.map((operation) => {
      const verdict = evaluator.verdict(decision, operation), ready = evaluator.ready(decision, operation);
      const readiness = {true: "ready", false: "not ready", null: "ready unknown"}[ready];
      const also = type.gates.has(operation) && verdict === "allowed" ? make("span", {}, say(readiness)) : null;
      return make("div", {class: `verdict v-${verdict}`, "data-operation": operation},
        make("strong", {}, `${this.called.get(operation)}${say("colon")}${say(`verdict ${verdict}`)}`), also);
    });
    return [make("div", {class: "verdicts"}, ...lines)];
  }

  outcomes(decision) {
    if (decision.fired.length === 0) return [make("p", {}, say("nothing"))];
    const rules = decision.subject.type.rules;
    let shown = 0;
    return KINDS.flatMap((kind) => {
      const places = decision.fired.filter((place) => rules[place].kind === kind);
      if (places.length === 0) return [];
      return [
        make("h4", {}, say(`kind ${kind}`)),
        ...places.map((place) => this.outcome(decision, place, (shown += 1) <= OPENED)),
      ];
    });
  }

  outcome(decision, place, open) {
    const rule = decision.subject.type.rules[place];
    const badges = this.article(decision, place)?.querySelector(".badges")?.cloneNode(true);
    return make("div", {class: `outcome ${rule.kind}`, "data-code": rule.name},
      badges ?? null,
      make("p", {class: "said"}, evaluator.message(decision, place, this.lang)),
      this.reasons(decision, place, open));
  }

  article(decision, place) {
    return this.articles.get(`${decision.subject.type.name} ${decision.subject.type.rules[place].name}`);
  }

  ruleLink(decision, place) {
    const name = decision.subject.type.rules[place].name;
    return make("a", {href: `#${this.article(decision, place).id}`}, make("code", {}, name));
  }

  reasons(decision, place, open) {
    const why = make("summary", {}, `${say("why")}${say("colon")}`, make("code", {}, decision.subject.type.rules[place].name));
    const details = make("details", {class: "why"}, why);
    const fill = () => {
      if (details.childElementCount === 1) details.append(this.tree(decision, place), this.more(decision, place));
    };
    details.addEventListener("toggle", fill);
    if (open) {
      fill();
      details.open = true;
    }
    return details;
  }

  more(decision, place) {
    const sources = [...this.article(decision, place).querySelectorAll("dl a.source")].map((each) => each.cloneNode(true));
    const line = make("p", {class: "muted"}, this.ruleLink(decision, place), " ");
    line.append(...sources.flatMap((each) => [each, " "]));
    return line;
  }

  // The tree of the rule, as its entry on the page has it, with the truth of each line and what it read.
  tree(decision, place) {
    const rule = decision.subject.type.rules[place];
    const tree = this.article(decision, place).querySelector(".condition").cloneNode(true);
    for (const line of tree.querySelectorAll("li")) {
      const path = line.dataset.path === "" ? [] : line.dataset.path.split(".").map(Number);
      const truth = decision.subject.value(decision.subject.at(rule.when, path));
      const phrase = line.querySelector(":scope > .phrase");
      phrase.before(make("span", {class: `truth t-${truth === null ? "unknown" : truth}`}, say(truth === null ? "unknown" : String(truth))), " ");
      const reads = (line.dataset.reads ?? "").split(" ").filter(Boolean);
      if (reads.length > 0) phrase.after(make("span", {class: "seen"}, reads.map((name) => this.reading(decision, name)).join(say("comma"))));
    }
    return tree;
  }

  reading(decision, name) {
    const {subject} = decision, fact = subject.type.facts.get(name), value = subject.read(name);
    return `${this.label(subject, name)}${say("colon")}${this.valueText(fact, value)}`;
  }

  valueText(fact, value) {
    if (value !== null && fact.personal) return "***";
    if (fact.kind === "group") return say(value === null ? "group unknown" : "given");
    if (value !== null && fact.unit === "fen" && typeof value === "bigint") return evaluator.yuan(value, this.lang);
    return evaluator.showAs(fact, value, this.lang);
  }

  label(subject, name) {
    if (name.startsWith("parameter:")) return say("parameter", name.slice("parameter:".length));
    return this.form.fields.get(name).box.querySelector("label, legend").textContent;
  }

  undetermined(decision) {
    if (decision.open.length === 0) return [];
    const missing = decision.open.map((place) => decision.missing(place));
    const counts = new Map();
    for (const name of missing.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
    const asked = [...counts].filter(([name]) => this.form.fields.has(name)).sort((one, two) => two[1] - one[1]);
    const buttons = asked.map(([name, count]) => {
      const button = make("button", {type: "button", "data-ask": name}, this.label(decision.subject, name),
        make("small", {}, count === 1 ? say("rule waits") : say("rules wait", count)));
      button.addEventListener("click", () => this.form.fields.get(name).focus());
      return make("li", {}, button);
    });
    const rows = () => decision.open.map((place, index) => this.waiting(decision, place, missing[index]));
    const summary = make("summary", {}, `${say("undetermined")} (${decision.open.length})`);
    const details = make("details", {class: "waiting"}, summary);
    const fill = () => {
      if (details.childElementCount === 1) details.append(make("ul", {}, ...rows()));
    };
    details.addEventListener("toggle", fill);
    if (decision.open.length <= LISTED) fill();
    return [
      ...(buttons.length > 0 ? [make("h4", {}, say("ask")), make("ul", {class: "asked"}, ...buttons)] : []),
      details,
    ];
  }

  // An undetermined rule, and what it waits for.
  waiting(decision, place, missing) {
    const rules = decision.subject.type.rules;
    const names = missing.map((name) => this.label(decision.subject, name));
    const above = (decision.overriders.get(place) ?? []).filter((each) => decision.effective[each] === null);
    const held = above.map((each) => say("held by", rules[each].name));
    return make("li", {"data-code": rules[place].name}, this.ruleLink(decision, place),
      ` ${say("waits")}${say("colon")}${[...names, ...held].join(say("comma"))}`);
  }

  silenced(decision) {
    if (decision.silenced.length === 0) return [];
    const rows = decision.silenced.map((place) => {
      const above = decision.overriders.get(place).filter((each) => decision.effective[each] === true);
      const names = above.map((each) => decision.subject.type.rules[each].name).join(say("comma"));
      return make("li", {"data-code": decision.subject.type.rules[place].name}, this.ruleLink(decision, place), ` ${say("silenced by", names)}`);
    });
    return [make("h4", {}, say("silenced")), make("ul", {class: "waiting"}, ...rows)];
  }

  // The case as it may be handed to others; personal data stays here.
  data(found) {
    const personal = (name) => this.form.fields.get(name).fact.personal;
    const facts = Object.entries(found.card).filter(([name, value]) => value !== null && !personal(name));
    const text = JSON.stringify({as_of: found.as_of, [found.type]: Object.fromEntries(facts)}, null, 1);
    return make("details", {class: "written"}, make("summary", {}, say("data")),
      make("pre", {tabindex: "0", role: "group", "aria-label": say("data")}, text));
  }
}
