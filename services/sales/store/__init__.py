"""Tables and queries; tables are mapped from outside the domain."""
