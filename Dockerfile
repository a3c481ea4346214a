# The service as an image: `leavers serve`, or any other command of `leavers`.
#
# For releases, pin the base by its digest, which `docker buildx imagetools inspect python:3.13-slim`
# shows: docker build --build-arg PYTHON=python:3.13-slim@sha256:…
#
# With what NOTIFY_URLS, SENTRY_DSN and OTEL_EXPORTER_OTLP_ENDPOINT need:
# docker build --build-arg REQUIREMENTS=requirements-extras.txt
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/tools && python -m venv --without-pip /opt/leavers
WORKDIR /build

# Wheels alone: nothing is compiled, and nothing runs while it is installed.
COPY requirements.txt requirements-extras.txt requirements-assets.txt ./
ARG REQUIREMENTS=requirements.txt
RUN /opt/tools/bin/pip --python /opt/leavers/bin/python install --only-binary=:all: \
        --require-hashes --requirement ${REQUIREMENTS} \
    && /opt/tools/bin/pip install --only-binary=:all: \
        --require-hashes --requirement requirements-assets.txt

COPY pyproject.toml package.json package-lock.json .npmrc README.md LICENSE ./
COPY service ./service
COPY integrations ./integrations
# The pages' style comes from npm, as with `make install`; what only builds is left behind.
RUN /opt/tools/bin/python -m service.desk.set_up_assets \
    && /opt/tools/bin/pip --python /opt/leavers/bin/python install --no-deps --no-build-isolation . \
    && /opt/tools/bin/pip --python /opt/leavers/bin/python uninstall --yes setuptools wheel


FROM ${PYTHON}

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin leavers
COPY --from=build /opt/leavers /opt/leavers
ENV PATH=/opt/leavers/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A directory without a `.env`: settings come from the container's environment alone.
WORKDIR /
USER 10001
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthcheck/ready', timeout=4)"]

CMD ["leavers", "serve", "--host", "0.0.0.0", "--port", "8000"]
