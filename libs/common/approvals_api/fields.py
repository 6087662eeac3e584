"""What can be asked of documents, for whoever builds an editor of flows."""

from __future__ import annotations

from typing import Any

from libs.common.approvals.conditions import COMPARISONS, GIVEN_AS
from libs.common.approvals.flow import HIGHEST_LEVEL
from libs.common.approvals.kinds import DocumentKind, Label
from libs.common.approvals_api.mount import PEOPLE_ROLES, Mount
from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields


class LabelOut(Strict):
    """What people call it."""

    en = fields.Text(max=80)
    zh = fields.Text(max=80)


class FieldOut(Strict):
    """A field: how it is compared, and under which name of a clause the value is given."""

    field = fields.Text(max=64)
    label = fields.Nested(LabelOut)
    kind = fields.Choice(*COMPARISONS)
    comparisons = fields.ListOf(fields.Text(max=16))
    given_as = fields.Choice(*GIVEN_AS.values())


class DocumentFieldsOut(Strict):
    """A kind of document, and what can be asked of it."""

    document = fields.Text(max=32)
    label = fields.Nested(LabelOut)
    fields_ = fields.ListOf(FieldOut, data_key="fields", attribute="fields")


class ApprovalFieldsOut(Strict):
    """What a flow may be made of; ``highest_level``: how far above somebody a superior may be asked."""

    documents = fields.ListOf(DocumentFieldsOut)
    approver_roles = fields.ListOf(fields.Text(max=32))
    highest_level = fields.CountField(least=1)


def fields_noun(mount: Mount) -> Noun:
    """Return the route that lists them."""
    noun = Noun(
        mount.name("approval_fields"),
        mount.path("approval-fields"),
        description="What an approval flow can ask documents for",
    )

    @noun.query(
        "/",
        answer=ApprovalFieldsOut,
        roles=mount.roles.readers_of_flows,
        summary="What a flow can ask documents for",
    )
    def index(_connection: Connection) -> dict[str, Any]:
        """List the kinds of documents, their fields, and who may be asked."""
        return {
            "documents": [_shown(kind) for kind in mount.kinds],
            "approver_roles": list(PEOPLE_ROLES),
            "highest_level": HIGHEST_LEVEL,
        }

    return noun


def _shown(kind: DocumentKind) -> dict[str, Any]:
    return {
        "document": kind.name,
        "label": kind.label,
        "fields": [
            {
                "field": name,
                "label": kind.labels.get(name, Label(name, name)),
                "kind": of,
                "comparisons": list(COMPARISONS[of]),
                "given_as": GIVEN_AS[of],
            }
            for name, of in kind.fields.items()
        ],
    }
