"""Messages to people: an inbox for everyone, and an outbox of deliveries.

A notice and its deliveries are rows born in the transaction of what they tell of; the worker delivers
them at least once and marks them once. Channels are folders under `channels/`; deleting the folder
deletes the channel.
"""
