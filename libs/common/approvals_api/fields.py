"""What can be asked of documents, for whoever builds an editor of flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.approvals.conditions import COMPARISONS, GIVEN_AS, Kind
from libs.common.approvals.flow import HIGHEST_LEVEL
from libs.common.approvals.kinds import DocumentKind, Label
from libs.common.approvals_api.mount import PEOPLE_ROLES, Mount
from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields


class LabelOut(Strict):
    """What people call it."""

    en = fields.Text(max=120)
    zh = fields.Text(max=120)


class OptionOut(Strict):
    """A word that a field says, and what people call it."""

    text = fields.Text(max=64)
    label = fields.Nested(LabelOut)


class FieldOut(Strict):
    """A field: how it is compared, and under which name of a clause the value is given."""

    field = fields.Text(max=64)
    label = fields.Nested(LabelOut)
    kind = fields.Choice(*COMPARISONS)
    comparisons = fields.ListOf(fields.Text(max=16))
    given_as = fields.Choice(*GIVEN_AS.values())
    options = fields.ListOf(
        OptionOut, least=0, metadata={"description": "Where it says one of a few words: those."}
    )


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
    def index(connection: Connection) -> dict[str, Any]:
        """List the kinds of documents, their fields, and who may be asked."""
        return {
            "documents": [_shown(connection, kind) for kind in mount.kinds],
            "approver_roles": list(PEOPLE_ROLES),
            "highest_level": HIGHEST_LEVEL,
        }

    return noun


def _shown(connection: Connection, kind: DocumentKind) -> dict[str, Any]:
    its = [_field(name, kind.labels.get(name, Label(name, name)), of, {}) for name, of in kind.fields.items()]
    own = [
        _field(each.name, each.label, each.kind, each.options)
        for each in kind.own(connection)
        if not each.retired
    ]
    return {"document": kind.name, "label": kind.label, "fields": its + own}


def _field(name: str, label: Label, of: Kind, options: Mapping[str, Label]) -> dict[str, Any]:
    return {
        "field": name,
        "label": label,
        "kind": of,
        "comparisons": list(COMPARISONS[of]),
        "given_as": GIVEN_AS[of],
        "options": [{"text": text, "label": known} for text, known in options.items()],
    }
