"""The menu and the closed loop: placed, dispatched, accepted, provisioned, served, reviewed.

Owns the service menu with its monthly issues, residents' orders with their events, dispatches,
provisions, visits, reviews and call-backs. Promises: an order's state moves only along `states.LIFE`,
every move leaves an event the resident can read, and nothing happens twice.
"""
