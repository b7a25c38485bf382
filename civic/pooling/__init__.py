"""流动拼单: needs of several sites pooled, what others put in, and the day's tours of mobile teams.

Owns pools, contributions (talent, idea, material) and tours with their stops. Promises that a stop comes from an
order or a pooled need, that a pinned stop stays where the clerk put it, and that what was done flows back into orders.
"""
