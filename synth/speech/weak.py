"""Weak forms: how little words sound in running speech, before a consonant and before a vowel.

Strong forms stand at a phrase's end, under emphasis and alone. After A. C. Gimson, *An Introduction to the Pronunciation of
English*, and P. Roach, *English Phonetics and Phonology*, chapter 12; of the American accent of the dictionary. Behind them stand
the function words that keep one form, but are too common and too irregular to be left to any dictionary or rule.
"""

from __future__ import annotations

from synth.speech.sounds import Sounds, parse

_TABLE = """
a        EY1        | AH0
an       AE1 N      | AH0 N
the      DH IY1     | DH AH0         | DH IY0
of       AH1 V      | AH0 V
to       T UW1      | T AH0          | T UW0
and      AE1 N D    | AH0 N D
or       AO1 R      | ER0
nor      N AO1 R    | N ER0
for      F AO1 R    | F ER0
from     F R AH1 M  | F R AH0 M
at       AE1 T      | AH0 T
as       AE1 Z      | AH0 Z
than     DH AE1 N   | DH AH0 N
that     DH AE1 T   | DH AH0 T
but      B AH1 T    | B AH0 T
is       IH1 Z      | IH0 Z
are      AA1 R      | ER0
was      W AH1 Z    | W AH0 Z
were     W ER1      | W ER0
be       B IY1      | B IY0
been     B IH1 N    | B IH0 N
am       AE1 M      | AH0 M
has      HH AE1 Z   | HH AH0 Z
have     HH AE1 V   | HH AH0 V
had      HH AE1 D   | HH AH0 D
do       D UW1      | D UW0
does     D AH1 Z    | D AH0 Z
can      K AE1 N    | K AH0 N
could    K UH1 D    | K UH0 D
would    W UH1 D    | W UH0 D
should   SH UH1 D   | SH UH0 D
shall    SH AE1 L   | SH AH0 L
will     W IH1 L    | W IH0 L
must     M AH1 S T  | M AH0 S T
in       IH1 N      | IH0 N
on       AA1 N      | AA0 N
with     W IH1 DH   | W IH0 DH
by       B AY1      | B AY0
into     IH1 N T UW0
if       IH1 F      | IH0 F
so       S OW1
not      N AA1 T
it       IH1 T      | IH0 T
its      IH1 T S    | IH0 T S
he       HH IY1     | HH IY0
him      HH IH1 M   | HH IH0 M
his      HH IH1 Z   | HH IH0 Z
she      SH IY1     | SH IY0
her      HH ER1     | HH ER0
i        AY1        | AY0
me       M IY1      | M IY0
my       M AY1      | M AY0
we       W IY1      | W IY0
us       AH1 S      | AH0 S
our      AW1 ER0
you      Y UW1      | Y UW0
your     Y AO1 R    | Y ER0
they     DH EY1     | DH EY0
them     DH EH1 M   | DH AH0 M
their    DH EH1 R   | DH EH0 R
there    DH EH1 R   | DH EH0 R
who      HH UW1     | HH UW0
whom     HH UW1 M
whose    HH UW1 Z
some     S AH1 M    | S AH0 M
any      EH1 N IY0
many     M EH1 N IY0
one      W AH1 N
once     W AH1 N S
two      T UW1
said     S EH1 D
says     S EH1 Z
what     W AH1 T
where    W EH1 R
because  B IH0 K AO1 Z
this     DH IH1 S
these    DH IY1 Z
those    DH OW1 Z
then     DH EH1 N
though   DH OW1
although AO2 L DH OW1
through  TH R UW1
against  AH0 G EH1 N S T
again    AH0 G EH1 N
away     AH0 W EY1
ago      AH0 G OW1
across   AH0 K R AO1 S
both     B OW1 TH
other    AH1 DH ER0
others   AH1 DH ER0 Z
more     M AO1 R
most     M OW1 S T
much     M AH1 CH
such     S AH1 CH
less     L EH1 S
very     V EH1 R IY0
even     IY1 V IH0 N
only     OW1 N L IY0
also     AO1 L S OW0
always   AO1 L W EY2 Z
almost   AO1 L M OW2 S T
already  AO0 L R EH1 D IY0
here     HH IY1 R
how      HH AW1
ever     EH1 V ER0
every    EH1 V ER0 IY0
never    N EH1 V ER0
may      M EY1
quite    K W AY1 T
used     Y UW1 Z D
using    Y UW1 Z IH0 NG
myself   M AY2 S EH1 L F
done     D AH1 N
gone     G AO1 N
put      P UH1 T
"""


def _read() -> dict[str, tuple[Sounds, Sounds, Sounds]]:
    table = {}
    for line in _TABLE.split("\n")[1:-1]:
        word, _, forms = line.partition(" ")
        strong, *weak = (parse(form) for form in forms.split("|"))
        table[word] = (strong, weak[0] if weak else strong, weak[-1] if weak else strong)
    return table


FORMS = _read()
"""Strong, weak before a consonant, weak before a vowel."""
UNSTRESSED = frozenset(word for word, forms in FORMS.items() if forms[0] != forms[1])
"""Words whose place in a phrase decides."""
