"""Programs for those who work on uepnet; not part of the package."""
