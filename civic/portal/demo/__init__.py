"""The demo city: Changzhi's real network, invented people, fourteen days of orders.

Everything is made by the services themselves, at the moments the stories tell of, so that whatever the
demo shows is what the product does. People are invented and their phones begin with 100 0000.
"""
