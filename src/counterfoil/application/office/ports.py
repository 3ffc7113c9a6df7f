"""What the office keeps, and the interfaces through which use cases reach it.

Every change happens inside `OfficeStore.change()`, one transaction, and writes a row of the trail. Moments are UTC
milliseconds, days ISO 8601. Secrets are kept as SHA-256 digests; passwords as Argon2id hashes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from counterfoil.application.office.mandate_book import Mandates
from counterfoil.application.office.shelf import Shelf
from counterfoil.application.ports import Clock
from counterfoil.domain.people.organisation import OrganisationKind


class PersonState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ERASED = "erased"


class Factor(StrEnum):
    """A way to show who one is."""

    PASSWORD = "password"  # noqa: S105  a kind, no secret
    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY = "recovery"
    SINGLE_SIGN_ON = "single_sign_on"


@dataclass(frozen=True, slots=True)
class Person:
    """`name` and `mail` are all that the registry knows of somebody; erasing takes both away. `mail` is lower case."""

    person: str
    name: str | None
    mail: str | None
    state: PersonState
    made_ms: int
    enrolled_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body for which people act, under the number by which the journal knows it as an entity."""

    organisation: str
    kind: str
    name: str
    suspended: bool
    made_ms: int


@dataclass(frozen=True, slots=True)
class Membership:
    """A role in an organisation (empty: the operator's own) from one day to another, both included."""

    number: int
    person: str
    organisation: str
    role: str
    first_day: str
    last_day: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """One factor of one person.

    `key` finds it where others name it: the id of a passkey, or the issuer and subject of a single sign-on. `secret` is
    the hash of a password or of a recovery code, the shared secret of one-time codes, or the public key of a passkey.
    `counter` is the last time step used, or the passkey's count; neither is accepted twice.
    """

    number: int
    person: str
    factor: Factor
    label: str
    key: str
    secret: str
    counter: int
    made_ms: int
    used_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in on one device. `handle` names it in lists; the secret is known to the browser alone.

    `giver` is in whose place they act, under a mandate.
    """

    digest: bytes
    handle: str
    person: str
    organisation: str
    device: str
    method: str
    made_ms: int
    seen_ms: int
    ends_ms: int
    giver: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time secret with which a person enrols. `totp` is the secret proposed for their one-time codes."""

    digest: bytes
    person: str
    made_ms: int
    ends_ms: int
    totp: str
    used_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A sign-in, or the adding of a factor, that is half done. `facts` is text of the purpose's own."""

    digest: bytes
    purpose: str
    person: str
    facts: str
    ends_ms: int
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Attempts:
    failures: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class TrailRow:
    """What somebody did, in pseudonyms only. `facts` is canonical JSON; `digest` covers this row and all before."""

    number: int
    at_ms: int
    actor: str
    act: str
    subject: str
    facts: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class TrailQuestion:
    """Which rows: those that say all of this. `after` is the number after which to go on."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    since_ms: int = 0
    until_ms: int = 2**62
    after: int = 0


class People(Protocol):
    def add(self, person: Person) -> bool:
        """False when the pseudonym, or the mail address, is there already."""
        ...

    def get(self, person: str) -> Person | None: ...
    def by_mail(self, mail: str) -> Person | None: ...
    def listed(self, *, after: str, limit: int) -> list[Person]: ...
    def count(self) -> int: ...
    def put(self, person: Person) -> None: ...
    def staffed(self) -> bool:
        """Whether anybody has ever enrolled."""
        ...


class Organisations(Protocol):
    def add(self, organisation: Organisation) -> bool: ...
    def get(self, organisation: str) -> Organisation | None: ...
    def put(self, organisation: Organisation) -> None: ...
    def listed(self, *, after: str, limit: int) -> list[Organisation]: ...


class Memberships(Protocol):
    def add(self, membership: Membership) -> None: ...
    def of(self, person: str, *, on: str | None = None) -> list[Membership]:
        """In the order in which they were given; with a day, only those that hold on it."""
        ...

    def end(self, number: int, last_day: str) -> None: ...
    def holders(self, role: str, *, on: str) -> list[str]:
        """Active persons who hold a role on a day."""
        ...


class Credentials(Protocol):
    def add(self, credential: Credential) -> bool:
        """False when another credential has its key."""
        ...

    def of(self, person: str, factor: Factor | None = None) -> list[Credential]: ...
    def by_key(self, factor: Factor, key: str) -> Credential | None: ...
    def set_secret(self, number: int, secret: str) -> None: ...
    def used(self, number: int, counter: int, *, before: int, at_ms: int) -> bool:
        """Raise the counter from what it was; False when somebody else did meanwhile."""
        ...

    def remove(self, number: int) -> bool: ...


class Sessions(Protocol):
    def add(self, session: Session) -> None: ...
    def get(self, digest: bytes) -> Session | None: ...
    def of(self, person: str) -> list[Session]: ...
    def seen(self, digest: bytes, at_ms: int) -> None: ...
    def acts_for(self, digest: bytes, organisation: str, giver: str) -> None: ...
    def end(self, digest: bytes) -> None: ...
    def end_all(self, person: str) -> int: ...
    def forget(self, before_ms: int) -> None:
        """Take away those that had ended by then."""
        ...


class Invitations(Protocol):
    def add(self, invitation: Invitation) -> None: ...
    def get(self, digest: bytes) -> Invitation | None: ...
    def use(self, digest: bytes, at_ms: int) -> bool:
        """Take it; False when it was taken already. Of two at once, one gets it."""
        ...

    def withdraw(self, person: str) -> None: ...


class Steps(Protocol):
    def add(self, step: Step) -> None: ...
    def tried(self, digest: bytes) -> Step | None:
        """Count one try and give the step as it was before."""
        ...

    def take(self, digest: bytes) -> bool: ...
    def forget(self, person: str | None, before_ms: int) -> None: ...
    def crop(self, strangers_max: int) -> None:
        """Of steps that name nobody, keep so many of the newest."""
        ...


class Throttle(Protocol):
    def get(self, key: bytes) -> Attempts: ...
    def put(self, key: bytes, attempts: Attempts) -> None: ...
    def forget(self, key: bytes) -> None: ...
    def forget_before(self, before_ms: int) -> None: ...


class Trail(Protocol):
    def add(self, row: TrailRow) -> None: ...
    def last(self) -> TrailRow | None: ...
    def rows(self, question: TrailQuestion, *, limit: int) -> list[TrailRow]: ...
    def all(self) -> Iterator[TrailRow]: ...


class OfficeStore(Protocol):
    """The office's file, by what it holds."""

    @property
    def people(self) -> People: ...
    @property
    def organisations(self) -> Organisations: ...
    @property
    def memberships(self) -> Memberships: ...
    @property
    def mandates(self) -> Mandates: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def steps(self) -> Steps: ...
    @property
    def throttle(self) -> Throttle: ...
    @property
    def trail(self) -> Trail: ...
    @property
    def shelf(self) -> Shelf: ...

    def change(self) -> AbstractContextManager[None]:
        """One transaction; an exception takes all of it back. May not be nested.

        Raises:
            Outage: the file cannot be written, or another process holds it for too long.
        """
        ...

    def pepper(self) -> bytes:
        """32 random bytes of this office, made once: without them nobody tells whose failures are counted."""
        ...

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the file or its log; as soon as no other process reads the log."""
        ...


class Passwords(Protocol):
    def made(self, text: str) -> str: ...
    def matches(self, kept: str | None, text: str) -> bool:
        """Does the work of one hash in any case, also when nothing is kept."""
        ...

    def outdated(self, kept: str) -> bool: ...


class OneTimeCodes(Protocol):
    def secret(self) -> str: ...
    def address(self, secret: str, *, account: str, issuer: str) -> str:
        """What a phone reads: an `otpauth` address."""
        ...

    def step(self, secret: str, code: str, *, now_ms: int, after: int) -> int | None:
        """The time step of a good code, later than `after`; None for any other."""
        ...


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey just made: its id, its public key (both base64url), and its count."""

    key: str
    public_key: str
    counter: int


class Passkeys(Protocol):
    """WebAuthn for one address of the registry. Options and responses are JSON text; challenges are base64url."""

    def creation(self, person: Person, *, challenge: str, known: Sequence[str]) -> str: ...
    def created(self, response: str, *, challenge: str) -> NewPasskey | None: ...
    def request(self, *, challenge: str, known: Sequence[str]) -> str: ...
    def named(self, response: str) -> str | None:
        """The id of the passkey that a response speaks of."""
        ...

    def answered(self, response: str, *, challenge: str, credential: Credential) -> int | None:
        """The new count of a good response by this passkey, its holder verified; None for any other."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider names. `mail` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    mail: str


class IdentityProvider(Protocol):
    """OpenID Connect, as the operator configured it."""

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent.

        Raises:
            Outage: `single_sign_on.unreachable`.
        """
        ...

    def identity(self, code: str, *, nonce: str, verifier: str, now_ms: int) -> Identity | None:
        """Who came back with this code; None when anything about the answer is wrong.

        Raises:
            Outage: `single_sign_on.unreachable`.
        """
        ...


class Dice(Protocol):
    def secret(self) -> str:
        """256 random bits, in characters that may stand in an address."""
        ...

    def bytes(self, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Office:
    """All that a use case works with: `kinds` of bodies with their roles, `issuer` the registry's name on a phone."""

    store: OfficeStore
    clock: Clock
    dice: Dice
    passwords: Passwords
    codes: OneTimeCodes
    kinds: Mapping[str, OrganisationKind]
    issuer: str = "Counterfoil"
    passkeys: Passkeys | None = None
    provider: IdentityProvider | None = None
