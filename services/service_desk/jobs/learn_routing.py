"""Learn anew what tickets are about, once people have said it of more of them."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.service_desk.domain.classifier import learn
from services.service_desk.reports.routing import classifier_report, examples
from services.service_desk.use_cases.route_ticket import keep_classifier

EVERY = timedelta(hours=24)


def learn_routing(database: Database) -> int:
    """Store the next version of what was learnt; 0 when there is nothing more to learn from.

    What is learnt from is read and thought about before the transaction begins, so that nobody waits for it.
    """
    known = database.read(classifier_report)
    if known.version and known.learnt_from == known.tickets:
        return 0
    model = learn(database.read(examples))
    if model is None:
        return 0
    version = known.version + 1
    return version if database.transact(lambda tx: keep_classifier(tx, version, known.tickets, model)) else 0
