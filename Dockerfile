# syntax=docker/dockerfile:1
# The monitor as a small image: built from locked hashes, run by a user without rights on a read-only root file system.

ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --require-hashes --requirement requirements/build.txt \
    && python -m venv --without-pip /opt/monitor \
    && pip --python /opt/monitor/bin/python install --require-hashes --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY monitor monitor
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && pip --python /opt/monitor/bin/python install --no-deps /dist/*.whl \
    && /opt/monitor/bin/python -m compileall -q /opt/monitor/lib

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Milestone monitor" \
      org.opencontainers.image.description="Tells people when a big industrial project really moves" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/monitor/bin:$PATH \
    MONITOR_CONFIG=/config \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin monitor \
    && install --directory --owner=monitor --group=monitor --mode=0750 /data
COPY --from=build /opt/monitor /opt/monitor
COPY config /config
USER 10001
# The configuration folder is /config, so that its default database, ../data/monitor.db, lies here.
VOLUME /data
# Reads the whole configuration and asks the database.
HEALTHCHECK --interval=5m --timeout=30s --start-period=1m --retries=3 CMD ["monitor", "status", "--json"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["monitor"]
CMD ["run"]
