# The service as an image: `leavers serve`, or any other command of `leavers`.
#
# For releases, pin the base by its digest: `docker buildx imagetools inspect python:3.13-slim`
# says which one it is, and FROM python:3.13-slim@sha256:… holds it.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/leavers
WORKDIR /build

# Wheels alone: nothing is compiled, and nothing runs while it is installed.
COPY requirements.txt ./
RUN /opt/leavers/bin/pip install --only-binary=:all: --require-hashes --requirement requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY service ./service
COPY integrations ./integrations
RUN /opt/leavers/bin/pip install --no-deps --no-build-isolation .


FROM python:3.13-slim

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin leavers
COPY --from=build /opt/leavers /opt/leavers
ENV PATH=/opt/leavers/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A directory without a `.env`: settings come from the container's environment alone.
WORKDIR /
USER 10001
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthcheck/ready', timeout=4)"]

CMD ["leavers", "serve", "--host", "0.0.0.0", "--port", "8000"]
