"""Samples for semgrep.yml, read by `make semgrep` and never run.

`ruleid` stands before a line that the rule must find, `ok` before one that it must let pass.
"""

import http.client
import os
import socket
import subprocess
import urllib.request

import jinja2
import kombu
import psycopg
import requests
import sqlalchemy as sa
import urllib3
import yaml
from flask import render_template_string
from jinja2.sandbox import ImmutableSandboxedEnvironment
from psycopg import sql
from sqlalchemy import text

# ruleid: bytes-make-objects
import pickle
# ruleid: bytes-make-objects
from marshal import loads
# ok: bytes-make-objects
import json
# ruleid: xml-without-limits
import xml.etree.ElementTree
# ok: xml-without-limits
import defusedxml.ElementTree


class Line:
    # ruleid: money-is-not-a-float
    unit_price: float
    # ok: money-is-not-a-float
    seconds: float


# ruleid: money-is-not-a-float
def charge(amount: float) -> None:
    # ruleid: money-is-not-a-float
    total = float(amount)
    # ruleid: money-is-not-a-float
    total = amount * 1.19
    # ok: money-is-not-a-float
    waited_s = float("0.5") * 1.5
    # ruleid: money-is-not-a-float
    sa.Column("total", sa.Float)
    # ok: money-is-not-a-float
    sa.Column("total_minor", sa.BigInteger)


def read(connection, name, value):
    # ruleid: statement-is-not-put-together
    connection.execute(text(f"SELECT * FROM orders WHERE name = '{name}'"))
    # ruleid: statement-is-not-put-together
    connection.execute(f"SELECT * FROM {name}")
    # ruleid: statement-is-not-put-together
    connection.exec_driver_sql("SELECT * FROM orders WHERE id = '%s'" % value)
    # ruleid: statement-is-not-put-together
    connection.execute("SELECT * FROM orders WHERE id = " + value)
    # ruleid: statement-is-not-put-together
    connection.execute("SELECT * FROM {}".format(name))
    # ruleid: statement-is-not-put-together
    connection.execute(f"DROP DATABASE {name}".encode())
    # ruleid: statement-is-not-put-together
    connection.execute(sql.SQL(f"DROP ROLE {name}"))
    # ok: statement-is-not-put-together
    connection.execute(text("SELECT * FROM orders WHERE name = :name"), {"name": name})
    # ok: statement-is-not-put-together
    connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def send(channel, open_channel, url, body):
    # ruleid: message-may-be-lost, message-goes-through-the-outbox
    channel.basic_publish("meridian.events", "sales.order.accepted.v1", body)
    # ruleid: message-may-be-lost, message-goes-through-the-outbox
    channel.basic_publish("meridian.events", "sales.order.accepted.v1", body, mandatory=False)
    # ok: message-may-be-lost
    # ruleid: message-goes-through-the-outbox
    channel.basic_publish("meridian.events", "sales.order.accepted.v1", body, mandatory=True)
    # ruleid: message-may-be-lost
    kombu.Producer(channel)
    # ruleid: message-may-be-lost
    with open_channel(url) as unconfirmed:
        # ruleid: message-goes-through-the-outbox
        unconfirmed.basic_publish("", "sales.in", body, mandatory=True)
    # ok: message-may-be-lost
    with open_channel(url) as confirmed:
        confirmed.confirm_delivery()
        # ruleid: message-goes-through-the-outbox
        confirmed.basic_publish("", "sales.in", body, mandatory=True)


def call(url, address, command):
    # ruleid: call-without-a-deadline
    requests.get(url)
    # ok: call-without-a-deadline
    requests.get(url, timeout=5)
    # ruleid: call-without-a-deadline
    urllib.request.urlopen(url)
    # ruleid: call-without-a-deadline
    urllib3.PoolManager(retries=False)
    # ruleid: call-without-a-deadline
    urllib3.connection_from_url(url)
    # ok: call-without-a-deadline
    urllib3.PoolManager(retries=False, timeout=2.0)
    # ruleid: call-without-a-deadline
    http.client.HTTPConnection(address)
    # ruleid: call-without-a-deadline
    socket.create_connection(address)
    # ok: call-without-a-deadline
    socket.create_connection(address, 3)
    # ruleid: call-without-a-deadline
    psycopg.connect(url)
    # ok: call-without-a-deadline
    psycopg.connect(url, connect_timeout=5)
    # ruleid: call-without-a-deadline
    subprocess.run([command], check=True)
    # ok: call-without-a-deadline
    subprocess.run([command], check=True, timeout=60)


def understand(document, template):
    # ruleid: yaml-makes-objects
    yaml.load(document, Loader=yaml.Loader)
    # ok: yaml-makes-objects
    yaml.safe_load(document)
    # ruleid: template-without-a-sandbox
    jinja2.Environment(autoescape=True)
    # ruleid: template-without-a-sandbox
    render_template_string(template)
    # ok: template-without-a-sandbox
    ImmutableSandboxedEnvironment(autoescape=True)
    # ruleid: text-becomes-code
    eval(document)
    # ruleid: text-becomes-code
    os.system(document)
    # ruleid: text-becomes-code
    subprocess.run(document, shell=True, timeout=1)
    # ok: text-becomes-code
    json.loads(document)
    # ruleid: peer-is-not-verified
    requests.get(document, timeout=1, verify=False)
    # ok: peer-is-not-verified
    requests.get(document, timeout=1, verify="/etc/ssl/certs/ca.pem")


# ruleid: password-is-written-down
DEFAULT = "postgresql://sales:hunter22@db/sales"
# ruleid: password-is-written-down
KEY = "-----BEGIN PRIVATE KEY-----"
# ok: password-is-written-down
ADDRESS = "postgresql://sales@db/sales"
# ok: password-is-written-down
SHOWN = "postgresql://sales:***@db/sales"


def address(password):
    # ok: password-is-written-down
    return f"postgresql://sales:{password}@db/sales"
