"""Tables and queries; SQL lives here and in reports, nowhere else."""
