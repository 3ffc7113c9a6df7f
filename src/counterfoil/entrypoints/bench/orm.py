"""The usual rival: an object-relational mapper, a session for each request, as most registries are written.

SQLAlchemy comes with the extra `bench` only, and this module is imported only where it is there.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Engine, LargeBinary, String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from counterfoil.entrypoints.bench.raw_insert import WAL_PAGES
from counterfoil.entrypoints.bench.rival import Stock, cut
from counterfoil.entrypoints.bench.workload import Move


class _Base(DeclarativeBase):
    pass


class Account(_Base):
    __tablename__ = "account"
    code: Mapped[str] = mapped_column(String, primary_key=True)


class Block(_Base):
    __tablename__ = "block"
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    account: Mapped[str]


class Event(_Base):
    __tablename__ = "event"
    seq: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str] = mapped_column(String, unique=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class OrmRequests:
    """For each act a session: look for the id, load accounts and block, split, add the event, commit."""

    lanes = 1

    def __init__(self, stock: Stock, *, postgres: bool) -> None:
        self._engine = _postgres(stock) if postgres else _sqlite(stock)
        self._pause_s = stock.disk.pause_s
        self._act_bytes = stock.act_bytes
        _Base.metadata.create_all(self._engine)
        with Session(self._engine) as session:
            session.bulk_insert_mappings(Account.__mapper__, [{"code": code} for code in stock.accounts])
            rows = [{"first": first, "last": last, "account": account} for first, last, account in sorted(stock.blocks)]
            session.bulk_insert_mappings(Block.__mapper__, rows)
            session.commit()

    def run(self, lanes: Sequence[Sequence[Move]]) -> None:
        for move in lanes[0]:
            with Session(self._engine) as session:
                self._one(session, move)
            if self._pause_s:
                time.sleep(self._pause_s)

    def _one(self, session: Session, move: Move) -> None:
        assert session.scalar(select(Event.seq).where(Event.command == move.command)) is None
        assert session.get(Account, move.source) is not None and session.get(Account, move.target) is not None
        nearest = select(Block).where(Block.first <= move.first).order_by(Block.first.desc()).limit(1)
        block = session.scalars(nearest).one()
        below, above = cut((block.first, block.last, block.account), move)
        if below is None:
            block.last, block.account = move.last, move.target
        else:
            block.last = below[1]
            session.add(Block(first=move.first, last=move.last, account=move.target))
        if above is not None:
            session.add(Block(first=above[0], last=above[1], account=above[2]))
        payload = json.dumps(move._asdict()).encode().ljust(self._act_bytes)
        session.add(Event(command=move.command, payload=payload))
        session.commit()

    def blocks(self) -> list[tuple[int, int, str]]:
        with Session(self._engine) as session:
            rows = session.execute(select(Block.first, Block.last, Block.account).order_by(Block.first))
            return [(row.first, row.last, row.account) for row in rows]

    def close(self) -> None:
        self._engine.dispose()


def _sqlite(stock: Stock) -> Engine:
    engine = create_engine(f"sqlite:///{stock.folder / 'orm.db'}")

    def settings(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")

    event.listen(engine, "connect", settings)
    return engine


def _postgres(stock: Stock) -> Engine:
    from counterfoil.entrypoints.bench.tuned import postgres_opened

    return create_engine("postgresql+psycopg://", creator=lambda: postgres_opened(stock))
