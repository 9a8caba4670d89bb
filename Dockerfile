# One image for every process; docker-compose.yml says which command each container runs.
FROM node:24.19-bookworm-slim AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM python:3.11-slim-bookworm AS build
ENV UV_LINK_MODE=copy PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN pip install uv==0.13.8 && python -m venv /app/.venv
COPY pyproject.toml requirements.lock ./
# The lock also names tools of development and embedded servers: here it only fixes versions and hashes.
RUN VIRTUAL_ENV=/app/.venv uv pip install --no-cache --compile-bytecode --require-hashes \
    --constraint requirements.lock --requirements pyproject.toml
COPY --from=packages /build/node_modules node_modules
COPY . .
RUN /app/.venv/bin/python -m design.build && rm -rf node_modules

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Unity Desk"
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ITSM_HOME=/data
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin itsm && install -d -o itsm -g itsm /data
COPY --from=build /app /app
WORKDIR /app
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["uvicorn", "itsm.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--loop", "uvloop", "--http", "httptools", "--timeout-graceful-shutdown", "20", \
     "--no-access-log", "--log-level", "warning"]
