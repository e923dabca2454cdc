"""Result files and the pages that are rendered from them."""
