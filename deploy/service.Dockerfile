# The image of one service: its own folder, libs/common and the pinned packages; nothing of any other service.
#   docker build -f deploy/service.Dockerfile --build-arg SERVICE=sales -t meridian-sales .
# The same image runs the web process (the default command) and the worker (python -m services.<service>.worker).

FROM python:3.11-slim-bookworm AS packages
COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/runtime.txt

FROM python:3.11-slim-bookworm
ARG SERVICE
RUN test -n "$SERVICE" \
    && groupadd --gid 10001 meridian \
    && useradd --uid 10001 --gid meridian --no-create-home --shell /usr/sbin/nologin meridian \
    && install -d -o meridian -g meridian -m 0750 /run/token-keys
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY libs/common/ libs/common/
COPY services/${SERVICE}/ services/${SERVICE}/
COPY deploy/gunicorn.conf.py ./
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MERIDIAN_PRODUCTION=true \
    MERIDIAN_APPLICATION=services.${SERVICE}.app:application()
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py"]
