"""Civic (实践云): the network, the orders and the people of a city's civilization practice."""
