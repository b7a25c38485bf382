"""Reading rounds: the day as a problem, the desk, the sites, the team on the road."""
