"""HTTP in: one file per noun, the schema above its routes."""
