"""Rule texts that are meant to do harm, each by its name, with the code of the first mistake that they are.

Run with a name it loads that one and prints the codes that come of it, so that a crash, a hang or a flood of memory
is that of a child process.
"""

import sys

HEAD = "rulebook: p\nfacts: Card\n"


def rule(when="lost", name="A", en="x", more=""):
    return f'  {name}:\n    when: {when}\n    warn:\n    message: {{en: "{en}", zh: "y"}}\n{more}'


def rules(*each, head=""):
    return f"{HEAD}{head}rules:\n{''.join(each)}"


def condition(text):
    return rules(rule(f"'{text}'"))


def laughs(count):
    doubling = "".join(f"  d{number}: d{number - 1} and d{number - 1}\n" for number in range(1, count))
    return f"define:\n  d0: lost\n{doubling}"


def patterns(*each, more=""):
    head = "rulebook: p\nfacts: {card: Card, event: CardEvent}\nkeep: 30 days\nrules:\n"
    return f"{head}{''.join(each)}{more}"


def pattern(match, name="A", about="m0", given=""):
    examples = f"    examples: [{{fires: false, given: [{given}]}}]\n" if given else ""
    return (
        f"  {name}:\n    match: {{{match}}}\n    about: {about}\n    warn:\n    message: {{en: x, zh: y}}\n{examples}"
    )


EVENT = "{is: event, kind: charge, at: 2026-01-01T00:00}, "


def numbered(count, line, start=0):
    return "".join(line.format(number, number + 1) for number in range(start, start + count))


OVERRIDE = "    overrides: [R{}]\n    examples: [{{given: {{lost: true}}, fires: true}}]\n"
HOSTILE = {
    # conditions
    "three thousand nots": (lambda: condition("not " * 3_000 + "lost"), "condition/too-long"),
    "as many nots as fit": (lambda: condition("not " * 1_990 + "lost"), "condition/too-deep"),
    "fifty thousand dashes": (lambda: condition("-" * 50_000 + "1"), "condition/too-long"),
    "seven thousand dashes": (lambda: condition("-" * 7_000 + "1 > 0"), "condition/too-deep"),
    "brackets": (lambda: condition("(" * 3_000 + "lost" + ")" * 3_000), "condition/too-deep"),
    "nots in brackets": (lambda: condition(("not " * 20 + "(") * 90 + "lost" + ")" * 90), "condition/too-deep"),
    "chains in chains": (lambda: condition("1 < (" * 99 + "arrears_fen" + " < 1)" * 99), "type/mismatch"),
    "equal chains": (lambda: condition("lost == (" * 60 + "lost" + " == lost)" * 60), "condition/too-large"),
    "attributes": (lambda: condition("lost" + ".a" * 3_900), "condition/too-deep"),
    "calls": (lambda: condition("len(" * 900 + "lost" + ")" * 900), "condition/too-deep"),
    "calls of calls": (lambda: condition("lost" + "()" * 3_900), "condition/syntax"),
    "sums": (lambda: condition("1" + "+1" * 3_900 + " > 0"), "condition/too-deep"),
    "lists in lists": (lambda: condition("arrears_fen in (" * 80 + "1" + ",)" * 80), "condition/tuple"),
    "a large number": (lambda: condition("arrears_fen > " + "9" * 7_900), "type/overflow"),
    "a large exponent": (lambda: condition("arrears_fen > 1e" + "9" * 390), "type/overflow"),
    "a product": (lambda: condition("arrears_fen" + " * 9" * 90 + " > 0"), "type/overflow"),
    "a long name": (lambda: condition("a" * 7_900), "name/unknown"),
    "executed code": (lambda: condition('__import__("os").system("exit 1")'), "name/function"),
    "a subclass walk": (lambda: condition("lost.__class__.__mro__"), "name/unknown"),
    "a lambda": (lambda: condition("(lambda: 1)()"), "condition/not-allowed"),
    # definitions, overrides, messages
    "billion laughs": (lambda: rules(rule("d99"), head=laughs(100)), "condition/too-large"),
    "laughs in every rule": (
        lambda: rules(numbered(5_000, rule("d11", "R{}").replace("{en", "{{en").replace('y"}', 'y"}}')),
                      head=laughs(12)), "condition/too-large"),
    "laughs in messages": (lambda: rules(*(rule(name=f"R{n}", en="{d11}" * 900) for n in range(50)), head=laughs(12)),
                           "condition/too-large"),
    "laughs in examples": (lambda: rules(rule("d10", more="    examples:\n" + "      - {fires: unknown}\n" * 30_000),
                                         head=laughs(11)), "example/too-many"),
    "a long ring": (lambda: rules(rule("d9"), head="define:\n" + numbered(20_000, "  d{0}: d{1} and d0\n")),
                    "define/cycle"),
    "a long chain": (lambda: rules(rule("d9"), head="define:\n" + numbered(20_000, "  d{0}: d{1}\n")
                                   + "  d20000: lost\n"), "condition/too-large"),
    "a wide definition": (lambda: rules(rule("w"), head="define:\n" + numbered(20_000, "  d{0}: lost\n") + "  w: ["
                                        + numbered(20_000, "d{0}, ") + "lost]\n"), "condition/too-large"),
    "a chain of overrides": (lambda: rules(*(rule(name=f"R{n}", more=OVERRIDE.format(n + 1)) for n in range(3_000)),
                                           rule(name="R3000")), "example/contradiction"),
    "rings of overrides": (lambda: rules(*(rule(name=f"R{n}", more=f"    overrides: [R{max(0, n - 1)}, R0]\n")
                                           for n in range(5_000))), "rule/override-cycle"),
    "many unknown names": (lambda: rules(*(rule(f"dfe_{n}", f"R{n}") for n in range(5_000)),
                                         head="define:\n" + numbered(5_000, "  def_{0}: lost\n")), "name/unknown"),
    "many unknown keys": (lambda: rules(rule()) + numbered(50_000, "kez{0}: 1\n"), "key/unknown"),
    "many dates": (lambda: rules(rule("arrears_fen > p", more="    examples:\n" + "      - {given: {arrears_fen: 5}, "
                                      "fires: unknown}\n" * 5_000), head="parameters:\n  p:\n" + "".join(
        f"    {year}-{month:02}-{day:02}: 1\n" for year in range(2001, 2031) for month in range(1, 13)
        for day in range(1, 28))), None),
    "braces": (lambda: rules(rule(en="{" * 19_001)), "message/brace"),
    "wide braces": (lambda: rules(rule(en="｛a" * 9_000)), None),
    # pattern rules
    "thousands of pattern rules": (
        lambda: patterns(*(pattern("m0: {is: event}", f"R{n}") for n in range(2_000))), None),
    "many matches": (lambda: patterns(pattern("m0: {is: event}" + numbered(5_000, ", m{0}: {{is: event}}", 1))),
                     "pattern/match"),
    "all ways to match": (lambda: patterns(pattern(
        "m0: {is: event}" + numbered(7, ", m{0}: {{is: event, joined: card_id == m0.card_id}}", 1), given=EVENT * 300)),
        "example/too-many"),
    "all ways to count": (lambda: patterns(pattern("m0: {is: event, joined: card_id, at_least: 500}",
                                                   given=EVENT * 1_000)), "example/too-many"),
    "all ways to count what is not there": (lambda: patterns(pattern(
        "m0: {is: card}, m1: {is: event, joined: card_id == m0.card_id, at_least: 50}", given=EVENT * 100)),
        "example/too-many"),
    "very many given facts": (lambda: patterns(pattern("m0: {is: card}", given=EVENT * 10_000)), None),
    "a length of time": (lambda: patterns(pattern("m0: {is: event}")).replace("30 days", "9" * 9_000 + " days"),
                         "pattern/duration"),
    "a joined chain": (
        lambda: patterns(pattern("m0: {is: event}, m1: {is: event, joined: '" + "card_id == m0.card_id and " * 300
                                 + "card_id == m0.card_id'}")), None),
    # YAML
    "a date that is none": (lambda: rules(rule(more="    valid: {from: 2026-13-01}\n")), "rule/date"),
    "aliases": (lambda: "a: &a [x, x]\n" + numbered(100, "b{0}: &b{0} [*a, *a]\n"), "yaml/alias"),
    "a recursive alias": (lambda: "a: &a [*a]\n", "yaml/alias"),
    "a tag": (lambda: rules(rule("!!python/object/apply:os.system [exit 1]")), "yaml/tag"),
    "a hundred thousand brackets": (lambda: "[" * 100_000, "yaml/too-deep"),
    "a hundred thousand braces": (lambda: "{a: " * 100_000, "yaml/too-deep"),
    "a hundred thousand dashes": (lambda: "- " * 100_000, "yaml/too-deep"),
    "nested lists of conditions": (lambda: rules(rule("[" * 99 + "lost" + "]" * 99)), "yaml/too-deep"),
    "nested facts": (lambda: rules(rule(more="    examples: [{fires: true, given: {request: " + "{request: " * 80 + "1"
                                        + "}" * 80 + "}}]\n")), "example/fact"),
    "NUL": (lambda: rules(rule("lo\0st")), "yaml/character"),
    "half a character": (lambda: rules(rule("lo\ud800st")), "yaml/character"),
    "half a character, escaped": (lambda: rules(rule('"account_id == \'\\ud800\'"')), "yaml/escape"),
    "control characters, escaped": (lambda: rules(rule('"account_id == \'\\e[31m\'"')), "yaml/character"),
    "a huge number": (lambda: rules(rule(more=f"    priority: {'9' * 5_000}\n")), "rule/priority"),
    "sixteen megabytes of comment": (lambda: rules(rule()) + "#" + "x" * 16_000_000, None),
    "sixteen megabytes of message": (lambda: rules(rule(en="x" * 16_000_000)), "message/too-long"),
    "sixteen megabytes of condition": (lambda: condition("lost and " * 1_800_000), "condition/too-long"),
    "sixteen megabytes of one word": (lambda: "x" * 16_000_000, "pack/not-a-mapping"),
    "thirty-three megabytes": (lambda: HEAD + "x" * 34_000_000, "yaml/too-large"),
    "mangled everywhere": (lambda: HEAD + 'a: "x" y\n' * 20_000, "yaml/quotes"),
}  # fmt: skip


def main(name):
    import resource

    import dxrules

    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))
    try:
        dxrules.load(dxrules.Text(HOSTILE[name][0]()))
    except dxrules.RulebookError as error:
        if len(str(error).encode()) > 1_000_000:
            sys.exit("the text of the error is a flood")
        print(*(each.code for each in error.diagnostics))


if __name__ == "__main__":
    main(sys.argv[1])
