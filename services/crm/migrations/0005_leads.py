"""Leads and the campaigns that bring them, web forms, teams with territories and targets, and links to calendars."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Utc

revision = "0005"
down_revision = "0004"
TABLES = (
    "campaign",
    "web_form",
    "campaign_cost",
    "lead",
    "lead_arrival",
    "web_form_hour",
    "known_by",
    "campaign_member",
    "lead_score_model",
    "sales_team",
    "sales_team_member",
    "territory",
    "sales_target",
    "calendar_link",
)


def upgrade() -> None:
    """Create the tables; let opportunities name their campaign and activities be of a lead; note who is known."""
    _campaigns_and_forms()
    _leads()
    _known()
    _teams()
    op.add_column("opportunity", sa.Column("campaign_id", Id))
    op.create_index("opportunity_by_campaign", "opportunity", ["campaign_id", "state"])
    if op.get_bind().dialect.name == "sqlite":
        _activities_anew()
    else:
        op.add_column("activity", sa.Column("lead_id", Id, sa.ForeignKey("lead.id")))
        op.alter_column("activity", "customer_id", nullable=True)
        op.create_check_constraint("activity_of_somebody", "activity", OF_SOMEBODY)
    op.create_index("activity_by_lead", "activity", ["lead_id", "id"])
    _note_who_is_known()


def _campaigns_and_forms() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", Id, primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("budget_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("code", name="campaign_code"),
        sa.CheckConstraint("budget_minor >= 0", name="campaign_budget"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="campaign_days"),
    )
    op.create_table(
        "web_form",
        sa.Column("id", Id, primary_key=True),
        sa.Column("token", Id, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("campaign_id", Id, sa.ForeignKey("campaign.id")),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("per_hour", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("token", name="web_form_token"),
        sa.CheckConstraint("per_hour >= 1", name="web_form_per_hour"),
    )
    op.create_table(
        "campaign_cost",
        sa.Column("id", Id, primary_key=True),
        sa.Column("campaign_id", Id, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("reverses_id", Id, sa.ForeignKey("campaign_cost.id")),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.UniqueConstraint("reverses_id", name="campaign_cost_reversed_once"),
        sa.CheckConstraint("(reverses_id IS NULL) = (amount_minor > 0)", name="campaign_cost_sign"),
    )
    op.create_index("campaign_cost_by_campaign", "campaign_cost", ["campaign_id", "id"])
    op.create_index("campaign_cost_by_day", "campaign_cost", ["day"])


def _leads() -> None:
    op.create_table(
        "lead",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("company_name", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200)),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(40)),
        sa.Column("country", sa.String(80)),
        sa.Column("region", sa.String(40)),
        sa.Column("city", sa.String(120)),
        sa.Column("employees", sa.Integer),
        sa.Column("source", sa.String(40)),
        sa.Column("campaign_id", Id, sa.ForeignKey("campaign.id")),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("note", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("detail", sa.Text),
        sa.Column("merged_into_id", Id, sa.ForeignKey("lead.id")),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id")),
        sa.Column("contact_id", Id, sa.ForeignKey("contact.id")),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id")),
        sa.Column("web_form_id", Id, sa.ForeignKey("web_form.id")),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("closed_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("number", name="lead_number"),
        sa.CheckConstraint("state IN ('open', 'qualified', 'disqualified', 'merged')", name="lead_state"),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="lead_closed_has_time"),
        sa.CheckConstraint("(state = 'disqualified') = (reason IS NOT NULL)", name="lead_reason"),
        sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="lead_merged"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="lead_not_into_itself"),
        sa.CheckConstraint("(state = 'qualified') = (customer_id IS NOT NULL)", name="lead_customer"),
        sa.CheckConstraint("(state = 'qualified') = (opportunity_id IS NOT NULL)", name="lead_opportunity"),
        sa.CheckConstraint("employees >= 1", name="lead_employees"),
    )
    op.create_index("lead_by_owner", "lead", ["owner_id", "state", "id"])
    op.create_index("lead_by_state", "lead", ["state", "id"])
    op.create_index("lead_by_campaign", "lead", ["campaign_id", "state", "id"])
    op.create_index("lead_by_merged_into", "lead", ["merged_into_id"])
    op.create_index("lead_by_opportunity", "lead", ["opportunity_id"])
    op.create_table(
        "lead_arrival",
        sa.Column("lead_id", Id, sa.ForeignKey("lead.id"), primary_key=True),
        sa.Column("form_id", Id, sa.ForeignKey("web_form.id"), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(400), nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_table(
        "web_form_hour",
        sa.Column("form_id", Id, sa.ForeignKey("web_form.id"), primary_key=True),
        sa.Column("address", sa.String(64), primary_key=True),
        sa.Column("hour", Utc, primary_key=True),
        sa.Column("taken", sa.Integer, nullable=False),
    )


def _known() -> None:
    op.create_table(
        "known_by",
        sa.Column("subject_id", Id, primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("lead_id", Id, sa.ForeignKey("lead.id")),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id")),
        sa.Column("contact_id", Id, sa.ForeignKey("contact.id")),
        sa.CheckConstraint("kind IN ('email', 'phone', 'company')", name="known_by_kind"),
        sa.CheckConstraint("(lead_id IS NULL) <> (customer_id IS NULL)", name="known_by_one"),
        sa.CheckConstraint("contact_id IS NULL OR customer_id IS NOT NULL", name="known_by_contact"),
    )
    op.create_index("known_by_value", "known_by", ["kind", "value"])
    op.create_index("known_by_lead", "known_by", ["lead_id"])
    op.create_index("known_by_customer", "known_by", ["customer_id"])
    op.create_table(
        "campaign_member",
        sa.Column("id", Id, primary_key=True),
        sa.Column("campaign_id", Id, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("lead_id", Id, sa.ForeignKey("lead.id")),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id")),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", Utc, nullable=False),
        sa.Column("answered_at", Utc),
        sa.UniqueConstraint("campaign_id", "lead_id", name="campaign_member_lead"),
        sa.UniqueConstraint("campaign_id", "customer_id", name="campaign_member_customer"),
        sa.CheckConstraint("(lead_id IS NULL) <> (customer_id IS NULL)", name="campaign_member_one"),
        sa.CheckConstraint(
            "answer IN ('none', 'interested', 'declined', 'unreachable')", name="campaign_member_answer"
        ),
        sa.CheckConstraint("(answer = 'none') = (answered_at IS NULL)", name="campaign_member_answered"),
    )
    op.create_index("campaign_member_by_lead", "campaign_member", ["lead_id"])
    op.create_table(
        "lead_score_model",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("decided", sa.Integer, nullable=False),
        sa.Column("model", Json, nullable=False),
    )


def _teams() -> None:
    op.create_table(
        "sales_team",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("manager_id", sa.String(64)),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("name", name="sales_team_name"),
        sa.CheckConstraint("turn >= 0", name="sales_team_turn"),
    )
    op.create_index("sales_team_by_manager", "sales_team", ["manager_id"])
    op.create_table(
        "sales_team_member",
        sa.Column("team_id", Id, sa.ForeignKey("sales_team.id"), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "territory",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("country", sa.String(80)),
        sa.Column("region", sa.String(40)),
        sa.Column("source", sa.String(40)),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("team_id", Id, sa.ForeignKey("sales_team.id")),
        sa.CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name="territory_one"),
    )
    op.create_table(
        "sales_target",
        sa.Column("id", Id, primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("team_id", Id, sa.ForeignKey("sales_team.id")),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.UniqueConstraint("month", "owner_id", name="sales_target_owner"),
        sa.UniqueConstraint("month", "team_id", name="sales_target_team"),
        sa.CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name="sales_target_one"),
        sa.CheckConstraint("amount_minor >= 0", name="sales_target_amount"),
    )
    op.create_table(
        "calendar_link",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.UniqueConstraint("token_hash", name="calendar_link_token"),
    )


OF_SOMEBODY = "customer_id IS NOT NULL OR lead_id IS NOT NULL"
_KEPT = [
    "id", "customer_id", "opportunity_id", "contact_id", "kind", "subject", "body", "owner_id", "due_at", "done_at",
    "outcome", "created_by", "created_at", "version",
]  # fmt: skip


def _activities_anew() -> None:
    """Make the table again: SQLite cannot let a column be empty that was not."""
    for name in ("activity_by_customer", "activity_by_opportunity", "activity_to_do"):
        op.drop_index(name, "activity")
    op.rename_table("activity", "activity_before")
    op.create_table(
        "activity",
        sa.Column("id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id")),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id")),
        sa.Column("contact_id", Id, sa.ForeignKey("contact.id")),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("due_at", Utc),
        sa.Column("done_at", Utc),
        sa.Column("outcome", sa.Text),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lead_id", Id, sa.ForeignKey("lead.id")),
        sa.CheckConstraint("kind IN ('call', 'visit', 'mail', 'task', 'note')", name="activity_kind"),
        sa.CheckConstraint(
            "kind <> 'note' OR (due_at IS NULL AND done_at IS NOT NULL)", name="activity_note"
        ),
        sa.CheckConstraint("outcome IS NULL OR done_at IS NOT NULL", name="activity_outcome_when_done"),
        sa.CheckConstraint(OF_SOMEBODY, name="activity_of_somebody"),
    )
    after, before = (
        sa.table(name, *(sa.column(each) for each in _KEPT)) for name in ("activity", "activity_before")
    )
    op.execute(sa.insert(after).from_select(_KEPT, sa.select(before)))
    op.drop_table("activity_before")
    op.create_index("activity_by_customer", "activity", ["customer_id", "id"])
    op.create_index("activity_by_opportunity", "activity", ["opportunity_id", "id"])
    op.create_index("activity_to_do", "activity", ["owner_id", "done_at", "due_at"])


def _note_who_is_known() -> None:
    """Note by what the customers and contacts so far are known again (as domain/identity.py did at this time)."""
    connection = op.get_bind()
    known = sa.table(
        "known_by",
        *(sa.column(name) for name in ("kind", "value")),
        *(sa.column(name, Id) for name in ("subject_id", "customer_id", "contact_id")),
    )
    customers = connection.execute(sa.text("SELECT id, name, email, phone FROM customer")).all()
    contacts = connection.execute(sa.text("SELECT id, customer_id, email, phone FROM contact")).all()
    rows: list[tuple[str, str | None, str, str | None, str | None]]
    rows = [(str(each.id), None, each.name, each.email, each.phone) for each in customers]
    rows += [(str(each.customer_id), str(each.id), "", each.email, each.phone) for each in contacts]
    values = [
        {
            "subject_id": contact or customer,
            "kind": kind,
            "value": value,
            "customer_id": customer,
            "contact_id": contact,
        }
        for customer, contact, company, email, phone in rows
        for kind, value in _keys(company, email, phone)
    ]
    if values:
        connection.execute(known.insert(), values)


_FORMS = frozenset(
    {
        "ltd", "limited", "inc", "incorporated", "llc", "llp", "corp", "corporation", "co", "company", "gmbh", "ag",
        "kg", "ug", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "oy", "as",
        "plc", "pty", "pte", "sdn", "bhd",
    }
)  # fmt: skip
_CHINESE_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "公司")


def _keys(company: str, email: str | None, phone: str | None) -> list[tuple[str, str]]:
    words = re.findall(r"\w+", _plain(company))
    bare = "".join(word for word in words if word not in _FORMS) or "".join(words)
    for form in _CHINESE_FORMS:
        if bare.endswith(form) and bare != form:
            bare = bare.removesuffix(form)
            break
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone or ""))[-10:]
    found = (("company", bare[:100]), ("email", _plain(email or "")[:254]), ("phone", digits))
    return [(kind, value) for kind, value in found if len(value) >= (6 if kind == "phone" else 1)]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFKC", bare.casefold())


def downgrade() -> None:
    """Drop what is of leads; the activities of those who never became customers go with them."""
    op.execute("DELETE FROM activity WHERE customer_id IS NULL")
    op.drop_index("activity_by_lead", "activity")
    op.drop_index("opportunity_by_campaign", "opportunity")
    with op.batch_alter_table("activity") as activity:
        activity.drop_constraint("activity_of_somebody", type_="check")
        activity.drop_column("lead_id")
        activity.alter_column("customer_id", nullable=False)
    op.drop_column("opportunity", "campaign_id")
    for table in reversed(TABLES):
        op.drop_table(table)
