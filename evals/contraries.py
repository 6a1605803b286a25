"""Words of which one denies, reverses or strengthens the other: tables, and how a word is exchanged by them. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from evals.corpus import Subject

Change = Callable[[Subject, Random], str]
Table = Mapping[str, Sequence[str]]

NUMBER = (
    r"(?:[$€£]?\d[\d,]*(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety)\b"
)


def both_ways(pairs: str) -> Table:
    """ "rose:fell more:less" as a table: each word may become any of those that it is paired with."""
    table: dict[str, list[str]] = {}
    for pair in pairs.split():
        one, other = pair.replace("_", " ").split(":")
        table.setdefault(one, []).append(other)
        table.setdefault(other, []).append(one)
    return table


def groups(*lines: str) -> Table:
    """Each word of a line may become any other one of it."""
    table: dict[str, list[str]] = {}
    for line in lines:
        words = [word.replace("_", " ") for word in line.split()]
        for word in words:
            table.setdefault(word, []).extend(other for other in words if other != word)
    return table


def swapping(table: Table, *, after: str = "", before: str = "", unless: str = "") -> Change:
    """A change of one word of the table, where `after` stands before it, `before` behind it, and no `unless` over it.

    Words within names keep their place: only small letters are changed, or the first letter of the words.
    """
    words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"{after}(?<![\w’'-])(?P<word>{words})(?![\w’'-]){before}", re.IGNORECASE)
    kept = re.compile(unless, re.IGNORECASE) if unless else None

    def change(subject: Subject, random: Random) -> str:
        text = subject.words
        safe = [match.span() for match in kept.finditer(text)] if kept else []
        found = [
            match
            for match in pattern.finditer(text)
            if (match["word"].islower() or (match.start("word") == 0 and match["word"][1:].islower()))
            and not any(start <= match.start("word") < end for start, end in safe)
        ]
        if not found:
            return ""
        match = random.choice(found)
        new = random.choice(table[match["word"].lower()])
        if match["word"][0].isupper():
            new = new[:1].upper() + new[1:]
        article = r"\1n " if new[:1] in "aeiou" else r"\1 "
        before = re.sub(r"(?<![\w’'-])([Aa])n? $", article, text[: match.start("word")])
        changed = f"{before}{new}{text[match.end('word') :]}"
        return changed if new else " ".join(changed.split())

    return change


UNITS = groups(
    "kilometres miles metres feet inches", "kilometers miles meters feet inches", "km miles metres",
    "km² acres hectares", "kilograms tonnes grams", "pounds tonnes ounces", "kg tonnes",
    "seconds minutes hours days weeks months years decades",
    "hundred thousand million billion trillion", "Celsius Fahrenheit", "dollars euros pounds", "mph km/h",
    "barrels gallons litres",
)  # fmt: skip
CURRENCIES = groups("$ € £ ¥")
DIRECTIONS = both_ways(
    "rose:fell risen:fallen rises:falls rising:falling increase:decrease increased:decreased increases:decreases"
    " increasing:decreasing grew:shrank growing:shrinking growth:decline north:south northern:southern east:west"
    " eastern:western northeast:southwest northwest:southeast above:below won:lost winning:losing accept:reject"
    " accepted:rejected higher:lower highest:lowest largest:smallest larger:smaller longer:shorter longest:shortest"
    " older:younger oldest:youngest earlier:later early:late inside:outside bought:sold victory:defeat"
    " majority:minority maximum:minimum imports:exports entered:left opened:closed began:ended allowed:banned"
    " approved:rejected supported:opposed attacked:defended best:worst strong:weak stronger:weaker hot:cold rich:poor"
    " public:private internal:external upper:lower positive:negative success:failure succeeded:failed arrived:departed"
    " appointed:dismissed hired:fired built:destroyed confirmed:denied possible:impossible able:unable"
    " likely:unlikely legal:illegal successful:unsuccessful official:unofficial better:worse faster:slower heavy:light"
    " gained:lost gain:loss advanced:retreated attack:defence ancient:modern wide:narrow deep:shallow"
)
ORDERS = both_ways("before:after until:after more_than:less_than more_than:fewer_than")
DENIALS: Table = {
    "failed to": ["managed to"], "refused to": ["agreed to"], "unable to": ["able to"], "without": ["with"],
    "denied": ["confirmed"], "neither": ["both"], "cannot": ["can"], "managed to": ["failed to"],
    "agreed to": ["refused to"], "never": ["always"],
}  # fmt: skip
STRONGER: Table = {
    "may have": ["had"], "might have": ["had"], "could have": ["had"], "may be": ["will be"], "might be": ["will be"],
    "could be": ["will be"], "may": ["will"], "might": ["will"], "is likely to": ["will"], "are likely to": ["will"],
    "is expected to": ["will"], "are expected to": ["will"], "is believed to": ["is known to"],
    "are believed to": ["are known to"], "was believed to": ["was known to"], "is thought to": ["is known to"],
    "are thought to": ["are known to"], "probably": ["certainly"], "possibly": ["certainly"],
    "perhaps": ["certainly"], "reportedly": ["certainly"], "allegedly": ["certainly"], "apparently": ["certainly"],
    "presumably": ["certainly"], "seems to": ["is known to"], "appears to": ["is known to"],
    "suggested that": ["proved that"], "suggests that": ["proves that"], "suggest that": ["prove that"],
    "alleged": ["proven"], "suspected": ["convicted"], "possible": ["certain"], "potential": ["certain"],
}  # fmt: skip
WEAKER: Table = {
    "will": ["may", "might"], "must": ["should", "may"], "is": ["may be"], "are": ["may be"], "was": ["may have been"],
    "were": ["may have been"], "has been": ["may have been"], "have been": ["may have been"], "has": ["may have"],
    "can": ["should"], "should": ["must"],
}  # fmt: skip
# Of "all" → "some" the second still holds: only what the first does not say.
QUANTIFIERS: Table = {
    "some": ["all", "no", "most"], "many": ["all", "few", "no"], "most": ["all", "few"], "several": ["all", "no"],
    "few": ["many", "all"], "all": ["no", "few"], "every": ["no"], "each": ["no"], "both": ["neither"],
    "half": ["all", "none"], "often": ["always", "never", "rarely"], "usually": ["always", "never"],
    "sometimes": ["always", "never"], "rarely": ["often", "always"], "always": ["never", "rarely"],
    "generally": ["always", "never"], "mostly": ["entirely"], "partly": ["entirely"], "mainly": ["only"],
}  # fmt: skip
BOUNDS: Table = {
    "more than": ["fewer than", "exactly", ""], "over": ["under"], "fewer than": ["more than", ""],
    "less than": ["more than", ""], "at least": ["at most", "exactly", "fewer than"], "up to": ["at least", ""],
    "at most": ["at least"], "nearly": ["more than", ""], "almost": ["more than", ""],
    "about": ["more than", "exactly"], "around": ["more than", "exactly"], "roughly": ["exactly"],
    "approximately": ["exactly", "more than"],
    "under": ["over"], "some": ["exactly"],
}  # fmt: skip
RELATIONS: Table = {
    "son of": ["father of", "brother of"], "daughter of": ["mother of", "sister of"], "father of": ["son of"],
    "mother of": ["daughter of"], "brother of": ["father of"], "wife of": ["sister of", "mother of"],
    "husband of": ["brother of"], "because of": ["despite", "regardless of"], "due to": ["despite"],
    "despite": ["because of"], "led by": ["opposed by"], "backed by": ["opposed by"], "supported by": ["opposed by"],
    "allied to": ["fighting"], "loyal to": ["hostile to"], "caused by": ["prevented by"], "caused": ["prevented"],
    "causes": ["prevents"], "member of": ["opponent of"], "members of": ["opponents of"], "born in": ["died in"],
    "died in": ["born in"], "founded": ["dissolved"], "capital of": ["region of"], "in favour of": ["against"],
    "in favor of": ["against"], "against": ["in favour of"], "part of": ["independent of", "opposed to"],
    "owned by": ["sold to"], "wrote": ["read", "sang"], "followed by": ["preceded by"], "based on": ["contrary to"],
    "similar to": ["different from"], "different from": ["identical to"], "used by": ["sold by", "banned by"],
    "written by": ["read by"], "known for": ["criticised for"], "responsible for": ["opposed to"],
    "consists of": ["is part of"], "includes": ["excludes"], "including": ["except"], "replaced": ["preceded"],
    "succeeded by": ["preceded by"], "such as": ["except"], "produced by": ["bought by"], "parent": ["rival"],
    "taught": ["studied"], "designed": ["demolished"], "discovered": ["disproved"], "invented": ["imitated"],
}  # fmt: skip
SMALL_WORDS = groups("in on at by from", "the a this that", "of for to with", "and or but", "his her their its our")

unit = swapping(UNITS, after=rf"(?:{NUMBER}[ -])")
direction = swapping(
    {**DIRECTIONS, **ORDERS},
    unless=r"\b(?:named|looks?|looking|looked|sought|day|year|time|one|soon|shortly|thereafter|until) after\b"
    r"|\b(?:no|any) longer\b|\bno later\b|\b(?:at|as|so) (?:best|worst|likely)\b|\bleft (?:in|on|out|over|to)\b"
    r"|\bnot (?:until|before)\b|\bbefore or after\b|\b(?:was|were|is|are|been|be|as|the|has|have|had|so far) left\b",
)
denial = swapping(DENIALS, unless=r"\b(?:not without|without (?:a )?doubt|neither of)\b")
hedge_removed = swapping(STRONGER, unless=r"\b(?:as|not|if|n't|is|was|are|were) possible\b|\b(?:may|might|could) not\b")
hedge_added = swapping(WEAKER, unless=r"\b(?:that is|is to|has to|can't|as is|what is)\b")
quantifier = swapping(
    QUANTIFIERS,
    unless=r"\b(?:at all|at most|not (?:all|every|both|always|usually|often)"
    r"|(?:as|so|how) (?:many|few|often)"
    r"|each other|(?:first|most) of all|after all|all (?:but|along|over|right|of a sudden)|all-|half-|a few|the few"
    r"|few weeks"
    r"|the most|one half|half of the|the (?:first|second|last|other) half|(?:more|less) (?:often|usually)|both sides"
    r"|most [a-z]+(?:ed|ly|al|ive|ous|ful|ic|ant|ent|ing|ar|ble)\b|great many)"
    rf"|\bsome {NUMBER}",
)
bound = swapping(BOUNDS, before=rf"(?= {NUMBER})(?! (?:1[0-9]|20)\d\d\b)")
relation = swapping(
    RELATIONS,
    unless=r"\b(?:as|for|a|the|large|main|integral) part of\b|\bparent (?:of|company|who)\b"
    r"|\bagainst (?:the )?background\b",
)
small_word = swapping(SMALL_WORDS)


def currency(subject: Subject, random: Random) -> str:
    """Another sign before a number."""
    found = list(re.finditer(r"[$€£¥](?=\s?\d)", subject.words))
    if not found:
        return ""
    place = random.choice(found).start()
    sign = subject.words[place]
    return f"{subject.words[:place]}{random.choice(CURRENCIES[sign])}{subject.words[place + 1 :]}"
