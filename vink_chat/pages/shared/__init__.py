"""Parts of pages that know the domain and serve more than one page."""
