"""What is said of the glossary."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies.words import person
from bot.reply import Page, Reply, Table, count
from captions.text import clean_line
from store.tables import Term


def terms_added(new: Sequence[str], wanted: int) -> Reply:
    known = wanted - len(new)
    if not new:
        return Reply("That was there already.", data=[])
    tail = f"; {count(known, 'other')} had been there already or twice" if known else ""
    return Reply(f"{count(len(new), 'term')} added{tail}.", data=list(new))


def term_removed(term: str) -> Reply:
    return Reply(f"The term {clean_line(term)!r} is removed.", data=term)


def term_list(terms: Sequence[Term], page: Page) -> Reply:
    if not terms:
        return Reply("There are no terms yet. Add one: /term add Ada Lovelace", data=[])
    rows = tuple((one.text, str(one.channel_id or "all"), person(one.added_by)) for one in terms)
    data = [{"term": one.text, "channel": one.channel_id, "added_by": one.added_by} for one in terms]
    return Reply(page.of("term"), Table(("term", "channel", "added by"), rows), data=data, page=page)
