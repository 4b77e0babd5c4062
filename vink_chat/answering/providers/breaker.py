"""A circuit breaker: a provider that keeps failing is left alone for a while."""

import time
from collections.abc import Callable

from vink_chat.answering.provider import ProviderMisconfigured, ProviderUnavailable


class Breaker:
    """Counts failures in a row of one provider.

    Args:
        failures: So many in a row, and the provider rests.
        rest: Seconds of rest.
        long_rest: Seconds of rest when a person must change a setting.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        failures: int = 5,
        rest: float = 30.0,
        long_rest: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed = failures
        self._rest = rest
        self._long_rest = long_rest
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """Whether the provider is left alone now."""
        return self._clock() < self._rests_until

    def admit(self) -> bool:
        """Say whether a call may go; after a rest, one goes ahead and the others wait for what it brings."""
        if self.resting:
            return False
        if self._failures >= self._allowed:
            self._rests_until = self._clock() + self._rest
        return True

    def succeeded(self) -> None:
        """Forget the failures."""
        self._failures = 0
        self._rests_until = 0.0

    def failed(self, error: ProviderUnavailable) -> None:
        """Count a failure; one the request itself is to blame for (neither setting nor retry helps) does not count."""
        if isinstance(error, ProviderMisconfigured):
            self._failures = self._allowed
            self._rests_until = self._clock() + self._long_rest
        elif error.retryable:
            self._failures += 1
            if self._failures >= self._allowed:
                self._rests_until = self._clock() + self._rest
