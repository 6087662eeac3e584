# The operator's image: the command line over the whole system (migrate, topology, audit, dead, replay). It serves
# nothing; `docker compose run --rm operator audit` starts it for one command.
#   docker build -f deploy/operator.Dockerfile -t meridian-operator .

FROM python:3.11-slim-bookworm AS packages
COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/runtime.txt

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 meridian \
    && useradd --uid 10001 --gid meridian --no-create-home --shell /usr/sbin/nologin meridian
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY libs/ libs/
COPY services/ services/
COPY gateway/ gateway/
COPY meridian/ meridian/
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=10s CMD ["python", "-m", "meridian", "--help"]
ENTRYPOINT ["python", "-m", "meridian"]
CMD ["--help"]
