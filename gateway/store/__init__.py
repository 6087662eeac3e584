"""The gateway's tables and their queries; opened by its auth room only."""
