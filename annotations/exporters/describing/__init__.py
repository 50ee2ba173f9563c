"""What describes a data set: its card, its report, its manifest, and metadata for programs."""
