"""Forms over HTTP: defined as the next version, tried on past documents, and read by whoever fills them in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.forms import (
    Field,
    Form,
    FormTrial,
    Option,
    Words,
    current,
    define_form,
    one_version,
    try_form,
)
from libs.common.forms.faults import FormInvalid
from libs.common.forms.values import Misfit, read
from libs.common.forms_api.mount import FormsMount
from libs.common.forms_api.schemas import FormSchemas, FormTrialOut, form_schemas, shown_field
from libs.common.web import ANY, Noun, Page, PageRequest, principal
from libs.common.web.principal import ROLES


def forms_noun(mount: FormsMount) -> Noun:
    """Return the routes of forms."""
    forms = Noun(
        f"{mount.prefix}_forms",
        f"/api/v1/{mount.prefix}-forms",
        description=f"What the company adds to {mount.about}",
    )
    schemas = form_schemas(mount)
    _acts(forms, mount, schemas)
    _looks(forms, mount, schemas)
    return forms


def _acts(forms: Noun, mount: FormsMount, schemas: FormSchemas) -> None:
    @forms.command(
        "POST",
        "/",
        body=schemas.wanted,
        answer=schemas.shown,
        status=201,
        roles=mount.authors,
        summary="Define the next version of a form",
    )
    def define(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
        """Define which fields documents of a kind have; a field that is not wanted any more is sent as retired."""
        kind = mount.kind(body["document"])
        form = define_form(tx, kind, _form(body), body["based_on"], ROLES)
        if mount.told is not None:
            mount.told(tx, form)
        return _shown(form)

    @forms.command(
        "POST",
        "/try",
        body=schemas.tried,
        answer=FormTrialOut,
        roles=mount.authors,
        summary="Try a form",
    )
    def attempt(tx: Transaction, body: dict[str, Any]) -> FormTrial:
        """Tell what the last documents lack of what the form would require; nothing is changed."""
        kind = mount.kind(body["document"])
        return try_form(tx.connection, kind, _form(body), body["based_on"], ROLES, body["last"])


def _looks(forms: Noun, mount: FormsMount, schemas: FormSchemas) -> None:
    @forms.query(
        "/",
        answer=schemas.shown,
        roles=ANY,
        filters=schemas.filters,
        paged=True,
        summary="What documents can say",
    )
    def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
        """List the forms that apply now, or one version of one, as far as the caller may see their fields."""
        documents = [filters["document"]] if "document" in filters else sorted(mount.documents)
        if "version" in filters:
            if len(documents) > 1:
                raise FormInvalid("a version of which form?", field="document", cure="Name the document.")
            found = [one_version(connection, documents[0], filters["version"])]
        else:
            found = [current(connection, document) for document in documents]
        last = page.after[0] if page.after else ""
        rows = [form for form in found if form.document > last][: page.limit + 1]
        seen = [_shown(_as_seen(form, mount)) for form in rows]
        return Page.of(seen, page, key=lambda row: (row["document"],))


def _as_seen(form: Form, mount: FormsMount) -> Form:
    who = principal()
    if who.has_any(mount.authors):
        return form  # whoever defines the next version has to send them all again
    return form.seen_by(who.roles)


def _shown(form: Form) -> dict[str, Any]:
    return {**vars(form), "fields": [shown_field(field) for field in form.fields]}


def _form(body: dict[str, Any]) -> Form:
    fields = tuple(_field(f"fields.{place}", given) for place, given in enumerate(body["fields"]))
    return Form(body["document"], 0, fields, principal().subject)


def _field(where: str, body: dict[str, Any]) -> Field:
    given = dict(body)
    default = given.pop("default", None)
    options = tuple(
        Option(each["key"], Words(**each["label"]), each["retired"]) for each in given.pop("options")
    )
    help_ = given.pop("help", None)
    field = Field(
        **given
        | {
            "label": Words(**given["label"]),
            "seen_by": tuple(given["seen_by"]),
            "edited_by": tuple(given["edited_by"]),
        },
        options=options,
        help=None if help_ is None else Words(**help_),
    )
    if default is None:
        return field
    try:
        return replace(field, default=read(field, default["value"]))
    except Misfit as misfit:
        raise FormInvalid(
            f"the default of {field.key} {misfit.message}", field=f"{where}.default.value", cure=misfit.cure
        ) from None
