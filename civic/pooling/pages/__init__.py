"""Pages: the desk, the sites, the road."""
