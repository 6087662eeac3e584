# The image of the gateway: its own folder, libs/common, and the services' published contracts, which are data:
# the API page (/docs) is composed of them. No code of a service is in it.
#   docker build -f deploy/gateway.Dockerfile -t meridian-gateway .

FROM python:3.11-slim-bookworm AS packages
COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/runtime.txt

# The console: its typed client is made of the contracts, its Node comes as a Python package. None of it gets further
# than the files that are served.
FROM packages AS console
WORKDIR /app
RUN ln -s /opt/venv .venv
COPY requirements/dev.txt requirements/dev.txt
COPY deploy/setup/ deploy/setup/
COPY libs/common/ libs/common/
COPY gateway/ gateway/
COPY services/ services/
RUN deploy/setup/console.sh

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 meridian \
    && useradd --uid 10001 --gid meridian --no-create-home --shell /usr/sbin/nologin meridian \
    && install -d -o meridian -g meridian -m 0750 /run/signing-keys /run/token-keys
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY libs/common/ libs/common/
COPY gateway/ gateway/
COPY --from=console /app/gateway/console/dist/ gateway/console/dist/
COPY services/crm/contracts/ services/crm/contracts/
COPY services/sales/contracts/ services/sales/contracts/
COPY services/inventory/contracts/ services/inventory/contracts/
COPY services/finance/contracts/ services/finance/contracts/
COPY services/service_desk/contracts/ services/service_desk/contracts/
COPY deploy/gunicorn.conf.py ./
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MERIDIAN_PRODUCTION=true \
    MERIDIAN_APPLICATION=gateway.app:application()
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py"]
