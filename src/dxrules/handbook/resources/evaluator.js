// Decides facts as dxrules.meaning does, over trees that are data: no text of a rule is ever code.
//
// Unknown is null. Whole numbers are BigInt, other numbers Number; the two compare exactly, as they do in Python. A date
// is its day number (Number), a date and time its microseconds (BigInt), a set of members a Set.

const evaluator = (() => {
  const DAY = 86_400_000;
  const KINDS_OF_NUMBERS = new Set(["number", "bigint"]);

  // Values

  function dayNumber(year, month, day) {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day); // unlike Date.UTC, takes the years below 100 for what they are
    const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    return same && year >= 1 && year <= 9999 ? date.getTime() / DAY : null;
  }

  function parseDate(text) {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    return match === null ? null : dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  }

  function parseDatetime(text) {
    const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/.exec(text);
    const day = match === null ? null : parseDate(match[1]);
    if (day === null) return null;
    const [hour, minute, second] = [match[2], match[3], match[4] ?? "0"].map(Number);
    if (hour > 23 || minute > 59 || second > 59) return null;
    const micros = BigInt((match[5] ?? "").padEnd(6, "0"));
    return BigInt(((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000n + micros;
  }

  // A value as it stands in data, by its kind. Numbers are text there, because JSON has no whole numbers.
  function decode(kind, value) {
    if (value === null) return null;
    switch (kind) {
      case "int": return BigInt(value);
      case "float": return Number(value);
      case "date": return parseDate(value);
      case "datetime": return parseDatetime(value);
      case "set": return new Set(value);
      default: return value;
    }
  }

  function same(one, two) {
    if (one instanceof Set) return one.size === two.size && [...one].every((each) => two.has(each));
    return KINDS_OF_NUMBERS.has(typeof one) && KINDS_OF_NUMBERS.has(typeof two) ? one == two : one === two;
  }

  function compare(op, one, two) {
    switch (op) {
      case "==": return same(one, two);
      case "!=": return !same(one, two);
      case "<": return one < two;
      case "<=": return one <= two;
      case ">": return one > two;
      default: return one >= two;
    }
  }

  function calculate(op, left, right) {
    const whole = typeof left === "bigint" && typeof right === "bigint";
    const one = whole ? left : Number(left);
    const two = whole ? right : Number(right);
    const result = op === "+" ? one + two : op === "-" ? one - two : one * two;
    return Number.isNaN(result) ? null : result;
  }

  // Trees: every node is an array that begins with its name.

  function prepared(node) {
    switch (node[0]) {
      case "fact": case "definition": return node;
      case "const": return ["const", decode(node[1], node[2])];
      case "parameter": return node;
      case "in": return ["in", prepared(node[1]), node[2].map((each) => decode(...each)), node[3]];
      case "has": case "starts": case "none": case "is": return [node[0], prepared(node[1]), ...node.slice(2)];
      default: return [node[0], ...node.slice(1).map(prepared)];
    }
  }

  function children(node, type) {
    switch (node[0]) {
      case "fact": case "const": case "parameter": return [];
      case "definition": return [type.shared[node[1]]];
      case "in": case "has": case "starts": case "none": case "is": return [node[1]];
      default: return node.slice(1);
    }
  }

  // The data of a rulebook, made ready.
  function load(data) {
    const parameters = new Map(data.parameters.map(([name, values]) => [
      name,
      values.map(([start, kind, value]) => ({
        start: start === null ? -Infinity : parseDate(start), kind, value: decode(kind, value),
      })),
    ]));
    const types = new Map(data.types.map((type) => {
      const facts = new Map(type.facts.map((fact) => [fact.name, {...fact, labels: new Map(fact.labels)}]));
      const rules = type.rules.map((rule) => ({
        ...rule,
        when: prepared(rule.when),
        from: rule.from === null ? -Infinity : parseDate(rule.from),
        until: rule.until === null ? Infinity : parseDate(rule.until),
        message: new Map(Object.entries(rule.message).map(([lang, parts]) => [
          lang, parts.map((part) => (typeof part === "string" ? part : {expr: prepared(part[0]), format: part[1]})),
        ])),
      }));
      return [type.name, {
        name: type.name, facts, rules, shared: type.shared.map(prepared), overriders: type.overriders,
        gates: new Map(type.gates.map(([operation, deadlines]) => [operation, new Set(deadlines)])),
      }];
    }));
    return {types, parameters, operations: data.operations};
  }

  // One fact on one day. `card` maps the names of facts to their values; what it lacks is unknown.
  class Subject {
    constructor(rulebook, type, card, day) {
      Object.assign(this, {rulebook, type, card, day});
      this.remembered = new Map();
    }

    read(name) {
      for (const group of this.type.facts.get(name).groups) {
        if (this.given(group) === null) return null;
      }
      return this.given(name);
    }

    given(name) {
      return this.card.get(name) ?? null;
    }

    parameter(name) {
      let found = null;
      for (const each of this.rulebook.parameters.get(name)) {
        if (each.start <= this.day) found = each;
      }
      return found;
    }

    value(node) {
      switch (node[0]) {
        case "fact": return this.read(node[1]);
        case "const": return node[1];
        case "parameter": {
          const found = this.parameter(node[1]);
          if (found === null) return null;
          if (node[2] === "float") return Number(found.value);
          return found.kind === "text" ? decode(node[2], found.value) : found.value;
        }
        case "definition": {
          if (!this.remembered.has(node[1])) this.remembered.set(node[1], this.value(this.type.shared[node[1]]));
          return this.remembered.get(node[1]);
        }
        case "and": return this.decided(node, false);
        case "or": return this.decided(node, true);
        case "not": return not(this.value(node[1]));
        case "none": return (this.value(node[1]) === null) !== node[2];
        case "is": return (this.value(node[1]) === node[2]) !== node[3];
        case "in": return known(this.value(node[1]), (found) => node[2].some((each) => same(found, each)) !== node[3]);
        case "has": return known(this.value(node[1]), (found) => found.has(node[2]) !== node[3]);
        case "starts": return known(this.value(node[1]), (found) => found.startsWith(node[2]));
        case "neg": return known(this.value(node[1]), (found) => -found);
        case "len": return known(this.value(node[1]), (found) => BigInt(found.size));
        case "days": return known(this.value(node[1]), (found) => BigInt(this.day - found));
        case "+": case "-": case "*": return this.both(node, (one, two) => calculate(node[0], one, two));
        default: return this.both(node, (one, two) => compare(node[0], one, two));
      }
    }

    decided(node, by) {
      let unknown = false;
      for (let place = 1; place < node.length; place += 1) {
        const truth = this.value(node[place]);
        if (truth === by) return by;
        unknown ||= truth === null;
      }
      return unknown ? null : !by;
    }

    both(node, make) {
      const one = this.value(node[1]), two = this.value(node[2]);
      return one === null || two === null ? null : make(one, two);
    }

    // The unknown facts that an unknown expression waits for, in written order.
    missing(node) {
      if (node[0] === "fact") return [this.unknownName(node[1])];
      if (node[0] === "parameter") return [`parameter:${node[1]}`];
      const parts = children(node, this.type);
      const unknown = parts.filter((child) => this.value(child) === null);
      if (unknown.length === 0) return parts.flatMap((child) => this.factsOf(child));
      return unknown.flatMap((child) => this.missing(child));
    }

    unknownName(name) {
      return this.type.facts.get(name).groups.find((group) => this.given(group) === null) ?? name;
    }

    // The names of the facts in a tree, each once.
    factsOf(node, found = new Set()) {
      if (node[0] === "fact") found.add(node[1]);
      for (const child of children(node, this.type)) this.factsOf(child, found);
      return [...found];
    }

    // The node that a path of places leads to.
    at(node, path) {
      for (const place of path) node = children(node, this.type)[place];
      return node;
    }
  }

  function known(value, make) {
    return value === null ? null : make(value);
  }

  function not(truth) {
    return truth === null ? null : !truth;
  }

  // Decisions

  function evaluate(rulebook, typeName, card, day) {
    const type = rulebook.types.get(typeName);
    const subject = new Subject(rulebook, type, card, day);
    const truths = type.rules.map((rule) => (
      rule.from <= day && day < rule.until ? subject.value(rule.when) : undefined // not in force
    ));
    const overriders = new Map();
    const effective = [...truths];
    for (const [place, above] of type.overriders) { // overriders come first
      const inForce = above.filter((each) => truths[each] !== undefined);
      if (truths[place] === undefined || inForce.length === 0) continue;
      overriders.set(place, inForce);
      const parts = [truths[place], ...inForce.map((each) => not(effective[each]))];
      effective[place] = parts.includes(false) ? false : parts.includes(null) ? null : true;
    }
    const places = [...truths.keys()];
    const fired = places.filter((place) => effective[place] === true);
    const open = places.filter((place) => effective[place] === null);
    const silenced = places.filter((place) => effective[place] === false && truths[place] !== false);
    return {
      subject, truths, effective, overriders, fired, open, silenced,
      missing: (place) => missingOfRule(subject, place, truths, effective, overriders),
    };
  }

  function missingOfRule(subject, place, truths, effective, overriders) {
    const names = new Set(), seen = new Set(), waiting = [place];
    while (waiting.length > 0) {
      const each = waiting.pop();
      if (seen.has(each) || effective[each] !== null) continue;
      seen.add(each);
      if (truths[each] === null) subject.missing(subject.type.rules[each].when).forEach((name) => names.add(name));
      waiting.push(...[...(overriders.get(each) ?? [])].reverse());
    }
    return [...names];
  }

  function verdict(decision, operation) {
    const blocks = (place) => {
      const rule = decision.subject.type.rules[place];
      return rule.kind === "block" && rule.target === operation;
    };
    return decision.fired.some(blocks) ? "blocked" : decision.open.some(blocks) ? "undetermined" : "allowed";
  }

  function ready(decision, operation) {
    const deadlines = decision.subject.type.gates.get(operation) ?? new Set();
    const gates = (place) => {
      const rule = decision.subject.type.rules[place];
      return rule.kind === "require" && deadlines.has(rule.deadline);
    };
    const found = verdict(decision, operation);
    if (found === "blocked" || decision.fired.some(gates)) return false;
    return found === "undetermined" || decision.open.some(gates) ? null : true;
  }

  // Text

  const WORDS = {
    en: {unknown: "unknown", true: "yes", false: "no", empty: "none", comma: ", ", yuan: "yuan"},
    zh: {unknown: "未知", true: "是", false: "否", empty: "无", comma: "、", yuan: "元"},
  };

  function message(decision, place, lang) {
    return decision.subject.type.rules[place].message.get(lang).map((part) => (
      typeof part === "string" ? part : hole(decision.subject, part, lang)
    )).join("");
  }

  function hole(subject, part, lang) {
    const value = subject.value(part.expr);
    return part.format === "yuan" && typeof value === "bigint" ? yuan(value, lang) : show(subject, part.expr, value, lang);
  }

  function yuan(fen, lang) {
    const size = fen < 0n ? -fen : fen;
    return `${fen < 0n ? "-" : ""}${size / 100n}.${String(size % 100n).padStart(2, "0")} ${WORDS[lang].yuan}`;
  }

  function show(subject, node, value, lang) {
    while (node[0] === "definition") node = subject.type.shared[node[1]];
    return showAs(node[0] === "fact" ? subject.type.facts.get(node[1]) : null, value, lang);
  }

  // The value of a fact (or of what is none) as text.
  function showAs(fact, value, lang) {
    const words = WORDS[lang];
    if (value === null) return words.unknown;
    if (typeof value === "boolean") return words[value];
    switch (fact?.kind) {
      case "date": return showDay(value, lang);
      case "datetime": return showTime(value, lang);
      case "enum": return fact.labels.get(value)[lang];
      case "set": {
        const held = [...fact.labels].filter(([member]) => value.has(member)).map(([, label]) => label[lang]);
        return held.join(words.comma) || words.empty;
      }
      default: return typeof value === "number" ? showNumber(value) : String(value);
    }
  }

  function showDay(day, lang) {
    const date = new Date(day * DAY);
    const [year, month, number] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    if (lang === "zh") return `${year}年${month}月${number}日`;
    return `${String(year).padStart(4, "0")}-${two(month)}-${two(number)}`;
  }

  function showTime(micros, lang) {
    const whole = micros - mod(micros, 1_000_000n);
    const seconds = Number(whole / 1_000_000n);
    const inDay = ((seconds % 86_400) + 86_400) % 86_400;
    const second = inDay % 60;
    const clock = `${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}`;
    return `${showDay((seconds - inDay) / 86_400, lang)} ${clock}${second ? `:${two(second)}` : ""}`;
  }

  function mod(one, two) {
    return ((one % two) + two) % two;
  }

  function two(number) {
    return String(number).padStart(2, "0");
  }

  // As Python writes a float, without the `.0` of whole ones: both languages give the shortest digits that read back.
  function showNumber(number) {
    if (!Number.isFinite(number)) return number < 0 ? "-inf" : "inf";
    const sign = number < 0 || Object.is(number, -0) ? "-" : "";
    const [mantissa, power] = Math.abs(number).toExponential().split("e");
    const digits = mantissa.replace(".", ""), exponent = Number(power);
    if (exponent < -4 || exponent >= 16) {
      const size = String(Math.abs(exponent)).padStart(2, "0");
      return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
    }
    if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
    const padded = digits.padEnd(exponent + 1, "0"), rest = padded.slice(exponent + 1);
    return `${sign}${padded.slice(0, exponent + 1)}${rest ? `.${rest}` : ""}`;
  }

  return {
    load, decode, parseDate, parseDatetime, evaluate, verdict, ready, message, showAs, showDay, yuan,
  };
})();
