"""The one collection of the mechanism's own tables; each room declares its tables upon it."""

from sqlalchemy import MetaData

mechanism = MetaData()
