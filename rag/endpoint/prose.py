"""Plain sentences to fill a prompt with, and prompts of a wanted length."""

PROSE = """\
The ferry left the harbour an hour late because fog lay over the water all morning. Two engineers had looked at the \
old bridge on Tuesday, and their report was read to the council that evening. Nobody was surprised that the repairs \
would cost more than the town had set aside for them. A teacher asked whether the children could cross before winter. \
The mayor answered that a second boat would be hired until the work was done. In the market the price of bread rose \
again, while apples were cheaper than in any autumn since the railway closed. The museum opened a room of maps drawn \
by sailors, some of which show islands that were never found. Heavy rain is expected on the coast by the weekend, and \
farmers were told to bring their sheep down from the hills. The library will stay open longer during the holidays. \
"""


def prose(characters: int) -> str:
    """About as many characters of prose, ending with a whole word."""
    text = PROSE * (characters // len(PROSE) + 1)
    return text[:characters].rsplit(" ", 1)[0]
