"""How a norm is written: the grammar, and what is said of a line that it cannot read."""

from __future__ import annotations

from functools import cache

from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from privgym.errors import PrivgymError, did_you_mean

# The basic lexer keeps keywords reserved everywhere, so that `never if of ana to boss` cannot
# read "if" as an attribute; `name` lets those be names that people use as such.
GRAMMAR = r"""
?line: sphere | purpose | has | imply | audience | rule | most
sphere: "sphere" name default ["for" names]
!default: "denies" | "allows"
purpose: "purpose" names
has: name "has" names
imply: name ("and" name)* ("imply" | "implies") name
audience: "audience" who ("," who)+
rule: kind names "of" who "to" who ["from" who] ["for" name] ["in" name] clauses [deadline]
!kind: "never" | "allow" | "must"
most: "at" "most" INT "of" names "of" who "to" (same | who) [span]
same: "the" "same" "recipient"
clauses: clause*
clause: link cond ("or" cond)*
      | until event
      | when (asked | event)
!link: "if" | "unless"
!until: "until"
!when: "when"
asked: "asked"
event: "event" name
cond: [who] act [span]        -> did
    | "known"                 -> known
    | "told" "in" "confidence" -> confidence
    | "learned" "in" name     -> learned
    | who "is" who            -> is_
    | "after" "event" name [span] -> after
!act: "consented" | "withdrew" | "asked" | "delegated"
span: "this" "session" -> this
    | "within" count   -> within
deadline: "by" "end" "of" end -> by_end
        | "by" count          -> by_count
!end: "session" | "episode"
count: INT unit
!unit: "minute" | "minutes" | "hour" | "hours" | "day" | "days"
     | "year" | "years" | "step" | "steps" | "session" | "sessions"
names: name ("," name)*
who: name ["of" name]
!name: NAME | "audience" | "event" | "known" | "purpose" | "recipient" | "minute" | "hour" | "day"
     | "year" | "step" | "days" | "years" | "steps"
NAME: /[a-z][a-z0-9_]*/
INT: /[1-9][0-9]{0,5}/
%ignore /[ \t]+/
"""


@cache
def parser() -> Lark:
    """The parser of one line."""
    return Lark(GRAMMAR, start="line", parser="lalr", lexer="basic", maybe_placeholders=True)


def unread(error: UnexpectedInput, line: str, where: str, number: int) -> PrivgymError:
    """What is wrong with a line, at which column, and what would fit there."""
    token = str(getattr(error, "token", ""))
    # lark places the end of the text at its last token.
    column = error.column if token or isinstance(error, UnexpectedCharacters) else len(line) + 1
    place = f"{where or 'norms'}, line {number}, column {column}"
    if not isinstance(error, UnexpectedToken):
        what = f'"{line[column - 1]}" cannot stand in a norm: "{line}"'
        return PrivgymError(what, where=place, do="names are lower-case words: a-z, 0-9 and _")
    words = {t.name: t.pattern.value for t in parser().terminals}
    fits = sorted(error.accepts or error.expected)
    if "NAME" in fits:  # the keywords that can be names are not what is meant
        fits = [name for name in fits if name not in _SOFT]
    shown = " or ".join(_SHOWN.get(name) or f'"{words[name]}"' for name in fits)
    meant = did_you_mean(token, [words[name] for name in fits if name not in _SHOWN])
    keywords = [word for word in words.values() if word.isalpha()]
    before = line[: column - 1].split()[-1:]
    if not meant and before and len(before[0]) > 2 and before[0] not in keywords:
        # A misspelt keyword is read as a name, and only the word after it is out of place.
        meant = did_you_mean(before[0], keywords)
    what = f'"{token}" cannot stand there' if token else "the norm ends too early"
    return PrivgymError(f'{what}: "{line}"', where=place, meant=meant, do=f"expected {shown}")


_SHOWN = {"NAME": "a name", "COMMA": '","', "$END": "the end of the line"}
_SOFT = frozenset(
    (
        *("AUDIENCE", "EVENT", "KNOWN", "PURPOSE", "RECIPIENT", "MINUTE", "HOUR", "DAY", "YEAR"),
        *("STEP", "DAYS", "YEARS", "STEPS"),
    )
)
