"""The gateway dies, or is asked to end with requests in flight."""

from __future__ import annotations

import http.client
import threading
from urllib.parse import urlsplit

from tests.faults.kinds.base import Fault, Strike

IN_FLIGHT = 16


class GatewayEnds(Fault):
    """SIGKILL loses answers, which clients ask for again; SIGTERM must not lose any."""

    id = "F8"
    says = f"SIGKILL of the gateway 5 times; SIGTERM 3 times with {IN_FLIGHT} requests in flight"

    def strike(self, at: Strike) -> None:
        """Strike at drawn points of the work."""
        deeds = ["kill"] * 5 + ["terminate"] * 3
        at.lots.shuffle(deeds)
        for share, deed in zip(at.moments(len(deeds)), deeds, strict=True):
            at.wait_for_share(share)
            at.wait_until_ready("gateway", "sales-web")
            if deed == "kill":
                at.site.supervisor.kill("gateway")
                at.blow("SIGKILL gateway")
                at.pause(1)
            else:
                self._terminate(at)

    def _terminate(self, at: Strike) -> None:
        """Hold requests in flight by freezing the service that they ask, then ask the gateway to end."""
        token = at.traffic.people["mia"]._bearer()
        statuses: list[int | str] = []
        at.site.supervisor.freeze("sales-web")
        threads = [threading.Thread(target=self._ask, args=(at, token, statuses)) for _ in range(IN_FLIGHT)]
        for thread in threads:
            thread.start()
        at.pause(1.5)
        at.site.supervisor.terminate("gateway")
        at.blow(f"SIGTERM gateway with {IN_FLIGHT} requests in flight")
        at.pause(1)
        at.site.supervisor.thaw("sales-web")
        for thread in threads:
            thread.join(30)
        lost = [status for status in statuses if not isinstance(status, int)]
        if lost or len(statuses) < IN_FLIGHT:
            at.tally.blame(
                f"{len(lost)} of {IN_FLIGHT} requests in flight got no answer at SIGTERM: {lost[:2]}"
            )

    def _ask(self, at: Strike, token: str, statuses: list[int | str]) -> None:
        address = urlsplit(at.site.target.gateway_url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=25)
        try:
            connection.request("GET", "/api/v1/orders?limit=1", headers={"Authorization": f"Bearer {token}"})
            statuses.append(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            statuses.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()
