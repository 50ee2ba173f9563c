"""Words by which a full stop is told from the end of a sentence: English, German, French, Spanish, some Russian.

All are case-folded and without the full stop at their end.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "mr mrs ms mx dr drs prof gen maj col capt cpt lt sgt cpl pvt adm cmdr sen rep gov pres rev hon supt insp messrs"
    " esp hr hrn fr frl dipl mag m mm mme mmes mlle mlles mgr sr sra sres srta srtas d dña ud uds vd vds dra lic ing"
    " г-н г-жа им ул"
)
"""Written with a capital, a name follows."""

ALWAYS_CONTINUED = _words(
    "e.g i.e viz cf vs v incl excl approx resp "
    " bzw z.b d.h u.a o.ä m.e i.d.r z.t u.u s.o s.u ca evtl ggf inkl exkl vgl sog bspw einschl eigtl insb zzgl abzgl"
    " geb verh env p.ex c.-à-d c.à.d aprox ej p.ej т.е т.к см напр"
)
"""Something always follows: "for example", "about"."""

NUMBERED = _words(
    "no nos nr nrs vol vols p pp fig figs art arts sec secs ch chap pt par para eq tab app ex op cit fn ed eds rd"
    " abb abs bd bde kap ziff aufl hrsg s teilnr lfd "
    " n° núm num pág págs cap caps tít t "
    " стр рис гл табл п"
)
"""A number follows; without one they may be words of their own."""

ENDING = _words("etc usw u.s.w usf ff al p.m a.m т.д т.п др пр")
"""What closes an enumeration or a time: a capital letter behind begins a sentence."""

EITHER = _words(
    "inc ltd co corp plc llc gmbh ag bros jr sr esq dept univ assn bldg ave blvd st mt ft rd hwy apt est govt intl"
    " std min sek mio mrd str tel abt bhf jh jhdt hl max temp misc orig "
    " av bd bld éd cie ste sté tél boul "
    " ee.uu cía dpto avda gral tlf "
    " тыс млн млрд руб коп обл р-н"
)
"""A sentence may end with them; it does if a word follows that often begins one."""

CALENDAR = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
    " jän febr mrz okt dez janv févr avr juil déc ene abr ago dic"
)
"""Months and days: the same as `EITHER` where they are written with a capital, else many are words."""

ORDINAL_FOLLOWERS = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember jahrhundert"
    " jahrhunderts jahrtausend weltkrieg weltkriegs klasse platz mal tag tages geburtstag kapitel auflage armee"
    " bundesliga liga division etage stock stockwerk woche jahrestag"
)
"""German words that follow an ordinal number, which is written with a full stop."""

STARTERS = _words(
    "the a an he she it we they you i this that these those there here what when where why how who which but and so"
    " if in on at as for from by with to after before during since while although though because however meanwhile"
    " then now yes no not nobody nothing everyone everybody someone some many most all both each every any another"
    " one two three my your his her its our their let do does did is are was were have has had can could would"
    " should will may might must please thanks ok okay also just only even still yet maybe perhaps instead once"
    " people well anyway sorry despite under over until unless other others such again it's i'm he's she's that's"
    " we're they're you're don't there's i've it’s i’m he’s she’s that’s we’re they’re you’re don’t there’s i’ve "
    " der die das den dem des ein eine einen einem er sie es wir ihr ich man aber und oder wenn als da dann doch nun"
    " auch nicht kein keine nur im am auf mit nach bei von zu für seit während dieser diese dieses sein ihre hier "
    " le la les un une des il elle on nous vous ils elles je ce cette ces cela ça mais et ou donc quand dans en au"
    " aux pour par avec sans c'est c’est "
    " el los las una unos pero y con como cuando este esta esto él ella ellos yo se su sus según sin entre "
    " он она они мы вы я это но и в на по если когда как что не для"
)
"""Words that often begin a sentence and are seldom part of a name."""

SHORT_WORDS = _words(
    "it me us he so do go no on up in to we be by or an as is am my ok at if you i ja so da es er an zu du ab il on ça"
    " oui sí ya no él tú lol wtf omg tbh imo imho btw pls"
)
"""Words of one or two letters, or without a vowel, that may be the last of a sentence written in lower case."""
