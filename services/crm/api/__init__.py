"""HTTP in: one file per noun, its schemas above its routes."""
