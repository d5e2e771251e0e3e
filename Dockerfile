# Photochrom's website and HTTP API.
#
#   docker build -t photochrom .
#   docker run --rm -p 8000:8000 --read-only --tmpfs /tmp photochrom
#
# Settings: PHOTOCHROM_… (docs/server.md). Nothing is stored, so it needs no volume.

# The website: built files, no Node in the result.
FROM node:20-slim AS site
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
COPY src/photochrom/version.py /build/src/photochrom/version.py
RUN npm run build

# The wheel, and everything that it needs, in a folder of its own.
FROM python:3.12-slim AS wheel
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY recipes/ recipes/
COPY src/ src/
COPY --from=site /build/src/photochrom/server/site/ src/photochrom/server/site/
RUN python -m venv /opt/photochrom \
 && /opt/photochrom/bin/pip install --no-cache-dir '.[api,deep,heif]'

FROM python:3.12-slim
COPY --from=wheel /opt/photochrom /opt/photochrom
RUN useradd --system --uid 10001 --no-create-home photochrom
USER 10001
ENV PATH=/opt/photochrom/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PHOTOCHROM_HOST=0.0.0.0 \
    PHOTOCHROM_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PHOTOCHROM_PORT\"]}/readyz', timeout=4)"]
CMD ["photochrom", "serve"]
