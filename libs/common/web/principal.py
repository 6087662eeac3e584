"""Who is asking, and what that role may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, has_request_context

from libs.common.errors import Forbidden

ROLES = frozenset({"sales", "sales_manager", "warehouse", "finance", "service", "admin", "api_client"})
GATEWAY = "meridian-gateway"


class AnyRole(frozenset[str]):
    """Marks a route for every role, and for the gateway itself."""


class Public(frozenset[str]):
    """Marks a route that needs no token."""


class Visitors(Public):
    """Marks a route for whoever the gateway lets in without a token; a service believes the gateway alone."""


ANY = AnyRole(ROLES)
PUBLIC = Public()
VISITORS = Visitors()
Roles = frozenset[str]


@dataclass(frozen=True)
class Principal:
    """The person or program behind a request, as the verified token names it.

    ``superiors`` are the ids of those above a person, the direct one first.
    """

    subject: str
    name: str
    roles: frozenset[str]
    superiors: tuple[str, ...] = ()

    def has(self, role: str) -> bool:
        """Tell whether the principal has ``role``; admin has every role."""
        return role in self.roles or "admin" in self.roles

    def has_any(self, roles: Iterable[str]) -> bool:
        """Tell whether the principal has one of ``roles``; admin has every role."""
        return any(self.has(role) for role in roles)

    @property
    def owner_only(self) -> bool:
        """Whether only the customers that the principal owns may be shown: sales, and no other role."""
        return "sales" in self.roles and not self.roles & (ROLES - {"sales"})

    @property
    def is_gateway(self) -> bool:
        """Whether the gateway asks for itself, on nobody's behalf."""
        return self.subject == GATEWAY


def roles_of(roles: Iterable[str]) -> Roles:
    """Return the declared roles of a route; ``TypeError`` when one is unknown or none is named."""
    if isinstance(roles, AnyRole | Public):
        return roles
    named = frozenset([roles] if isinstance(roles, str) else roles)
    if not named or not named <= ROLES:
        raise TypeError(f"a route names its roles, of {sorted(ROLES)}; not {sorted(named)}")
    return named | {"admin"}


def admit(who: Principal, roles: Roles) -> None:
    """Let ``who`` pass; ``Forbidden`` when none of its roles is among ``roles``."""
    if who.roles & roles or (isinstance(roles, AnyRole) and who.is_gateway):
        return
    raise Forbidden(
        "Your role does not allow this.",
        cure=f"Ask someone with one of the roles: {', '.join(sorted(roles))}.",
    )


def principal() -> Principal:
    """Return who is asking; only inside a request to a route that needs a token."""
    found = g.get("principal") if has_request_context() else None
    if not isinstance(found, Principal):
        raise RuntimeError("there is no principal: outside a request, or the route is public")
    return found
