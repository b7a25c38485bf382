"""流动拼单: needs of several sites pooled, what others put in, and the day's tours of mobile teams.

Owns rounds, needs, contributions (talent, idea, material) and tours with their stops. Promises that a need
stands on one tour at most, that a pinned stop stays with the team the clerk gave it to, that a plan is only
written over the round it was made for, and that what was done flows back into orders.
"""
