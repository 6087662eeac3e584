"""The accounts of what goods are worth: in stock, and sold."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
ACCOUNTS = (("1300", "Inventory", "asset"), ("5000", "Cost of sales", "expense"))


def upgrade() -> None:
    """Open the accounts, but for one that is there already."""
    account = sa.table("ledger_account", *map(sa.column, ("code", "name", "kind")))
    for values in ACCOUNTS:
        there = sa.exists().where(account.c.code == values[0])
        new = sa.select(*map(sa.literal, values)).where(~there)
        op.execute(sa.insert(account).from_select(["code", "name", "kind"], new))


def downgrade() -> None:
    """Close the accounts; one that was posted to refuses."""
    account = sa.table("ledger_account", sa.column("code"))
    op.execute(sa.delete(account).where(account.c.code.in_([code for code, _, _ in ACCOUNTS])))
