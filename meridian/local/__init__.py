"""The production shape as processes of this machine: PostgreSQL, RabbitMQ, a web process and a worker per service."""
