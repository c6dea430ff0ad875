"""The verbs on a term: a word of a channel's glossary, or of all channels', which engines are told to expect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import col, or_, select

from store.database import Database
from store.errors import NotFound, Refused
from store.tables import Term

LONGEST = 100  #: characters of a term
MOST = 500  #: terms of one channel; engines heed far fewer


def add(database: Database, texts: Iterable[str], channel_id: int | None, who: str) -> list[str]:
    """Add terms to a channel's glossary, or to that of all; give those that were not there. Raise Refused."""
    wanted = list(dict.fromkeys(text for text in (" ".join(one.split()) for one in texts) if text))
    for text in wanted:
        if len(text) > LONGEST:
            raise Refused(f"a term has at most {LONGEST} characters, and {text[:20]}… has {len(text)}")
    with database.write() as session:
        here = set(session.exec(select(Term.text).where(Term.channel_id == channel_id)))
        new = [text for text in wanted if text not in here]
        if len(here) + len(new) > MOST:
            raise Refused(f"a glossary holds at most {MOST} terms; this one would have {len(here) + len(new)}")
        session.add_all(Term(channel_id=channel_id, text=text, added_by=who, added_at=database.now()) for text in new)
    return new


def remove(database: Database, text: str, channel_id: int | None) -> None:
    """Take a term out of a glossary. Raise NotFound."""
    with database.write() as session:
        found = session.exec(select(Term).where(Term.text == text, Term.channel_id == channel_id)).first()
        if found is None:
            raise NotFound(f"there is no term {text!r} in that glossary")
        session.delete(found)


def listing(database: Database, channel_id: int | None = None, *, everything: bool = False) -> Sequence[Term]:
    """The terms of one glossary in the order of the alphabet, or of all."""
    with database.read() as session:
        statement = select(Term).order_by(col(Term.text))
        return session.exec(statement if everything else statement.where(Term.channel_id == channel_id)).all()


def of_channel(database: Database, channel_id: int | None) -> tuple[str, ...]:
    """What an engine is told to expect in a channel's videos: its own terms, and those of all channels."""
    with database.read() as session:
        mine = or_(col(Term.channel_id).is_(None), Term.channel_id == channel_id)
        return tuple(dict.fromkeys(session.exec(select(Term.text).where(mine).order_by(col(Term.text)))))
