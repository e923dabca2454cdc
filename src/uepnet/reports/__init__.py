"""Results as files that people keep: tables, and one-page reports of a picture or a folder."""
