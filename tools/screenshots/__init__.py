"""Pictures of the pages for the docs, of drawn scenes."""
