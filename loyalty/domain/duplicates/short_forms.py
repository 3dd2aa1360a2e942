"""Short forms of given names that people go by, in English and French."""

_FORMS = """
william bill billy will willy liam, robert bob bobby rob robbie bert, richard rick ricky dick rich, james
jim jimmy jamie, john jack johnny jon, jonathan jon jonny, joseph joe joey, thomas tom tommy, michael mike
mick mickey mikey, michel mike mich, david dave davey, daniel dan danny, matthew matt, mathieu mat math,
andrew andy drew, anthony tony, antoine tony toine, christopher chris kit, christophe chris, christian
chris, christine chris chrissy tina, christina chris tina, edward ed eddie ted ned, edouard ed doudou,
charles charlie chuck chas, george geordie, alexander alex sandy xander, alexandre alex, alexandra alex
sandra lexi, alexis alex, nicholas nick nicky, nicolas nico nick, samuel sam sammy, samantha sam, benjamin
ben benny benji, patrick pat paddy, patricia pat patty trish tricia, peter pete, philip phil, philippe phil,
phillip phil, stephen steve, steven steve, stephane steph, stephanie steph, gregory greg, gregoire greg,
kenneth ken kenny, ronald ron ronnie, donald don donnie, douglas doug, gerald gerry jerry, gerard gerry,
lawrence larry laurie, leonard len lenny leo, raymond ray, frederick fred freddie, frederic fred, francis
frank, francois frank, franklin frank, harold harry hal, henry harry hank, timothy tim, vincent vince
vinnie, walter walt wally, zachary zach zac, joshua josh, jacob jake, nathaniel nate nathan, nathan nate,
theodore ted theo, victor vic, victoria vicky tori, dominic dom, dominique dom domi, elizabeth liz lizzie
beth betty bess eliza libby, elisabeth lisa babeth betty, isabella bella izzy isa, isabelle isa belle,
margaret maggie meg peggy madge, marguerite margot maggie, katherine kate kathy katie kat kit,
catherine cathy kate cat katie, kathleen kathy kate, kathryn kathy kate, rebecca becky becca, jennifer jen
jenny, jessica jess jessie, deborah deb debbie, susan sue susie, suzanne sue suzie, barbara barb babs,
dorothy dot dottie, theresa terry tess, therese terry, virginia ginny, pamela pam, cynthia cindy, sandra
sandy, judith judy, nathalie nath nat, natalie nat, natasha nat, veronique vero, veronica vero ronnie,
valerie val, caroline caro carrie, angela angie, angelique angie, abigail abby, amanda mandy, josephine jo
josie, joanna jo, joanne jo, florence flo, gabriel gab gaby, gabrielle gab gaby, emmanuel manu, emmanuelle
manu, sebastien seb, sebastian seb, maximilian max, maxime max, maxence max, guillaume guigui, genevieve gen
ginette, madeleine mado, monique momo, jacqueline jackie, eleanor ellie nell, elodie elo, laurent lolo,
bernard bernie, albert al bert, alfred alf fred, arthur art, eugene gene, marie claude mc, jean pierre jp,
jean francois jf, jean claude jc, jean paul jp, jean marc jm, jean michel jm, jean baptiste jb, jean jacques
jj, jean luc jl, jean philippe jp, marie christine mc, marie claire mc, anne marie am
"""
"""A whole name, then what stands for it; the double names of French are two words."""


def are_short_forms(one: str, other: str) -> bool:
    """Whether two folded names may stand for each other: ``bill`` for ``william``, and for ``billy``."""
    marks = _MARKS.get(one)
    return marks is not None and not marks.isdisjoint(_MARKS.get(other, ()))


def _marks() -> dict[str, set[str]]:
    """For each name the whole names that it may stand for."""
    marks: dict[str, set[str]] = {}
    for line in _FORMS.replace("\n", " ").split(","):
        words = line.split()
        size = 2 if words[0] in _OF_DOUBLE_NAMES and len(words) > 2 else 1
        whole = " ".join(words[:size])
        for name in (whole, *words[size:]):
            marks.setdefault(name, set()).add(whole)
    return marks


_OF_DOUBLE_NAMES = frozenset({"jean", "marie", "anne"})
_MARKS = _marks()
