"""Heteronyms' tables: what they sound like, and the words that tell them apart."""

from __future__ import annotations

from synth.speech.sounds import Sounds, parse

ASKS_FOR_A_VERB = frozenset((
    "to", "i", "you", "we", "they", "will", "would", "can", "could", "shall", "should", "may", "might", "must", "don't",
    "didn't", "won't", "can't", "couldn't", "wouldn't", "doesn't", "let's", "please", "not", "never", "always", "just", "now",
    "i'll", "you'll", "we'll", "they'll", "i'd", "you'd", "we'd", "they'd", "who", "and", "then", "gently", "slowly", "softly",
    "simply", "it", "it'll", "he'll", "she'll", "cannot", "ever", "often", "only",
))  # fmt: skip
ASKS_FOR_A_NOUN = frozenset((
    "a", "an", "the", "my", "your", "his", "her", "its", "our", "their", "this", "that", "these", "those", "no", "any", "some",
    "of", "in", "for", "with", "each", "every", "one", "two", "first", "last", "good", "new", "old", "great", "little", "big",
    "own", "by", "under", "from", "without", "another", "such", "at",
))  # fmt: skip
OBJECTS = frozenset((
    "a", "an", "the", "my", "your", "his", "her", "its", "our", "their", "this", "that", "these", "those", "it", "them", "me",
    "him", "us", "you", "each", "every", "all", "both", "one",
))  # fmt: skip
HELPERS = frozenset((
    "have", "has", "had", "having", "was", "were", "been", "be", "is", "are", "i've", "you've", "we've", "they've", "he'd",
    "she'd", "it's", "being", "get", "gets", "got", "already", "ever", "just", "never",
))  # fmt: skip

_VERB_OR_NOUN = """
abuse AH0 B Y UW1 Z | AH0 B Y UW1 S
address AH0 D R EH1 S | AE1 D R EH2 S
conduct K AH0 N D AH1 K T | K AA1 N D AH0 K T
conflict K AH0 N F L IH1 K T | K AA1 N F L IH0 K T
content K AH0 N T EH1 N T | K AA1 N T EH0 N T
contest K AH0 N T EH1 S T | K AA1 N T EH0 S T
contract K AH0 N T R AE1 K T | K AA1 N T R AE2 K T
contrast K AH0 N T R AE1 S T | K AA1 N T R AE0 S T
convert K AH0 N V ER1 T | K AA1 N V ER0 T
desert D IH0 Z ER1 T | D EH1 Z ER0 T
excuse IH0 K S K Y UW1 Z | IH0 K S K Y UW1 S
house HH AW1 Z | HH AW1 S
import IH2 M P AO1 R T | IH1 M P AO2 R T
increase IH2 N K R IY1 S | IH1 N K R IY2 S
insult IH2 N S AH1 L T | IH1 N S AH2 L T
mouth M AW1 DH | M AW1 TH
object AH0 B JH EH1 K T | AA1 B JH EH0 K T
permit P ER0 M IH1 T | P ER1 M IH2 T
present P R IY0 Z EH1 N T | P R EH1 Z AH0 N T
produce P R AH0 D UW1 S | P R OW1 D UW0 S
progress P R AH0 G R EH1 S | P R AA1 G R EH2 S
project P R AH0 JH EH1 K T | P R AA1 JH EH0 K T
protest P R AH0 T EH1 S T | P R OW1 T EH2 S T
rebel R IH0 B EH1 L | R EH1 B AH0 L
record R IH0 K AO1 R D | R EH1 K ER0 D
refuse R IH0 F Y UW1 Z | R EH1 F Y UW2 Z
reject R IH0 JH EH1 K T | R IY1 JH EH0 K T
subject S AH0 B JH EH1 K T | S AH1 B JH IH0 K T
suspect S AH0 S P EH1 K T | S AH1 S P EH2 K T
transport T R AE0 N S P AO1 R T | T R AE1 N S P AO0 R T
upset AH0 P S EH1 T | AH1 P S EH2 T
use Y UW1 Z | Y UW1 S
separate S EH1 P ER0 EY2 T | S EH1 P ER0 AH0 T
estimate EH1 S T AH0 M EY2 T | EH1 S T AH0 M AH0 T
moderate M AA1 D ER0 EY2 T | M AA1 D ER0 AH0 T
duplicate D UW1 P L AH0 K EY2 T | D UW1 P L AH0 K AH0 T
graduate G R AE1 JH AH0 W EY2 T | G R AE1 JH AH0 W AH0 T
alternate AO1 L T ER0 N EY2 T | AO1 L T ER0 N AH0 T
deliberate D IH0 L IH1 B ER0 EY2 T | D IH0 L IH1 B ER0 AH0 T
perfect P ER0 F EH1 K T | P ER1 F IH0 K T
"""
MOSTLY_VERBS = frozenset(["use", "refuse", "excuse", "produce", "convert", "abuse", "permit"])
"""Of those: verbs where nothing beside them tells."""


def _read(table: str) -> dict[str, tuple[Sounds, Sounds]]:
    found = {}
    for line in table.strip().splitlines():
        word, _, forms = line.partition(" ")
        verb, noun = forms.split("|")
        found[word] = (parse(verb), parse(noun))
    return found


PAIRS = _read(_VERB_OR_NOUN)
SAID = {
    key: parse(sounds)
    for key, sounds in {
        "read": "R IY1 D", "red": "R EH1 D", "liv": "L IH1 V", "laiv": "L AY1 V", "clothes": "K L OW1 Z", "near": "K L OW1 S",
        "breeze": "W IH1 N D",
        "coil": "W AY1 N D", "rip": "T EH1 R", "weep": "T IH1 R", "guide": "L IY1 D", "metal": "L EH1 D", "bend": "B AW1",
        "knot": "B OW1",
        "time": "M IH1 N AH0 T", "tiny": "M AY0 N UW1 T", "hurt": "W UW1 N D", "wrapped": "W AW1 N D", "bird": "D AH1 V",
        "dived": "D OW1 V",
        "rips": "T EH1 R Z", "weeps": "T IH1 R Z", "lives": "L AY1 V Z", "livz": "L IH1 V Z", "winds": "W IH1 N D Z",
        "coils": "W AY1 N D Z",
        "uses": "Y UW1 Z IH0 Z", "usesn": "Y UW1 S IH0 Z", "used": "Y UW1 Z D", "usedto": "Y UW1 S T", "row": "R OW1",
        "sow": "S OW1",
        "bass": "B EY1 S", "invalid": "IH2 N V AE1 L AH0 D", "closer": "K L OW1 S ER0", "resume": "R IH0 Z UW1 M",
        "does": "D AH1 Z",
    }.items()
}  # fmt: skip
