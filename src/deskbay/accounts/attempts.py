"""How often someone may fail to sign in.

The `limits` library is not used: its memory reads the machine's clock, so that no test could move the time, and
starts a thread at each count.
"""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from deskbay.accounts.passwords import AT_ONCE
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem

WINDOW = timedelta(minutes=1)
IPV6_NETWORK_BITS = 64


class FailedSignIns:
    """Counts what failed within the last minute, by account and by address.

    `turn` lets only as many passwords be checked at once as there are processors, so that a flood of sign-ins
    sent together can't slip past the count: at the most one more than allowed for each other processor.
    """

    def __init__(self, clock: Clock, most: int, complaint: str = "Too many sign-ins have failed.") -> None:
        self.turn = asyncio.Semaphore(AT_ONCE)
        self._clock = clock
        self._most = most
        self._complaint = complaint
        self._failures: dict[str, deque[datetime]] = {}

    def refuse_too_many(self, *keys: str) -> None:
        """Raise Problem 429 with Retry-After when one of the keys has failed too often."""
        self._forget_old()
        wait = max((self._wait(key) for key in keys), default=0)
        if wait:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{self._complaint} Try again in {wait} seconds.",
                kind="too-many-attempts",
                headers={"Retry-After": str(wait)},
            )

    def record(self, *keys: str) -> None:
        """Count a failure."""
        for key in keys:
            failures = self._failures.pop(key, deque(maxlen=self._most))
            failures.append(self._clock.now())
            self._failures[key] = failures  # at the end: the dictionary stays ordered by the newest failure

    def _wait(self, key: str) -> int:
        failures = self._failures.get(key)
        if failures is None or len(failures) < self._most:
            return 0
        return max(0, ceil((failures[0] + WINDOW - self._clock.now()).total_seconds()))

    def _forget_old(self) -> None:
        oldest = self._clock.now() - WINDOW
        while self._failures and next(iter(self._failures.values()))[-1] <= oldest:
            self._failures.pop(next(iter(self._failures)))


def network_of(address: str) -> str:
    """Return whom an address stands for: itself, or with IPv6 its network of 64 bits, which one person has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(ip_network((int(parsed), IPV6_NETWORK_BITS), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
