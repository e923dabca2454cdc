"""`uepnet annotate`: a page on which a person marks the heads in a folder's pictures."""
