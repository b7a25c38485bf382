"""Everything that changes a round, one file for each hand: desk, sites, worker, team."""
