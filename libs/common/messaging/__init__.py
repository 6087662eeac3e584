"""Messages between services: over RabbitMQ, or handed over in one process without a broker.

Nothing is exported here on purpose: ``embedded`` must never pull in a broker client, and the web process must
never pull in either, so everyone imports the module that it means.
"""
