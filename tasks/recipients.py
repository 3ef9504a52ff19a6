"""Whom this installation writes to: one rule, for what is typed and for what a run finds.

`ORCHESTRATOR_RECIPIENT_DOMAINS` lists the domains; `*.example.com` means those below it only.
"""

from collections.abc import Collection, Iterable

from tasks.addresses import is_address
from tasks.errors import Invalid, mark
from tasks.settings import settings

BELOW = "*."

NO_ADDRESS = mark("“{address}” is not a mail address.")
OUTSIDE = mark("{address} is outside of the domains that this installation sends to ({domains}).")


def is_inside(address: str, domains: Collection[str]) -> bool:
    """Whether an address is of one of these domains; without any, every address is."""
    domain = address.rpartition("@")[2].lower()
    return not domains or any(_fits(domain, one) for one in domains)


def refusal_of(address: str) -> str:
    """Return in words why nothing is sent to this address; empty where it may be written to."""
    if not is_address(address):
        return NO_ADDRESS.format(address=address[:100])
    domains = settings().recipients_within
    if is_inside(address, domains):
        return ""
    return OUTSIDE.format(address=address, domains=_listed(domains))


def check_inside(addresses: Iterable[str], *, field: str) -> None:
    """Raise Invalid for the first address that is typed and lies outside of the domains."""
    domains = settings().recipients_within
    for address in addresses:
        if not is_inside(address, domains):
            raise Invalid(
                "{address} is outside of the domains that this installation sends to ({domains}). "
                "Take it away, or let an administrator add its domain to {setting}.",
                field=field,
                address=address,
                domains=_listed(domains),
                setting="ORCHESTRATOR_RECIPIENT_DOMAINS",
            )


def _fits(domain: str, allowed: str) -> bool:
    if allowed.startswith(BELOW):
        return domain.endswith(allowed[1:]) and domain != allowed[2:]
    return domain == allowed


def _listed(domains: Collection[str]) -> str:
    return ", ".join(sorted(domains))
