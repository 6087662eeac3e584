"""Papers for people: PDF from a template that a company may replace, and figures as a reader of a language writes them.

A service keeps its templates (``.typ``, the language of Typst) in its folder ``papers/`` and prints one by its name:

    PRESS = Press(Path(__file__).parent / "papers")
    pdf = PRESS.pdf("quotation", {"language": "zh-CN", ...}, at=tx.now)

What a template gets is in ``data``: what the caller handed over, as JSON. Text in it is text: signs of the template's
language in a customer's name are printed, never obeyed. ``letter.typ`` of this room comes before every
template and gives the frame: ``letter``, ``lines``, ``totals``, ``remark``; ``goods.typ`` after it what papers about
goods have alike: ``articles``, ``taxed``.
"""

from libs.common.printing.figures import amount, day, number, quantity
from libs.common.printing.press import PaperFailed, Press

__all__ = ["PaperFailed", "Press", "amount", "day", "number", "quantity"]
