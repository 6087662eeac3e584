"""The worker process of crm, put together: it tells and does not listen."""

from __future__ import annotations

from libs.common.inbox import Subscriptions
from libs.common.worker import Job, run_worker
from services.crm.settings import SERVICE, read_settings

SUBSCRIPTIONS = Subscriptions(SERVICE)
JOBS: tuple[Job, ...] = ()


def main() -> None:
    """Run until asked to stop."""
    run_worker(SERVICE, read_settings(), SUBSCRIPTIONS, JOBS)


if __name__ == "__main__":
    main()
